import { type Amount, toAmount } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_ECONOMICS,
  type OffenceKind,
  slash,
  slashBasisPoints,
  slashHeldStake,
} from "../src/index.ts";
import { amounts, sum } from "./arbitraries.ts";

const kinds: fc.Arbitrary<OffenceKind> = fc.constantFrom(
  "double-vote",
  "double-proposal",
  "hidden-lock",
  "invalid-verification",
);

describe("slashing", () => {
  test.each<[OffenceKind, bigint]>([
    ["double-vote", 200n],
    ["double-proposal", 200n],
    ["hidden-lock", 200n],
    ["invalid-verification", 50n],
  ])("P16: %s costs exactly %i of a stake of 1,000", (kind, expected) => {
    const { toTreasury, remaining } = slash({ stake: toAmount(1_000n), kind }, DEFAULT_ECONOMICS);

    expect(toTreasury).toBe(expected);
    expect(remaining).toBe(1_000n - expected);
  });

  test("P16: the stake falls by exactly the slash, which is rounded down and never above it", () => {
    fc.assert(
      fc.property(amounts, kinds, fc.nat({ max: 10_000 }), (stake, kind, points) => {
        const parameters = {
          ...DEFAULT_ECONOMICS,
          slashDoubleSignBasisPoints: points,
          slashVerificationBasisPoints: points,
        };
        const { toTreasury, remaining } = slash({ stake, kind }, parameters);
        const part = BigInt(slashBasisPoints(kind, parameters));
        expect(toTreasury + remaining).toBe(stake);
        expect(toTreasury * 10_000n <= stake * part).toBe(true);
        expect((toTreasury + 1n) * 10_000n > stake * part).toBe(true);
        expect(remaining >= 0n).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("P16: not a micro-token is taken that is not whole", () => {
    const parameters = { ...DEFAULT_ECONOMICS, slashVerificationBasisPoints: 1 };
    const kind = "invalid-verification";
    expect(slash({ stake: toAmount(9_999n), kind }, parameters).toTreasury).toBe(0n);
    expect(slash({ stake: toAmount(10_000n), kind }, parameters).toTreasury).toBe(1n);
  });

  test("P16: unstaking before the evidence comes changes nothing in what an offence costs", () => {
    fc.assert(
      fc.property(held, kinds, ({ bonded, unbonding }, kind) => {
        const stake = toAmount(bonded + sum(unbonding));
        const after = slashHeldStake({ bonded, unbonding, kind }, DEFAULT_ECONOMICS);
        expect(after.toTreasury).toBe(slash({ stake, kind }, DEFAULT_ECONOMICS).toTreasury);
        expect(after.bonded + sum(after.unbonding) + after.toTreasury).toBe(stake);
        expect(after.unbonding).toHaveLength(unbonding.length);
        for (const [at, entry] of after.unbonding.entries()) {
          expect(entry >= 0n && entry <= (unbonding[at] ?? -1n)).toBe(true);
        }
      }),
    );
  });

  test("bonded stake falls first, then what would be free soonest", () => {
    const unbonding = [50n, 60n, 70n].map(toAmount);
    const some = slashHeldStake(
      { bonded: toAmount(20n), unbonding, kind: "double-vote" },
      DEFAULT_ECONOMICS,
    );

    expect(some).toEqual({ bonded: 0n, unbonding: [30n, 60n, 70n], toTreasury: 40n });
  });

  test("P19: no offence is called absence", () => {
    // @ts-expect-error being away is not an offence, so there is nothing to slash for.
    const absent: OffenceKind = "absence";

    expect(() => slash({ stake: toAmount(1n), kind: absent }, DEFAULT_ECONOMICS)).toThrow();
  });
});

const held: fc.Arbitrary<{ readonly bonded: Amount; readonly unbonding: readonly Amount[] }> =
  fc.record({
    bonded: fc.bigInt({ min: 0n, max: 2n ** 50n }).map(toAmount),
    unbonding: fc.array(fc.bigInt({ min: 0n, max: 2n ** 50n }).map(toAmount), { maxLength: 10 }),
  });
