import { AMOUNT_MAX, toAmount, toDifficulty } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockSpan,
  baseReward,
  blockReward,
  DEFAULT_ECONOMICS,
  type EconomicParameters,
  EMISSION_SPAN_MAX_MS,
  emissionCap,
  emissionCapMost,
  RewardsError,
  scheduledSupply,
} from "../src/index.ts";
import { ages, difficulties, parameters, spans } from "./arbitraries.ts";

const small: EconomicParameters = {
  ...DEFAULT_ECONOMICS,
  baseReward: toAmount(3_000_000n),
  emissionPerSecond: toAmount(10n),
  halvingMs: 3_000,
  emissionTotal: toAmount(50n),
};

/** Header times between blocks: none above a minute, or some. */
const elapsedTimes = fc.oneof(
  fc.array(fc.nat({ max: EMISSION_SPAN_MAX_MS }), { maxLength: 30 }),
  fc.array(fc.oneof(fc.nat({ max: 3_000 }), fc.nat({ max: 1e10 })), { maxLength: 30 }),
);

describe("base reward", () => {
  test("P2: more difficulty never mints less, and with no rounding it is proportional", () => {
    fc.assert(
      fc.property(difficulties, difficulties, parameters, (first, second, economics) => {
        const [low, high] = first < second ? [first, second] : [second, first];
        expect(baseReward(low, economics) <= baseReward(high, economics)).toBe(true);
      }),
    );
    expect(baseReward(toDifficulty(7), small)).toBe(21n);
    expect(baseReward(toDifficulty(14), small)).toBe(42n);
  });

  test("it is rounded down", () => {
    const economics = { ...small, baseReward: toAmount(1n) };

    expect(baseReward(toDifficulty(1_999_999), economics)).toBe(1n);
    expect(baseReward(toDifficulty(2_000_000), economics)).toBe(2n);
  });
});

describe("emission schedule", () => {
  test("the cap of a second halves with each era", () => {
    const second = (at: number): BlockSpan => ({ fromMs: 1_000 * at, untilMs: 1_000 * (at + 1) });
    const caps = Array.from({ length: 13 }, (_, at) => emissionCap(second(at), small));

    expect(caps).toEqual([10n, 10n, 10n, 5n, 5n, 5n, 2n, 2n, 2n, 1n, 1n, 1n, 0n]);
  });

  test("P20: over any blocks the caps add up to no more than the schedule has for their time", () => {
    const seen = { idle: 0, exact: 0 };
    fc.assert(
      fc.property(parameters, ages, elapsedTimes, (drawn, start, steps) => {
        const economics = { ...drawn, emissionTotal: AMOUNT_MAX };
        let [fromMs, summed] = [start, 0n];
        for (const step of steps) {
          const untilMs = Math.min(fromMs + step, Number.MAX_SAFE_INTEGER);
          summed += emissionCap({ fromMs, untilMs }, economics);
          fromMs = untilMs;
        }
        const due = scheduledSupply(fromMs, economics) - scheduledSupply(start, economics);
        expect(summed <= due).toBe(true);
        // Nothing is lost, and no floor adds up, while blocks come within a minute.
        const isIdle = steps.some((step) => step > EMISSION_SPAN_MAX_MS);
        if (isIdle) seen.idle += 1;
        else {
          seen.exact += 1;
          expect(summed).toBe(due);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect(Math.min(seen.idle, seen.exact)).toBeGreaterThan(100);
  });

  test("no block mints for more than a minute, however long there was none before it", () => {
    fc.assert(
      fc.property(parameters, spans, ages, (economics, span, ageMs) => {
        const cap = emissionCap(span, economics);
        const minute = { ...span, fromMs: Math.max(0, span.untilMs - EMISSION_SPAN_MAX_MS) };
        expect(cap <= emissionCap(minute, economics)).toBe(true);
        // The highest cap, on which the least burn is based, holds for this block and all later ones.
        if (ageMs <= span.fromMs) expect(cap <= emissionCapMost(ageMs, economics)).toBe(true);
        expect(cap <= emissionCapMost(span.fromMs, economics)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("a leader that dates its block ahead takes from the next what it gains, and not more", () => {
    const times = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(parameters, ages, times, times, fc.nat(), (drawn, from, one, two, part) => {
        const economics = { ...drawn, emissionTotal: AMOUNT_MAX };
        fc.pre(from + one + two <= Number.MAX_SAFE_INTEGER);
        const ahead = part % two;
        const of = (fromMs: number, untilMs: number): bigint =>
          emissionCap({ fromMs, untilMs }, economics);
        const [boundary, until] = [from + one, from + one + two];
        const gained = of(from, boundary + ahead) - of(from, boundary);
        const lost = of(boundary, until) - of(boundary + ahead, until);
        expect(gained).toBe(lost);
      }),
      { numRuns: 500 },
    );
  });

  test("time that does not pass, or goes back, mints nothing", () => {
    expect(emissionCap({ fromMs: 5, untilMs: 5 }, DEFAULT_ECONOMICS)).toBe(0n);
    expect(emissionCap({ fromMs: 6, untilMs: 5 }, DEFAULT_ECONOMICS)).toBe(0n);
    expect(() => emissionCap({ fromMs: 0, untilMs: -1 }, DEFAULT_ECONOMICS)).toThrow(RewardsError);
  });

  test("the schedule is known at the last time there can be, without stepping there", () => {
    const last = Number.MAX_SAFE_INTEGER;

    expect(scheduledSupply(last, { ...small, emissionTotal: toAmount(1_000n) })).toBe(54n);
    expect(scheduledSupply(last, small)).toBe(50n);
    expect(scheduledSupply(last, { ...small, halvingMs: 1_000 })).toBe(18n);
    expect(scheduledSupply(last, DEFAULT_ECONOMICS)).toBe(DEFAULT_ECONOMICS.emissionTotal);
  });
});

describe("block reward", () => {
  test("P20: it is the least of base reward, cap and what is left, so no run exceeds the schedule", () => {
    const blocksOf = fc.array(fc.tuple(difficulties, fc.nat({ max: 200_000 })), { maxLength: 200 });
    fc.assert(
      fc.property(parameters, blocksOf, (economics, blocks) => {
        let [minted, fromMs] = [0n, 0];
        for (const [totalDifficulty, elapsed] of blocks) {
          const span = { fromMs, untilMs: fromMs + elapsed };
          const reward = blockReward(
            { span, totalDifficulty, minted: toAmount(minted) },
            economics,
          );
          expect(reward <= baseReward(totalDifficulty, economics)).toBe(true);
          expect(reward <= emissionCap(span, economics)).toBe(true);
          minted += reward;
          expect(minted <= scheduledSupply(span.untilMs, economics)).toBe(true);
          fromMs = span.untilMs;
        }
      }),
    );
  });

  test("blocks that are always full mint the schedule exactly, at any pace", () => {
    for (const pace of [1, 7, 250, 1_000, 3_700, 60_000]) {
      let [minted, fromMs] = [0n, 0];
      while (fromMs < 20_000) {
        const span = { fromMs, untilMs: fromMs + pace };
        const totalDifficulty = toDifficulty(1_000);
        minted += blockReward({ span, totalDifficulty, minted: toAmount(minted) }, small);
        expect(minted).toBe(scheduledSupply(span.untilMs, small));
        fromMs = span.untilMs;
      }
      expect(minted).toBe(50n);
    }
  });

  test("nothing is minted by the genesis block or by no difficulty", () => {
    fc.assert(
      fc.property(parameters, spans, difficulties, (economics, span, totalDifficulty) => {
        const minted = toAmount(0n);
        const genesis = { span: { fromMs: 0, untilMs: 0 }, totalDifficulty, minted };
        const empty = { span, totalDifficulty: toDifficulty(0), minted };
        expect(blockReward(genesis, economics)).toBe(0n);
        expect(blockReward(empty, economics)).toBe(0n);
      }),
    );
  });

  test("more minted than may ever be is refused rather than answered", () => {
    const span = { fromMs: 0, untilMs: 1_000 };
    const block = { span, totalDifficulty: toDifficulty(1), minted: toAmount(51n) };

    expect(() => blockReward(block, small)).toThrow(RewardsError);
  });
});
