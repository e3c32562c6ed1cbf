import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  explainProblems,
  readGenesisFile,
  writeGenesisFile,
} from "../../src/genesis-file/index.ts";
import {
  AMOUNT_MAX,
  checkGenesis,
  findGenesisProblems,
  type Genesis,
  type GenesisAsset,
  hashGenesis,
  toAccountId,
  toAmount,
  toHex,
} from "../../src/index.ts";
import { founder, genesis as plain } from "../sound-genesis.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const account = (seed: number): Genesis["accounts"][number]["id"] =>
  toAccountId(new Uint8Array(32).fill(seed));

const accounts = [2, 3, 4].map((seed) => ({ id: account(seed), balance: toAmount(0n) }));
const gold: GenesisAsset = {
  name: utf8("GOLD"),
  issuer: account(9),
  supply: toAmount(1_000n),
  holdings: [
    { id: account(2), amount: toAmount(750n) },
    { id: toAccountId(founder), amount: toAmount(250n) },
  ],
};
const genesis: Genesis = { ...plain, accounts, assets: [gold] };

describe("assets of a genesis", () => {
  test("founding accounts and validators hold what their issuer is said to have issued", () => {
    expect(findGenesisProblems(genesis)).toEqual([]);
    expect(checkGenesis(genesis)).toBe(genesis);
    expect(toHex(hashGenesis(genesis))).not.toBe(toHex(hashGenesis({ ...genesis, assets: [] })));
  });

  test("one name with two issuers is two assets; a supply of nothing needs no holder", () => {
    const assets = [
      gold,
      { ...gold, issuer: account(8) },
      { ...gold, name: utf8("LEAD"), supply: toAmount(0n), holdings: [] },
    ];

    expect(findGenesisProblems({ ...genesis, assets })).toEqual([]);
  });

  const [first = { id: account(2), amount: toAmount(0n) }, second = first] = gold.holdings;
  const holds = (id: number, amount: bigint): GenesisAsset["holdings"][number] => ({
    id: account(id),
    amount: toAmount(amount),
  });

  test.each<[string, readonly GenesisAsset[], string]>([
    ["a supply that is not what is held", [{ ...gold, supply: toAmount(999n) }], "supply is 999"],
    [
      "holdings beyond 2^64-1 together",
      [{ ...gold, supply: AMOUNT_MAX, holdings: [holds(2, AMOUNT_MAX), holds(3, 1n)] }],
      "the holdings are 18446744073709551616 together",
    ],
    [
      "a holder that the genesis does not found",
      [{ ...gold, holdings: [first, { ...second, id: account(77) }] }],
      "holdings[1].id 4d4d",
    ],
    [
      "a holder twice",
      [{ ...gold, holdings: [{ ...first, amount: second.amount }, first] }],
      "is there twice: assets[0].holdings[0].id has it already",
    ],
    [
      "a holding of nothing",
      [{ ...gold, holdings: [first, second, holds(3, 0n)] }],
      "holdings[2].amount is 0",
    ],
    ["the same asset twice", [gold, gold], "GOLD of issuer 0909"],
    ["no name", [{ ...gold, name: utf8("") }], "assets[0].name"],
    ["a name that no source can declare", [{ ...gold, name: utf8("1GOLD") }], "`1GOLD` is no name"],
    ["a name that is not ASCII", [{ ...gold, name: utf8("GÖLD") }], "`G??LD` is no name"],
    ["a name with a line of its own", [{ ...gold, name: utf8("GOLD\n") }], "`GOLD?` is no name"],
  ])("%s is one problem", (_, assets, said) => {
    const problems = findGenesisProblems({ ...genesis, assets });

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(said);
    expect(() => checkGenesis({ ...genesis, assets })).toThrow("GENESIS");
  });
});

describe("assets in a genesis file", () => {
  const file = writeGenesisFile(genesis);

  test("stand in words that are read back to the same", () => {
    expect(file).toContain(`assets:
  - name: GOLD
    issuer: 0x${"09".repeat(32)}
    supply: 1_000
    holdings:
      - id: 0x${"02".repeat(32)}
        amount: 750
`);
    expect(hashOf(file)).toBe(toHex(hashGenesis(genesis)));
  });

  test("may be left out as a whole: then there are none", () => {
    const without = writeGenesisFile({ ...genesis, assets: [] }).replace("assets: []\n", "");

    expect(hashOf(without)).toBe(toHex(hashGenesis({ ...genesis, assets: [] })));
  });

  test.each([
    [
      "supply: 1_000",
      "supply: 1_001",
      13,
      "assets[0].supply is 1001: the holdings are 1000 together",
    ],
    ["supply: 1_000", "supply: 1.5", 13, "assets[0].supply `1.5` is no such quantity"],
    ["supply: 1_000", "supply: 1_000 tokens", 13, "assets[0].supply `1_000 tokens` is no such"],
    [
      "supply: 1_000",
      "supply: 18446744073709551616",
      13,
      "assets[0].supply `18446744073709551616`",
    ],
    ["amount: 750", "amount: -1", 17, "assets[0].holdings[0].amount `-1` is no such quantity"],
    [
      `id: 0x${"02".repeat(32)}\n        am`,
      "id: 0x02\n        am",
      13,
      "assets[0].holdings[0].id",
    ],
    ["name: GOLD", "name: GOLD BAR", 11, "assets[0].name `GOLD BAR` is no name of an asset"],
    ["name: GOLD", `name: ${"G".repeat(65)}`, 11, "assets[0].name has 65 bytes"],
    ["name: GOLD", "symbol: GOLD", 5, "assets[0] has no `symbol`"],
  ])("%s -> %s is explained at its line and column", (before, after, column, said) => {
    const broken = file.replace(before, after);
    const line = broken.slice(0, broken.indexOf(after)).split("\n").length;
    const reading = readGenesisFile(broken);

    expect(broken).not.toBe(file);
    const explained = reading.ok ? "" : explainProblems("g", reading.problems);
    expect(explained).toContain(`g:${line}:${column}: ${said}`);
  });

  test("holdings beyond their bound are refused as a whole", () => {
    const many = "      - id: 0x00\n".repeat(16_385);
    const problems = problemsOf(file.replace("    holdings:\n", `    holdings:\n${many}`));

    expect(problems).toMatchObject([{ path: "assets[0].holdings", repair: "keep at most 16384" }]);
  });

  test("rules about holders are silent where their accounts could not be read", () => {
    const broken = file.replace(`id: 0x${"02".repeat(32)}\n    balance`, "id: 0x02\n    balance");

    expect(problemsOf(broken).map(({ path }) => path)).toEqual(["accounts[0].id"]);
  });

  test("P14: any sound distribution is read back, and every unit that is moved is noticed", () => {
    const shares = fc.array(fc.bigInt({ min: 1n, max: 1n << 61n }), { minLength: 1, maxLength: 4 });
    const distributions = fc.array(shares, { minLength: 1, maxLength: 5 });
    const holders = [...accounts.map(({ id }) => id), toAccountId(founder)];

    fc.assert(
      fc.property(distributions, fc.nat(), fc.constantFrom(1n, -1n), (all, dice, by) => {
        const assets = all.map((amounts, at): GenesisAsset => {
          const holdings = amounts.map((amount, who) => ({
            id: holders[who] ?? account(2),
            amount: toAmount(amount),
          }));
          const supply = toAmount(amounts.reduce((sum, amount) => sum + amount, 0n));
          return { name: utf8(`A${at}`), issuer: account(at), supply, holdings };
        });
        const sound = { ...genesis, assets };
        expect(findGenesisProblems(sound)).toEqual([]);
        expect(hashOf(writeGenesisFile(sound))).toBe(toHex(hashGenesis(sound)));

        const at = dice % assets.length;
        const off = assets.map((asset, index) =>
          index === at ? { ...asset, supply: toAmount(asset.supply + by) } : asset,
        );
        expect(problemsOf(writeGenesisFile({ ...genesis, assets: off }))).toMatchObject([
          { path: `assets[${at}].supply` },
        ]);
      }),
      { numRuns: 150 },
    );
  });
});

function hashOf(text: string): string {
  const reading = readGenesisFile(text);
  return reading.ok ? toHex(hashGenesis(reading.genesis)) : explainProblems("f", reading.problems);
}

function problemsOf(text: string): readonly { readonly path: string }[] {
  const reading = readGenesisFile(text);
  return reading.ok ? [] : reading.problems;
}
