import { AMOUNT_MAX, toAmount, toDifficulty, toResource } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_ECONOMICS,
  difficultyOfExecution,
  type EconomicParameters,
  emissionCap,
  emissionCapMost,
  feeFor,
  findEconomicProblems,
  requiredFee,
} from "../src/index.ts";
import { parameters } from "./arbitraries.ts";

/** The parameters without their brands: as somebody could write them in a file. */
type Plain = {
  readonly [Name in keyof EconomicParameters]: EconomicParameters[Name] extends bigint
    ? bigint
    : EconomicParameters[Name] extends boolean
      ? unknown
      : number;
};

const problemsWith = (change: Partial<Plain>): readonly string[] =>
  findEconomicProblems({ ...DEFAULT_ECONOMICS, ...change } as EconomicParameters);

describe("economic parameters", () => {
  test("the default has no problems, and neither has anything the arbitrary makes", () => {
    expect(findEconomicProblems(DEFAULT_ECONOMICS)).toEqual([]);
    fc.assert(fc.property(parameters, (economics) => findEconomicProblems(economics).length === 0));
  });

  test.each<[string, Partial<Plain>, string]>([
    ["a burned part under 40 %", { burnBasisPoints: 3_999 }, "burnBasisPoints"],
    ["a negative base reward", { baseReward: -1n }, "baseReward"],
    ["a base reward that overflows", { baseReward: 2_048_000_001n }, "baseReward"],
    ["a price that overflows", { resourcePrice: 1_000_000_001n }, "resourcePrice"],
    ["a price of bytes that overflows", { bytePrice: 1_000_001n }, "bytePrice"],
    ["an era without length", { halvingMs: 0 }, "halvingMs"],
    ["an era of a part of a millisecond", { halvingMs: 1.5 }, "halvingMs"],
    ["stake that is free at once", { unbondingMs: 0 }, "unbondingMs"],
    ["judging for nothing", { judgingUnits: 0 }, "judgingUnits"],
    ["judging for too little", { judgingUnits: 4_999 }, "judgingUnits"],
    ["jail at once", { absenceMs: 0 }, "absenceMs"],
    ["an era for ever", { halvingMs: 2 ** 48 + 1 }, "halvingMs"],
    ["stake that is never free", { unbondingMs: 2 ** 48 + 1 }, "unbondingMs"],
    ["a choice that is none", { solverTheoremsMint: "no" }, "solverTheoremsMint"],
    ["no minimum stake", { minimumStake: 0n }, "minimumStake"],
    ["a total above 2^64-1", { emissionTotal: 2n ** 64n }, "emissionTotal"],
    ["a slash of more than everything", { slashDoubleSignBasisPoints: 10_001 }, "slashDoubleSign"],
  ])("%s is a problem that names its field", (_, change, field) => {
    const problems = problemsWith(change);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(field);
  });

  test("a bonus with which farming would pay is a problem that says so", () => {
    expect(problemsWith({ proposerBonusBasisPoints: 1_001 }).join()).toContain("farming");
  });

  test("a bonus of exactly 10 % is the last one that is sound with 40 % burned", () => {
    expect(problemsWith({ proposerBonusBasisPoints: 1_000 })).toEqual([]);
  });

  test("the largest sound parameters overflow nowhere", () => {
    const largest: EconomicParameters = {
      ...DEFAULT_ECONOMICS,
      baseReward: toAmount(2_048_000_000n),
      emissionPerSecond: AMOUNT_MAX,
      emissionTotal: AMOUNT_MAX,
      burnBasisPoints: 4_000,
      resourcePrice: toAmount(1_000_000_000n),
      bytePrice: toAmount(1_000_000n),
      invokeDifficulty: toDifficulty(10 ** 14),
    };
    const most = Number.MAX_SAFE_INTEGER;
    const work = { resource: toResource(most), bytes: most };

    expect(findEconomicProblems(largest)).toEqual([]);
    // The calls of a block of 20 million units, the most that there may be, add up below 2^53.
    expect((10 ** 14 * 20_000_000) / 1_000_000).toBeLessThan(2 ** 53);
    expect(problemsWith({ invokeDifficulty: 10 ** 14 + 1 }).join()).toContain("invokeDifficulty");
    expect(feeFor(work, largest)).toBe(17_803_292_276_948_990_024n);
    expect(requiredFee({ ...work, difficulty: toDifficulty(most), cap: AMOUNT_MAX }, largest)).toBe(
      18_446_744_073_709_549_575n,
    );
    expect(difficultyOfExecution(toResource(most), largest)).toBe(most);
    expect(emissionCap({ fromMs: 0, untilMs: 60_000 }, largest)).toBe(2n ** 64n - 1n);
    expect(emissionCapMost(0, largest)).toBe(2n ** 64n - 1n);
  });
});
