import { type ProofBody, toDifficulty, toResource } from "@aethel/models";
import { compileSource } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";
import type { Judged, Judgement } from "../src/index.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a judge of the tests says of a theorem; `valid` is certified. */
export function judgedAs(verdict: Judged["verdict"], difficulty = 10_000): Judged {
  const judged = {
    type: "judged",
    verdict,
    difficulty: toDifficulty(difficulty),
    resource: toResource(5_000),
    milliseconds: 1,
  } as const;
  if (verdict !== "valid") return { ...judged, reason: `a ${verdict} claim` };
  return { ...judged, trust: "certified", certificate: utf8(`of difficulty ${difficulty}`) };
}

/** What it says of a source whose intents are all certified. */
export function judgedSource(source: Uint8Array, difficulty = 10_000): Judged {
  return { ...judgedAs("valid", difficulty), certificate: standInCertificate(source) };
}

/** Of the right form, with one line for each intent; the kernel would take none of it. */
export function standInCertificate(source: Uint8Array): Uint8Array {
  const compiled = compileSource(source, { privileged: true });
  const intents = compiled.ok ? compiled.intents : [];
  return encodeCertificate(intents.map(({ digest }) => [digest.slice(0, 4), utf8("stand-in")]));
}

/** What the solver alone vouches for. */
export function judgedBySolver(difficulty = 10_000): Judged {
  const { certificate: _, ...judged } = judgedAs("valid", difficulty);
  return { ...judged, trust: "solver" };
}

/** What the solver proved and nothing certified. */
export function judgedUncertified(difficulty = 10_000): Judged {
  const reason = "postcondition of pay: no certificate was found";
  return { ...judgedAs("unknown", difficulty), code: "uncertified", reason };
}

/** A table of verdicts: theorems say themselves what they are, sources are what the real Judge said. */
export function tableJudgement(body: ProofBody): Judgement | undefined {
  if (body.type === "invoke") return undefined;
  const text = new TextDecoder().decode(body.type === "theorem" ? body.script : body.source);
  const [, word, digits] = /;\s*(\w+)\s*(\d*)/.exec(text) ?? [];
  const difficulty = Number(digits || 10_000);
  if (word === "refuted" || word === "unknown") return judgedAs(word, difficulty);
  if (word === "uncertified") return judgedUncertified(difficulty);
  if (word === "solver") return judgedBySolver(difficulty);
  if (word === "rejected") {
    const diagnostics = [{ code: "syntax", message: "not a script" }];
    return { type: "rejected", diagnostics, milliseconds: 1 };
  }
  return body.type === "publish"
    ? judgedSource(body.source, difficulty)
    : judgedAs("valid", difficulty);
}
