import { AMOUNT_MAX, type Amount, toAmount, toDifficulty, toResource } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  baseReward,
  blockReward,
  burnedPart,
  burnsEnough,
  DEFAULT_ECONOMICS,
  difficultyOfExecution,
  type EconomicParameters,
  emissionCap,
  emissionCapMost,
  feeFor,
  minimumBurn,
  RewardsError,
  requiredFee,
  scheduledSupply,
  shareReward,
  splitFee,
  type Work,
} from "../src/index.ts";
import {
  ages,
  amounts,
  difficulties,
  parameters,
  powers,
  signersOf,
  spans,
  sum,
} from "./arbitraries.ts";

const works: fc.Arbitrary<Work> = fc.record({
  resource: fc.nat({ max: 50_000_000 }).map(toResource),
  bytes: fc.nat({ max: 2_000_000 }),
});

const free: Work = { resource: toResource(0), bytes: 0 };

describe("fees", () => {
  test("the price of work is the sum of its parts, rounded up once", () => {
    const economics = {
      ...DEFAULT_ECONOMICS,
      resourcePrice: toAmount(500_000n),
      bytePrice: toAmount(512n),
    };

    expect(feeFor({ resource: toResource(4), bytes: 2 }, economics)).toBe(3n);
    expect(feeFor({ resource: toResource(1), bytes: 1 }, economics)).toBe(1n);
    expect(feeFor({ resource: toResource(1), bytes: 2 }, economics)).toBe(2n);
    expect(feeFor(free, economics)).toBe(0n);
  });

  test("a length that is no natural number is refused", () => {
    for (const bytes of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => feeFor({ ...free, bytes }, DEFAULT_ECONOMICS)).toThrow(RewardsError);
    }
  });

  test("P4: execution that takes more units is no easier, and a million units have the stated difficulty", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), parameters, (first, second, economics) => {
        const [less, more] = first < second ? [first, second] : [second, first];
        const easier = difficultyOfExecution(toResource(less), economics);
        const harder = difficultyOfExecution(toResource(more), economics);
        const million = difficultyOfExecution(toResource(1_000_000), economics);
        expect(easier).toBeLessThanOrEqual(harder);
        expect(million).toBe(economics.invokeDifficulty);
      }),
    );
  });

  test("more work never costs less", () => {
    fc.assert(
      fc.property(works, works, parameters, (first, second, economics) => {
        const both: Work = {
          resource: toResource(first.resource + second.resource),
          bytes: first.bytes + second.bytes,
        };
        expect(feeFor(both, economics) >= feeFor(first, economics)).toBe(true);
      }),
    );
  });

  test("P14: what is burned and the rest add up to the fee", () => {
    fc.assert(
      fc.property(amounts, parameters, (fee, economics) => {
        const { burned, rest } = splitFee(fee, economics);
        expect(burned + rest).toBe(fee);
        expect(burned).toBe(burnedPart(fee, economics));
        expect(rest >= 0n).toBe(true);
      }),
    );
  });

  test("every required fee pays for the work, and burns 40 % and more of what is minted", () => {
    fc.assert(
      fc.property(works, difficulties, spans, parameters, (work, difficulty, span, economics) => {
        const minting = { difficulty, cap: emissionCap(span, economics) };
        const fee = requiredFee({ ...work, ...minting }, economics);
        const burned = burnedPart(fee, economics);
        const block = { span, totalDifficulty: difficulty, minted: toAmount(0n) };
        expect(fee >= feeFor(work, economics)).toBe(true);
        expect(burnsEnough({ fee, ...minting }, economics)).toBe(true);
        expect(burned * 10n >= blockReward(block, economics) * 4n).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("what must be burned follows the emission: it never grows, and is nothing much at its end", () => {
    fc.assert(
      fc.property(difficulties, ages, ages, parameters, (difficulty, one, other, economics) => {
        const [early, late] = one < other ? [one, other] : [other, one];
        const burnedAt = (ageMs: number): bigint =>
          minimumBurn({ difficulty, cap: emissionCapMost(ageMs, economics) }, economics);
        const [before, after] = [burnedAt(early), burnedAt(late)];
        expect(after <= before).toBe(true);
        // Four tenths of all that the block can mint, rounding, and the two micro-tokens.
        expect(10n * after <= 4n * emissionCapMost(late, economics) + 29n).toBe(true);
      }),
      { numRuns: 500 },
    );
    const ageMs = 64 * DEFAULT_ECONOMICS.halvingMs;
    const cap = emissionCapMost(ageMs, DEFAULT_ECONOMICS);
    const huge = { difficulty: toDifficulty(1e12), cap };
    expect(minimumBurn(huge, DEFAULT_ECONOMICS)).toBe(2n);
  });

  test("what is quoted at any age burns enough in every later block, whatever its span", () => {
    fc.assert(
      fc.property(difficulties, ages, spans, parameters, (difficulty, ageMs, span, economics) => {
        fc.pre(span.fromMs >= ageMs);
        const quoted = { difficulty, cap: emissionCapMost(ageMs, economics) };
        const charged = { difficulty, cap: emissionCap(span, economics) };
        expect(requiredFee({ ...free, ...quoted }, economics)).toBeGreaterThanOrEqual(
          requiredFee({ ...free, ...charged }, economics),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test("a fee of one micro-token less burns too little where the burn decides", () => {
    const difficulty = toDifficulty(1_000_000);
    const cap = emissionCapMost(0, DEFAULT_ECONOMICS);
    const minting = { difficulty, cap };
    const fee = requiredFee({ ...free, ...minting }, DEFAULT_ECONOMICS);

    expect(minimumBurn(minting, DEFAULT_ECONOMICS)).toBe(400_002n);
    expect(fee).toBe(800_004n);
    expect(burnsEnough({ fee: toAmount(fee - 1n), ...minting }, DEFAULT_ECONOMICS)).toBe(false);
  });

  test("what mints nothing costs its work and no more", () => {
    fc.assert(
      fc.property(works, parameters, (work, economics) => {
        const nothing = { difficulty: toDifficulty(0), cap: AMOUNT_MAX };
        expect(requiredFee({ ...work, ...nothing }, economics)).toBe(feeFor(work, economics));
      }),
    );
  });
});

describe("farming with own proofs", () => {
  test("R4: it loses for any power under a third, even with the bonus and the unburned fee", () => {
    fc.assert(
      fc.property(scenes, ({ economics, set, farmer, honest, own, minted, span }) => {
        const take = (extra: number): bigint => {
          const totalDifficulty = toDifficulty(honest + extra);
          const block = { span, totalDifficulty, minted };
          return incomeOf({ economics, set, farmer, reward: blockReward(block, economics) });
        };
        const fee = requiredFee(
          { ...free, difficulty: own, cap: emissionCap(span, economics) },
          economics,
        );

        expect(take(own) - take(0) < burnedPart(fee, economics)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test("R4: it loses with any number of own proofs together, whatever cap they meet", () => {
    const several = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100_000_000 })),
      { minLength: 1, maxLength: 6 },
    );
    const reached = new Set<string>();
    fc.assert(
      fc.property(scenes, several, (scene, all) => {
        const { economics, set, farmer, honest, minted, span } = scene;
        const take = (extra: number): bigint => {
          const totalDifficulty = toDifficulty(honest + extra);
          const block = { span, totalDifficulty, minted };
          return incomeOf({ economics, set, farmer, reward: blockReward(block, economics) });
        };
        const own = all.map(toDifficulty);
        const cap = emissionCap(span, economics);
        const burned = sum(own.map((difficulty) => minimumBurn({ difficulty, cap }, economics)));
        const extra = own.reduce((total, difficulty) => total + difficulty, 0);
        expect(take(extra) - take(0) < burned).toBe(true);
        const isCapped = own.some((one) => baseReward(one, economics) > cap);
        reached.add(isCapped ? "a proof above the cap" : "all under it");
      }),
      { numRuns: 3_000 },
    );
    expect(reached.size).toBe(2);
  });

  test("P27: split and farming ends with less than unsplit and not farming", () => {
    fc.assert(
      fc.property(scenes, ({ economics, set, farmer, honest, own, minted, span }) => {
        const difficultyWith = toDifficulty(honest + own);
        const block = { span, minted };
        const farmed = blockReward({ ...block, totalDifficulty: difficultyWith }, economics);
        const plain = blockReward({ ...block, totalDifficulty: honest }, economics);
        const burned = minimumBurn(
          { difficulty: own, cap: emissionCap(span, economics) },
          economics,
        );

        const many = splitIncome({ economics, set, farmer, reward: farmed });
        const one = incomeOf({ economics, set, farmer, reward: plain });
        expect(many - burned < one).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the margin is real: with half of the power it would pay", () => {
    const set = [50n, 50n];
    const reward = toAmount(1_000_000n);
    const income = incomeOf({ economics: DEFAULT_ECONOMICS, set, farmer: 0, reward });

    expect(
      income >
        minimumBurn({ difficulty: toDifficulty(1_000_000), cap: AMOUNT_MAX }, DEFAULT_ECONOMICS),
    ).toBe(true);
  });
});

interface Income {
  readonly economics: EconomicParameters;
  readonly set: readonly bigint[];
  readonly farmer: number;
  readonly reward: Amount;
}

/** Best case of the farmer: all validators signed, and the farmer gets the bonus. */
function incomeOf({ economics, set, farmer, reward }: Income): bigint {
  const certified = { reward, signers: signersOf(set), totalPower: sum(set) };
  const { shares, bonus } = shareReward(certified, economics);
  return (shares[farmer]?.amount ?? 0n) + bonus;
}

/** Best case with the farmer's power split into up to ten identities. */
function splitIncome({ economics, set, farmer, reward }: Income): bigint {
  const whole = set[farmer] ?? 0n;
  const parts = whole < 10n ? Number(whole) : 10;
  const units = Array.from({ length: parts - 1 }, () => 1n);
  const others = set.filter((_, index) => index !== farmer);
  const powersNow = [...units, whole - BigInt(parts - 1), ...others];
  const certified = { reward, signers: signersOf(powersNow), totalPower: sum(powersNow) };
  const { shares, bonus } = shareReward(certified, economics);
  return sum(shares.slice(0, parts).map(({ amount }) => amount)) + bonus;
}

/** Farmer with less than a third of the power, beside honest proofs, anywhere in the schedule. */
const scenes = fc
  .record({
    economics: parameters,
    others: powers,
    strength: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 50n })),
    honest: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 100_000_000 })).map(toDifficulty),
    own: fc
      .oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100_000_000 }))
      .map(toDifficulty),
    span: fc
      .tuple(fc.nat({ max: 2e7 }), fc.oneof(fc.nat({ max: 2_000 }), fc.nat({ max: 1e9 })))
      .map(([fromMs, elapsed]) => ({ fromMs, untilMs: fromMs + elapsed })),
    mintedShare: fc.bigInt({ min: 0n, max: 100n }),
  })
  .map(({ others, strength, mintedShare, ...scene }) => {
    const set = [...others, ...others, ...others];
    const rest = sum(set);
    // farmer < total / 3  <=>  2 farmer < rest
    const most = (rest - 1n) / 2n;
    const farmer = strength === 0n ? most : 1n + (strength % most);
    const minted = toAmount(
      (scheduledSupply(scene.span.fromMs, scene.economics) * mintedShare) / 100n,
    );
    return { ...scene, set: [farmer, ...set], farmer: 0, minted };
  });

test("the scenes reach every limit: base reward, cap, and the end of the emission", () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(scenes, ({ economics, honest, own, minted, span }) => {
      const totalDifficulty = toDifficulty(honest + own);
      const reward = blockReward({ span, totalDifficulty, minted }, economics);
      if (reward === 0n) return;
      if (reward === baseReward(totalDifficulty, economics)) reached.add("base");
      else if (reward === emissionCap(span, economics)) reached.add("cap");
      else reached.add("total");
    }),
    { numRuns: 5_000 },
  );
  expect([...reached].toSorted((left, right) => (left < right ? -1 : 1))).toEqual([
    "base",
    "cap",
    "total",
  ]);
});
