import { type Amount, toAmount } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  convictedShare,
  correlatedTotal,
  DEFAULT_ECONOMICS,
  type OffenceKind,
  slash,
  slashBasisPoints,
  slashHeldStake,
  takeHeldStake,
  WHOLE_SHARE,
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

  test("no more is taken than there is", () => {
    fc.assert(
      fc.property(held, amounts, (holding, owed) => {
        const after = takeHeldStake(holding, owed);
        const all = holding.bonded + sum(holding.unbonding);
        expect(after.toTreasury).toBe(owed < all ? owed : all);
        expect(after.bonded + sum(after.unbonding) + after.toTreasury).toBe(all);
        // Nothing that unbonds is touched while bonded stake is left.
        if (after.bonded > 0n) expect(after.unbonding).toEqual(holding.unbonding);
      }),
    );
  });

  test("P19: no offence is called absence", () => {
    // @ts-expect-error being away is not an offence, so there is nothing to slash for.
    const absent: OffenceKind = "absence";

    expect(() => slash({ stake: toAmount(1n), kind: absent }, DEFAULT_ECONOMICS)).toThrow();
  });
});

describe("equivocations that add up", () => {
  const powers = fc.array(fc.bigInt({ min: 1n, max: 2n ** 60n }), { minLength: 1, maxLength: 40 });

  test("P16: whoever forks loses all: more than a third, however it is split", () => {
    fc.assert(
      fc.property(powers, amounts, fc.bigInt({ min: 0n, max: 2n }), (convicted, stake, slack) => {
        // As much power beside them as there can be for theirs to be more than a third, or a bit less.
        const theirs = sum(convicted);
        const rest = 2n * theirs - 1n - slack;
        if (rest < 0n) return;
        const totalPower = theirs + rest;
        const shares = convicted.map((power) => convictedShare({ power, totalPower }));
        expect(correlatedTotal({ stake, convicted: sum(shares) })).toBe(stake);
      }),
      { numRuns: 1_000 },
    );
  });

  test("P16: three times the part of the power, rounded down, and never more than all", () => {
    fc.assert(
      fc.property(powers, powers, amounts, (convicted, others, stake) => {
        const totalPower = sum(convicted) + sum(others);
        const shares = convicted.map((power) => convictedShare({ power, totalPower }));
        const total = correlatedTotal({ stake, convicted: sum(shares) });
        const exact = (3n * stake * sum(convicted)) / totalPower;
        const wanted = exact < stake ? exact : stake;
        // Rounding may cost a micro-token, in favour of the convicted.
        expect(wanted - total === 0n || wanted - total === 1n).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("P16: alone with a fifteenth of the power a validator loses a fifth and no more", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 60n }), amounts, (power, stake) => {
        const alone = convictedShare({ power, totalPower: 15n * power });
        const first = slash({ stake, kind: "double-vote" }, DEFAULT_ECONOMICS).toTreasury;
        expect(correlatedTotal({ stake, convicted: alone }) <= first).toBe(true);
      }),
    );
  });

  test("a power above that of the set counts as all of it", () => {
    expect(convictedShare({ power: 9n, totalPower: 3n })).toBe(WHOLE_SHARE);
  });
});

const held: fc.Arbitrary<{ readonly bonded: Amount; readonly unbonding: readonly Amount[] }> =
  fc.record({
    bonded: fc.bigInt({ min: 0n, max: 2n ** 50n }).map(toAmount),
    unbonding: fc.array(fc.bigInt({ min: 0n, max: 2n ** 50n }).map(toAmount), { maxLength: 10 }),
  });
