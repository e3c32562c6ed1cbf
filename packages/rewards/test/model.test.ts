import { toAmount } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_ECONOMICS, type EconomicParameters, scheduledSupply } from "../src/index.ts";
import { type Draw, Model } from "./model.ts";

/** Eras and a total small enough that a run of a few hundred rounds crosses and exhausts them. */
const short: EconomicParameters = {
  ...DEFAULT_ECONOMICS,
  emissionPerSecond: toAmount(2_000_000n),
  halvingMs: 70_000,
  emissionTotal: toAmount(60_000_000n),
  minimumStake: toAmount(1_000_000n),
  unbondingMs: 40_000,
};

const RUNS = 100;
const ROUNDS = 200;

describe("thousands of random rounds, with joins, leaves, slashes and offline validators", () => {
  test("P14 P20: supply is genesis + minted - burned after every round, and never above the schedule", () => {
    const seen = { minted: 0n, burned: 0n, slashes: 0, powerMoved: 0, exhausted: 0 };
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, size) => {
        const model = new Model({ economics: short, size, draw: drawFrom(seed) });
        const genesis = model.holdings();
        let [minted, burned, treasury] = [0n, 0n, 0n];
        for (let at = 0; at < ROUNDS; at++) {
          const powerBefore = model.power();
          const receipt = model.round();
          minted += receipt.minted;
          burned += receipt.burned;
          treasury += receipt.toTreasury;

          expect(model.holdings()).toBe(genesis + minted - burned);
          expect(minted <= scheduledSupply(receipt.ageMs, short)).toBe(true);
          expect(model.treasury).toBe(treasury);
          // P16: exactly a fifth or a twentieth, rounded down.
          expect(receipt.toTreasury).toBe(receipt.expectedSlash);
          for (const { balance, stake, unbonding } of model.holders) {
            expect(balance >= 0n && stake >= 0n).toBe(true);
            expect(unbonding.every(({ amount }) => amount >= 0n)).toBe(true);
          }
          const powerAfter = model.power();
          const moved =
            powerAfter > powerBefore ? powerAfter - powerBefore : powerBefore - powerAfter;
          expect(3n * moved < powerBefore).toBe(true);
          if (receipt.toTreasury > 0n) seen.slashes += 1;
          if (moved > 0n) seen.powerMoved += 1;
          if (minted > (short.emissionTotal * 99n) / 100n) seen.exhausted += 1;
        }
        seen.minted += minted;
        seen.burned += burned;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: RUNS, seed: 1 },
    );
    // A run in which nothing happened would show nothing.
    expect(seen.minted > 0n && seen.burned > 0n).toBe(true);
    expect(seen.slashes).toBeGreaterThan(RUNS);
    expect(seen.powerMoved).toBeGreaterThan(RUNS);
    expect(seen.exhausted).toBeGreaterThan(RUNS);
  });

  test("P19: a validator that never votes keeps its stake to the micro-token, and is paid nothing", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const absent = 2;
        const model = new Model({ economics: short, size: 9, draw: drawFrom(seed), absent });
        const before = { ...model.holders[absent] };
        for (let at = 0; at < ROUNDS; at++) model.round();

        const after = model.holders[absent];
        expect(before.stake).toBe(3_000_000n);
        expect(after?.stake).toBe(before.stake);
        expect(after?.balance).toBe(before.balance);
        expect(after?.power).toBe(before.power);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Numbers from a seed (xorshift32), so that a failing run can be repeated. */
function drawFrom(seed: number): Draw {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
