import { toAmount, toDifficulty, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  baseReward,
  blockReward,
  DEFAULT_ECONOMICS,
  type EconomicParameters,
  emissionCap,
  RewardsError,
  scheduledSupply,
} from "../src/index.ts";
import { difficulties, parameters, sequences } from "./arbitraries.ts";

const small: EconomicParameters = {
  ...DEFAULT_ECONOMICS,
  baseReward: toAmount(3_000_000n),
  emissionPerBlock: toAmount(10n),
  halvingInterval: toSequence(3),
  emissionTotal: toAmount(50n),
};

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
  test("the cap halves with each era, and the genesis block has none", () => {
    const caps = Array.from({ length: 14 }, (_, at) => emissionCap(toSequence(at), small));

    expect(caps).toEqual([0n, 10n, 10n, 10n, 5n, 5n, 5n, 2n, 2n, 2n, 1n, 1n, 1n, 0n]);
  });

  test("P20: the scheduled supply is the sum of the caps, sequence by sequence, up to the total", () => {
    fc.assert(
      fc.property(
        parameters,
        fc.integer({ min: 1, max: 40 }).map(toSequence),
        fc.nat({ max: 400 }),
        (drawn, halvingInterval, last) => {
          const economics = { ...drawn, halvingInterval };
          let summed = 0n;
          for (let at = 0; at <= last; at++) {
            summed += emissionCap(toSequence(at), economics);
            const expected = summed < economics.emissionTotal ? summed : economics.emissionTotal;
            expect(scheduledSupply(toSequence(at), economics)).toBe(expected);
          }
        },
      ),
    );
  });

  test("the schedule is known at the last sequence there can be, without stepping there", () => {
    const last = toSequence(Number.MAX_SAFE_INTEGER);

    expect(scheduledSupply(last, { ...small, emissionTotal: toAmount(1_000n) })).toBe(54n);
    expect(scheduledSupply(last, small)).toBe(50n);
    expect(scheduledSupply(last, { ...small, halvingInterval: toSequence(1) })).toBe(18n);
    expect(scheduledSupply(last, DEFAULT_ECONOMICS)).toBe(DEFAULT_ECONOMICS.emissionTotal);
  });
});

describe("block reward", () => {
  test("P20: it is the least of base reward, cap and what is left, so no run exceeds the schedule", () => {
    fc.assert(
      fc.property(parameters, fc.array(difficulties, { maxLength: 200 }), (economics, blocks) => {
        let minted = 0n;
        for (const [at, totalDifficulty] of blocks.entries()) {
          const sequence = toSequence(at + 1);
          const block = { sequence, totalDifficulty, minted: toAmount(minted) };
          const reward = blockReward(block, economics);
          expect(reward <= baseReward(totalDifficulty, economics)).toBe(true);
          expect(reward <= emissionCap(sequence, economics)).toBe(true);
          minted += reward;
          expect(minted <= scheduledSupply(sequence, economics)).toBe(true);
        }
      }),
    );
  });

  test("blocks that are always full mint the schedule exactly", () => {
    let minted = 0n;
    for (let at = 1; at <= 20; at++) {
      const sequence = toSequence(at);
      const totalDifficulty = toDifficulty(1_000);
      minted += blockReward({ sequence, totalDifficulty, minted: toAmount(minted) }, small);
      expect(minted).toBe(scheduledSupply(sequence, small));
    }
    expect(minted).toBe(50n);
  });

  test("nothing is minted by the genesis block or by no difficulty", () => {
    fc.assert(
      fc.property(parameters, sequences, difficulties, (economics, sequence, totalDifficulty) => {
        const minted = toAmount(0n);
        const genesis = { sequence: toSequence(0), totalDifficulty, minted };
        const empty = { sequence, totalDifficulty: toDifficulty(0), minted };
        expect(blockReward(genesis, economics)).toBe(0n);
        expect(blockReward(empty, economics)).toBe(0n);
      }),
    );
  });

  test("more minted than may ever be is refused rather than answered", () => {
    const block = {
      sequence: toSequence(1),
      totalDifficulty: toDifficulty(1),
      minted: toAmount(51n),
    };

    expect(() => blockReward(block, small)).toThrow(RewardsError);
  });
});
