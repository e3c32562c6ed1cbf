import {
  beginBlock,
  createPrograms,
  type ExecutionTools,
  type Judgement,
  type JudgePort,
  type LedgerState,
  sealBlock,
} from "@aethel/ledger";
import { type Block, itemProof, type Proof, type VerifySigned } from "@aethel/models";
import { compileSource } from "@aethel/verifier";
import { encodeCertificate } from "@aethel/verifier/certificate";
import type { LieAbout } from "../application-kind.ts";

/**
 * Builds the block that a leader would propose if its Judge gave a false judgement of this kind.
 * The block is executed with that judgement, so every root and sum is right, and only the claim is
 * false. Undefined if the block contains nothing to make such a claim about.
 */
export async function createLie(
  block: Block,
  how: {
    readonly about: LieAbout;
    readonly state: LedgerState;
    readonly judge: JudgePort;
    readonly verifySigned: VerifySigned;
  },
): Promise<Block | undefined> {
  const { about, state, judge, verifySigned } = how;
  const { evidence, parentCertificate, header } = block;
  const proofs = block.items.map(itemProof);
  const said = await Promise.all(proofs.map((proof) => ask(judge, proof)));
  const tell = about === "verdict" ? calledProved : calledCertified;
  const judgements = said.map((judgement, at) => tell(judgement, proofs[at]));
  if (judgements.every((judgement, at) => judgement === said[at])) return undefined;
  const tools: ExecutionTools = {
    programs: createPrograms(),
    // The leader's own ledger chose these proofs.
    checkProof: () => undefined,
    verifySigned,
  };
  const { proposer, timestamp: now, leadership } = header;
  const opening = { now, proposer, evidence, parentCertificate };
  const begun = beginBlock(state, opening, tools);
  if (begun.type === "defect") return undefined;
  for (const [at, proof] of proofs.entries()) {
    if (begun.run.add(proof, judgements[at]) !== undefined) return undefined;
  }
  return sealBlock(state, { ...opening, proofs, leadership }, begun.run.finish());
}

async function ask(judge: JudgePort, { body }: Proof): Promise<Judgement | undefined> {
  const { resourceLimit } = body;
  switch (body.type) {
    case "publish":
      return judge.check({ type: "publish", source: body.source }, { resourceLimit });
    case "theorem":
      return judge.check({ type: "theorem", script: body.script }, { resourceLimit });
    case "invoke":
      return undefined;
  }
}

/**
 * Changes the judgement of a refuted publish into one that calls it proved. Judgements of theorems
 * stay as they are: evidence of a false theorem convicts nobody, since nobody can check it without
 * a solver.
 */
function calledProved(
  judgement: Judgement | undefined,
  proof: Proof | undefined,
): Judgement | undefined {
  if (judgement?.type !== "judged" || judgement.verdict !== "refuted") return judgement;
  if (proof?.body.type !== "publish") return judgement;
  return {
    ...judgement,
    verdict: "valid",
    trust: "certified",
    certificate: hollowCertificate(proof.body.source),
  };
}

/**
 * Changes the judgement of a theorem that only the solver confirmed into one that calls it
 * certified, with an empty certificate. If the ledger accepted this, the theorem would count and
 * mint.
 */
function calledCertified(
  judgement: Judgement | undefined,
  proof: Proof | undefined,
): Judgement | undefined {
  if (judgement?.type !== "judged" || judgement.trust !== "solver") return judgement;
  if (proof?.body.type !== "theorem") return judgement;
  return { ...judgement, trust: "certified", certificate: encodeCertificate([[]]) };
}

/** Returns a certificate of the right form, with an empty list of proofs for each intent. */
function hollowCertificate(source: Uint8Array): Uint8Array {
  const compiled = compileSource(source);
  return encodeCertificate(compiled.ok ? compiled.intents.map(() => []) : []);
}
