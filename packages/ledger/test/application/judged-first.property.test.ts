import { type Block, blockDigest, type Proof } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLedger, type JudgePort } from "../../src/index.ts";
import { judgedAs, judgedSource } from "../fixtures/judgements.ts";
import { build, createWorld, person, theorem } from "../fixtures/world.ts";

const AUTHORS = 4;
const FIRST_LIMIT = 10_000;
const WORDS = ["valid", "refuted", "unknown"] as const;
const world = createWorld({ balances: Array.from({ length: AUTHORS }, () => 1_000_000_000n) });

interface Drawn {
  readonly author: number;
  /** Answer of the honest Judge, if there is any. */
  readonly truth: (typeof WORDS)[number];
  readonly abstains: boolean;
  /** Result in the leader's block. */
  readonly claim: (typeof WORDS)[number];
}

const drawnProof: fc.Arbitrary<Drawn> = fc
  .record({
    author: fc.nat({ max: AUTHORS - 1 }),
    truth: fc.constantFrom(...WORDS),
    lie: fc.option(fc.constantFrom(...WORDS), { nil: undefined, freq: 4 }),
    abstains: fc.nat({ max: 9 }).map((at) => at === 0),
  })
  .map(({ lie, ...rest }) => ({ ...rest, claim: lie ?? rest.truth }));

test("P1: a block is accepted only when the own Judge was asked about each proof, and agreed", async () => {
  const seen = { accepted: 0, refused: 0, abstained: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(drawnProof, { maxLength: 6 }), async (drawn) => {
      const proofs = proofsOf(drawn);
      const { judge, asked } = honestJudge(drawn);
      const ledger = await createLedger({ genesis: world.genesis, judge });

      const block = blockClaiming(drawn, proofs);
      const verdict = await ledger.verify({
        block,
        digest: blockDigest(block.header),
        patience: "watchdog",
        signal: new AbortController().signal,
      });

      seen[verdict.type] += 1;
      const isHonest = drawn.every(({ claim, truth }) => claim === truth);
      const isSilent = drawn.some(({ abstains }) => abstains);
      expect(verdict.type).toBe(isSilent ? "abstained" : isHonest ? "accepted" : "refused");
      // The limit names the proof: each has another.
      if (verdict.type === "accepted") expect(asked).toEqual(drawn.map((_, at) => at));
    }),
    // The draws are counted: the seed is fixed.
    { numRuns: 200, seed: 1 },
  );
  // Each of the three answers was the right one in some of the runs.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

function proofsOf(drawn: readonly Drawn[]): readonly Proof[] {
  return drawn.map(({ author, truth }, at) =>
    theorem(world, person(`person ${author}`), `; ${truth}`, {
      nonce: drawn.slice(0, at).filter((earlier) => earlier.author === author).length,
      resourceLimit: FIRST_LIMIT + at,
    }),
  );
}

function blockClaiming(drawn: readonly Drawn[], proofs: readonly Proof[]): Block {
  const claims = new Map(proofs.map(({ body }, at) => [body, drawn[at]?.claim ?? "valid"]));
  return build(world, world.state, {
    proofs,
    judge: (body) => judgedAs(claims.get(body) ?? "valid"),
  });
}

/** Says the truth, a moment later, and notes what it was asked. */
function honestJudge(drawn: readonly Drawn[]): {
  readonly judge: JudgePort;
  readonly asked: readonly number[];
} {
  const asked: number[] = [];
  const check: JudgePort["check"] = async (payload, { resourceLimit }) => {
    if (payload.type === "publish") return judgedSource(payload.source);
    await Promise.resolve();
    const at = resourceLimit - FIRST_LIMIT;
    asked.push(at);
    const proof = drawn[at];
    if (proof === undefined || proof.abstains) return { type: "abstained", reason: "busy" };
    return judgedAs(proof.truth);
  };
  return { judge: { check }, asked };
}
