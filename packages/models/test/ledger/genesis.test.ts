import { describe, expect, test } from "vitest";
import {
  AMOUNT_MAX,
  checkGenesis,
  findGenesisProblems,
  findParameterProblems,
  Genesis,
  hashGenesis,
  ModelsError,
  toAccountId,
  toAmount,
  toPublicKey,
  toResource,
  toSequence,
  toTimestamp,
} from "../../src/index.ts";
import { founder, genesis, parameters } from "../sound-genesis.ts";

describe("genesis", () => {
  test("a sound genesis has no problems, and any change gives the chain another name", () => {
    expect(findGenesisProblems(genesis)).toEqual([]);
    expect(checkGenesis(genesis)).toBe(genesis);
    expect(hashGenesis({ ...genesis, timestamp: toTimestamp(1) })).not.toEqual(
      hashGenesis(genesis),
    );
  });

  test("every problem is reported at once, each by the name of the value to correct", () => {
    const broken: Genesis = {
      ...genesis,
      parameters: { ...parameters, minBlockIntervalMs: 0, viewTimeoutMaxMs: 1_000 },
      validators: [
        { id: toAccountId(founder), key: founder, stake: toAmount(1n) },
        { id: toAccountId(founder), key: toPublicKey(new Uint8Array(32)), stake: toAmount(5_000n) },
      ],
      accounts: [{ id: toAccountId(founder), balance: AMOUNT_MAX }],
    };

    const problems = findGenesisProblems(broken).join("\n");
    for (const part of [
      "minBlockIntervalMs",
      "viewTimeoutMaxMs",
      "validators[0].stake",
      "validators[1].key",
      "validators[1].id",
      "2^64-1",
    ]) {
      expect(problems).toContain(part);
    }
    expect(() => checkGenesis(broken)).toThrow(ModelsError);
  });

  test("a genesis without validators is refused", () => {
    expect(findGenesisProblems({ ...genesis, validators: [] })).toHaveLength(1);
  });

  test("a chain begins at a time after which all dates are safe integers", () => {
    const problemsAt = (timestamp: number): readonly string[] =>
      findGenesisProblems({ ...genesis, timestamp: toTimestamp(timestamp) });

    expect(problemsAt(2 ** 52)).toEqual([]);
    expect(problemsAt(2 ** 52 + 1).join()).toContain("time is");
  });

  test("time-outs are capped no lower than twice judging, dissemination and three delays", () => {
    const least = 2 * (10_000 + 2_000 + 3 * 500);

    expect(findParameterProblems({ ...parameters, viewTimeoutMaxMs: least })).toEqual([]);
    expect(findParameterProblems({ ...parameters, viewTimeoutMaxMs: least - 1 })).toHaveLength(1);
  });

  test.each([
    ["minBlockIntervalMs", { minBlockIntervalMs: 0 }],
    ["viewTimeoutMs", { viewTimeoutMs: 0 }],
    ["checkpointInterval", { checkpointInterval: toSequence(0) }],
    ["epochMs", { epochMs: 0 }],
    ["halvingMs", { halvingMs: 0 }],
    ["minimumStake", { minimumStake: toAmount(0n) }],
    ["proofResourceMax", { proofResourceMax: toResource(0) }],
    ["proofResourceMax", { blockResourceMax: toResource(1) }],
    ["viewTimeoutMaxMs", { viewTimeoutMs: 60_001 }],
    ["clockPrecisionMs", { clockPrecisionMs: 5_001 }],
    ["unbondingMs", { unbondingMs: 0 }],
    ["halvingMs", { halvingMs: 2 ** 48 + 1 }],
    ["unbondingMs", { unbondingMs: 2 ** 48 + 1 }],
    ["absenceMs", { absenceMs: 2 ** 48 + 1 }],
    ["absenceMs", { absenceMs: 63_999 }],
    ["absenceMs", { epochMs: 640_001 }],
    ["judgingUnits", { judgingUnits: toResource(Number.MAX_SAFE_INTEGER - 19_999_999) }],
    ["blockUnitsMax", { blockUnitsMax: toResource(3_999_999) }],
    ["blockUnitsMax", { blockUnitsMax: toResource(20_000_001) }],
    ["blockBytesMax", { blockBytesMax: 2_097_151 }],
    ["blockBytesMax", { blockBytesMax: 8_000_001 }],
  ])("one parameter that cannot work is one problem: %s", (name, change) => {
    const problems = findParameterProblems({ ...parameters, ...change });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} is \\d+: give at (least|most) `));
  });

  test("the file form of a genesis is read back to the same chain", () => {
    const file = JSON.stringify(Genesis.toJson(genesis), undefined, 2);

    expect(hashGenesis(Genesis.fromJson(JSON.parse(file)))).toEqual(hashGenesis(genesis));
  });
});
