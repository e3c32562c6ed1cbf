import { toDifficulty, toResource, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_ECONOMICS,
  type EconomicParameters,
  emissionCap,
  feeFor,
  findParameterProblems,
  requiredFee,
} from "../src/index.ts";
import { parameters } from "./arbitraries.ts";

const problemsWith = (change: Partial<EconomicParameters>): readonly string[] =>
  findParameterProblems({ ...DEFAULT_ECONOMICS, ...change });

describe("economic parameters", () => {
  test("the default has no problems, and neither has anything the arbitrary makes", () => {
    expect(findParameterProblems(DEFAULT_ECONOMICS)).toEqual([]);
    fc.assert(
      fc.property(parameters, (economics) => findParameterProblems(economics).length === 0),
    );
  });

  test.each<[string, Partial<EconomicParameters>, string]>([
    ["a burn under 40 %", { minimumBurnBasisPoints: 3_999 }, "minimumBurnBasisPoints"],
    ["a bonus with which farming pays", { bonusBasisPoints: 1_001 }, "bonusBasisPoints"],
    ["a burned part under the minimum", { burnBasisPoints: 3_999 }, "burnBasisPoints"],
    ["unbonding within the life of evidence", { unbondingSequences: 1_209_600 }, "unbonding"],
    ["a negative base reward", { baseRewardPerMillion: -1n }, "baseRewardPerMillion"],
    ["a base reward that overflows", { baseRewardPerMillion: 2_048_000_001n }, "baseReward"],
    ["a price that overflows", { bytePricePerMillion: 500_000_001n }, "bytePricePerMillion"],
    ["an era without length", { halvingInterval: 0 }, "halvingInterval"],
    ["an era of half a sequence", { halvingInterval: 1.5 }, "halvingInterval"],
    ["no minimum stake", { minimumStake: 0n }, "minimumStake"],
    ["a total above 2^64-1", { emissionTotalMax: 2n ** 64n }, "emissionTotalMax"],
    ["a slash of more than everything", { doubleSigningBasisPoints: 10_001 }, "doubleSigning"],
  ])("%s is a problem that names its field", (_, change, field) => {
    const problems = problemsWith(change);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(field);
  });

  test("a bonus of exactly 10 % is the last one that is sound with 40 % burned", () => {
    expect(problemsWith({ bonusBasisPoints: 1_000 })).toEqual([]);
  });

  test("the largest sound parameters overflow nowhere", () => {
    const largest: EconomicParameters = {
      ...DEFAULT_ECONOMICS,
      baseRewardPerMillion: 2_048_000_000n,
      emissionCapInitial: 2n ** 64n - 1n,
      emissionTotalMax: 2n ** 64n - 1n,
      burnBasisPoints: 4_000,
      resourcePricePerMillion: 500_000_000n,
      executionPricePerMillion: 500_000_000n,
      bytePricePerMillion: 500_000_000n,
    };
    const most = Number.MAX_SAFE_INTEGER;
    const work = { resource: toResource(most), executionUnits: most, bytes: most };

    expect(findParameterProblems(largest)).toEqual([]);
    expect(feeFor(work, largest)).toBe(13_510_798_882_111_486_500n);
    expect(requiredFee({ ...work, difficulty: toDifficulty(most) }, largest)).toBe(
      18_446_744_073_709_549_575n,
    );
    expect(emissionCap(toSequence(1), largest)).toBe(2n ** 64n - 1n);
  });
});
