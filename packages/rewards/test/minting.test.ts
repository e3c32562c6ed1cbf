import { AMOUNT_MAX, Outcome, Trust, toDifficulty } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  baseReward,
  DEFAULT_ECONOMICS,
  type MintingResult,
  minimumBurn,
  mintingDifficulty,
} from "../src/index.ts";
import { difficulties, parameters } from "./arbitraries.ts";

const outcomes = namesOf(Outcome.schema);
const trusts = namesOf(Trust.schema);

const results: fc.Arbitrary<MintingResult> = fc.record({
  // Half of them mint for their outcome, so that pairs in which both mint are common.
  outcome: fc.oneof(fc.constant("applied"), fc.constantFrom(...outcomes)) as fc.Arbitrary<Outcome>,
  trust: fc.constantFrom(...trusts) as fc.Arbitrary<Trust>,
  difficulty: difficulties,
});

describe("what mints", () => {
  test("of all outcomes and trusts, applied and certified alone mints; the solver's where a chain says so", () => {
    const minting = (solverTheoremsMint: boolean): readonly string[] =>
      outcomes.flatMap((outcome) =>
        trusts
          .filter(
            (trust) =>
              mintingDifficulty({ outcome, trust, difficulty: toDifficulty(7) } as MintingResult, {
                solverTheoremsMint,
              }) === 7,
          )
          .map((trust) => `${outcome} ${trust}`),
      );

    expect(minting(false)).toEqual(["applied certified"]);
    expect(minting(true)).toEqual(["applied solver", "applied certified"]);
    expect(DEFAULT_ECONOMICS.solverTheoremsMint).toBe(false);
  });

  test("P2: among proofs that mint, more difficulty never mints less; the others mint and burn nothing", () => {
    const seen = { both: 0, none: 0 };
    fc.assert(
      fc.property(results, results, parameters, (one, other, economics) => {
        const [low, high] = [one, other].toSorted((a, b) => a.difficulty - b.difficulty);
        if (low === undefined || high === undefined) throw new Error("two were drawn");
        const [less, more] = [low, high].map((result) => mintingDifficulty(result, economics));
        const mints = [less === low.difficulty, more === high.difficulty];
        if (less !== undefined && more !== undefined && mints.every(Boolean)) {
          seen.both++;
          expect(baseReward(less, economics) <= baseReward(more, economics)).toBe(true);
        }
        if (more === 0) {
          seen.none++;
          expect(baseReward(more, economics)).toBe(0n);
          expect(minimumBurn({ difficulty: more, cap: AMOUNT_MAX }, economics)).toBe(0n);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 2_000, seed: 1 },
    );
    expect(Math.min(seen.both, seen.none)).toBeGreaterThan(20);
  });
});

function namesOf(schema: typeof Outcome.schema): readonly string[] {
  if (schema.type !== "enumeration") throw new Error("an enumeration was expected");
  return schema.names;
}
