import { readFileSync } from "node:fs";
import {
  blockDigest,
  COUNTEREXAMPLE_BYTES_MAX,
  claimedEntries,
  type Evidence,
  FalseClaim,
  itemProof,
  type ProofBody,
  signableVote,
  toResource,
  toView,
} from "@aethel/models";
import { createJudge, REFUTATION_BYTES_MAX } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { findFalseClaim } from "../../src/application/false-claim.ts";
import type { Judged } from "../../src/index.ts";
import { refusalOf } from "../fixtures/evidence.ts";
import { judgedSource, tableJudgement } from "../fixtures/judgements.ts";
import { recordOf } from "../fixtures/validators.ts";
import { build, createWorld, type Person, publish, step } from "../fixtures/world.ts";

const library = new URL("../../../verifier/library/contracts/", import.meta.url);
const [escrow, attack] = ["escrow.ae", "attacks/escrow.ae"].map((name) =>
  readFileSync(new URL(name, library), "utf8"),
) as [string, string];

async function judgementOf(source: string): Promise<Judged> {
  await using judge = await createJudge({ workers: 1 });
  const payload = { type: "publish", source: new TextEncoder().encode(source) } as const;
  const judgement = await judge.check(payload, { resourceLimit: toResource(4_000_000) });
  if (judgement.type !== "judged") throw new Error(judgement.type);
  return judgement;
}
const refuted = await judgementOf(attack);

const world = createWorld();
const [first] = world.validators as [Person];
const base = step(world, world.state).state;
const envelope = { nonce: 0, feeLimit: 9_000_000n, resourceLimit: 4_000_000 };

/** A block that calls a source valid, with what an honest Judge finds of it. */
function lyingAbout(source: string): ReturnType<typeof build> {
  const { difficulty, resource } = refuted;
  const lie = (body: ProofBody) =>
    body.type === "publish"
      ? { ...judgedSource(body.source), difficulty, resource }
      : tableJudgement(body);
  return build(world, base, {
    proofs: [publish(world, world.alice, source, envelope)],
    judge: lie,
  });
}

const lying = lyingAbout(attack);

function accuse(claim: Uint8Array, { header } = lying): Evidence {
  const vote = { sequence: header.sequence, view: toView(0), digest: blockDigest(header) };
  const signature = first.signer.sign(signableVote("prepare", world.chain, vote));
  const { id: validator } = first;
  const accused = { validator, key: first.signer.publicKey, phase: "prepare", view: vote.view };
  return { type: "false-header", ...accused, header, signature, claim } as const as Evidence;
}

function claimIn(block = lying, judgement: Judged = refuted): FalseClaim | undefined {
  const found = findFalseClaim(block, [judgement]);
  return found === undefined ? undefined : FalseClaim.decode(found);
}

describe("P5: a vote for a refuted contract", () => {
  test("is proven by the run in the Judge's answer, and costs a twentieth of the stake", () => {
    const claim = claimIn();
    if (claim === undefined) throw new Error("no claim");
    expect(claim.counterexample).toEqual(refuted.refutation);
    const evidence = accuse(FalseClaim.encode(claim));
    expect(refusalOf(world, base, evidence)).toBe("none");
    const { state } = step(world, base, { evidence: [evidence] });
    expect(recordOf(state, first)).toMatchObject({ stake: 38_000_000n, slashed: 2_000_000n });
    expect(refusalOf(world, state, evidence)).toBe("known");
  });

  test("needs a run that plain evaluation confirms", () => {
    expect(claimIn(lying, { ...refuted, refutation: new Uint8Array(9) })).toBeUndefined();
    expect(claimIn(lying, { ...refuted, refutation: undefined })).toBeUndefined();
    const claim = claimIn();
    if (claim === undefined) throw new Error("no claim");
    const nothing = { ...claim, counterexample: claim.counterexample.slice(1) };
    expect(refusalOf(world, base, accuse(FalseClaim.encode(nothing)))).toBe("not-refuted");
  });

  test("convicts nobody of a proved contract, with the run of another", () => {
    const honest = lyingAbout(escrow);
    expect(claimIn(honest)).toBeUndefined();
    const [item] = honest.items;
    const claim = claimIn();
    if (item === undefined || claim === undefined) throw new Error("no item, or no claim");
    const { proof: _, ...rest } = claim;
    const entries = claimedEntries(honest.annex, [0]);
    const moved = { ...rest, proof: itemProof(item), entries };
    expect(refusalOf(world, base, accuse(FalseClaim.encode(moved), honest))).toBe("not-refuted");
  });

  test("has room in evidence for each run that the Judge encodes", () => {
    expect(REFUTATION_BYTES_MAX).toBeLessThanOrEqual(COUNTEREXAMPLE_BYTES_MAX);
  });
});
