import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { interpretIntent } from "../../src/intent/execution/interpret.ts";
import type { Value } from "../../src/language/evaluate.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { compileAll, failures, prove } from "./prove.ts";

const libraryFolder = new URL("../../library/", import.meta.url);
const exampleFolder = new URL("../../../../examples/intents/", import.meta.url);
const sourcesIn = (folder: URL): readonly (readonly [string, string])[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".ae"))
    .map((file) => [file, readFileSync(new URL(file, folder), "utf8")] as const);

const sources = [...sourcesIn(libraryFolder), ...sourcesIn(new URL("assets/", libraryFolder))];

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("the standard intents", () => {
  test("only stake and unstake need the genesis list", () => {
    const refused = sourcesIn(libraryFolder).filter(([, source]) => !compileSource(source).ok);

    expect(refused.map(([file]) => file)).toEqual(["stake.ae", "unstake.ae"]);
  });

  const calls: readonly (readonly [string, Record<string, Value>, Record<string, string>])[] = [
    ["transfer.ae", { from: "a", to: "b", amount: 30n }, { a: "70", b: "130" }],
    ["swap.ae", { left: "a", right: "b", give: 5n, take: 9n }, { a: "104", b: "96" }],
    [
      "split-payment.ae",
      { payer: "a", first: "b", second: "c", amount: 10n, share: 3n },
      { a: "90", b: "103", c: "107" },
    ],
    [
      "fee-transfer.ae",
      { from: "a", to: "b", collector: "c", amount: 50n },
      { a: "49", b: "150", c: "101" },
    ],
    [
      "capped-donation.ae",
      { donor: "a", cause: "b", offered: 70n, goal: 120n },
      { a: "80", b: "120" },
    ],
    [
      "payroll.ae",
      {
        employer: "a",
        first: "b",
        second: "c",
        third: "b",
        fourth: "d",
        pay_first: 1n,
        pay_second: 2n,
        pay_third: 3n,
        pay_fourth: 4n,
      },
      { a: "90", b: "104", c: "102", d: "104" },
    ],
    ["stake.ae", { validator: "a", amount: 40n }, { a: "60+140" }],
    ["unstake.ae", { validator: "a", amount: 40n }, { a: "140+60" }],
    ["issue-gold.ae", { to: "a", amount: 40n }, { "a GOLD": "140", "supply GOLD": "1040" }],
    ["burn-gold.ae", { owner: "a", amount: 40n }, { "a GOLD": "60", "supply GOLD": "960" }],
    ["transfer-gold.ae", { from: "a", to: "b", amount: 40n }, { "a GOLD": "60", "b GOLD": "140" }],
    [
      "swap-assets.ae",
      { left: "a", right: "b", gold: 5n, silver: 9n },
      { "a GOLD": "95", "b GOLD": "105", "b SILVER": "91", "a SILVER": "109" },
    ],
    [
      "gold-for-tokens.ae",
      { seller: "a", buyer: "b", gold: 5n },
      { "a GOLD": "95", "b GOLD": "105" },
    ],
  ];

  test.each(calls)("%s does what it says to accounts that hold 100", (file, values, expected) => {
    const [intent] = compileAll(sources.find(([name]) => name === file)?.[1] ?? "");
    if (intent === undefined) throw new Error(file);
    const input = {
      arguments: new Map(Object.entries(values)),
      sequence: 1n,
      read: () => 100n,
      supply: () => 1_000n,
    };

    const result = interpretIntent(intent, input);

    if (result.type !== "applied") throw new Error(JSON.stringify(result.type));
    const after: Record<string, string> = {};
    for (const { account, field, asset, after: value } of result.writes) {
      if (field !== "balance") continue;
      after[asset === undefined ? account : `${account} ${asset.name}`] = `${value}`;
    }
    for (const { asset, after: value } of result.supplies)
      after[`supply ${asset.name}`] = `${value}`;
    for (const { account, field, after: value } of result.writes) {
      if (field === "stake") after[account] = `${after[account] ?? "100"}+${value}`;
    }
    expect(after).toEqual(expected);
  });

  const attacks: readonly (readonly [string, string, string, string])[] = [
    ["transfer.ae", "signer from", "from", "authority refuted"],
    ["transfer.ae", "from.balance >= amount;", "", "range refuted"],
    ["transfer.ae", "from.balance -= amount;", "", "range refuted"],
    ["transfer.ae", "to.balance += amount;", "", "conservation refuted"],
    ["swap.ae", "signer right", "right", "authority refuted"],
    ["swap.ae", "right.balance >= take;", "", "range refuted"],
    ["split-payment.ae", "share <= amount;", "", "range refuted"],
    [
      "split-payment.ae",
      "second.balance += amount - share;",
      "second.balance += amount;",
      "range refuted",
    ],
    ["fee-transfer.ae", "to.balance += amount;", "to.balance += amount + 1;", "range refuted"],
    [
      "fee-transfer.ae",
      "from.balance >= amount + fee;",
      "from.balance >= amount;",
      "range refuted",
    ],
    ["capped-donation.ae", ", goal - cause.balance)", ", goal)", "postcondition refuted"],
    ["capped-donation.ae", "signer donor", "donor", "authority refuted"],
    ["payroll.ae", "pay_first + pay_second", "pay_first + pay_first", "conservation refuted"],
    [
      "payroll.ae",
      "third.balance += pay_third;",
      "third.balance -= pay_third;",
      "authority refuted",
    ],
    [
      "stake.ae",
      "validator.stake += amount;",
      "validator.stake += 2 * amount;",
      "conservation refuted",
    ],
    ["unstake.ae", "signer validator", "validator", "authority refuted"],
    ["unstake.ae", "validator.stake >= amount;", "", "range refuted"],
    ["issue-gold.ae", "supply[GOLD] + amount <= SUPPLY_MAX;", "", "range refuted"],
    ["issue-gold.ae", "supply[GOLD] += amount;", "supply[GOLD] += 1;", "conservation refuted"],
    ["issue-gold.ae", "supply[GOLD] += amount;", "supply[GOLD] += -amount;", "range refuted"],
    ["burn-gold.ae", "signer owner", "owner", "authority refuted"],
    ["burn-gold.ae", "owner.balance[GOLD] -= amount;", "", "conservation refuted"],
    ["burn-gold.ae", "supply[GOLD] -= amount;", "supply[GOLD] -= 0;", "conservation refuted"],
    ["transfer-gold.ae", "to.balance[GOLD] += amount", "to.balance += amount", "range refuted"],
    ["swap-assets.ae", "signer right", "right", "authority refuted"],
    ["swap-assets.ae", "right.balance[SILVER] >= silver;", "", "range refuted"],
    [
      "swap-assets.ae",
      "left.balance[SILVER] += silver;",
      "left.balance[GOLD] += silver;",
      "conservation refuted",
    ],
  ];

  test.each(attacks)("%s with `%s` made `%s`: %s", (file, honest, forged, failure) => {
    const source = sources.find(([name]) => name === file)?.[1] ?? "";
    expect(source).toContain(honest);

    expect(failures(prove(z3, source.replace(honest, forged)))).toContain(failure);
  });
});

describe("the examples", () => {
  test.each(sourcesIn(exampleFolder))("%s does what its first line says", (file, source) => {
    const expected = /Expected: (?:refused, (?<kind>\w+)|(?:both )?valid)\./.exec(source);
    const kind = expected?.groups?.["kind"];
    expect(expected).not.toBeNull();
    expect(file.startsWith("refused-")).toBe(kind !== undefined);

    expect(failures(prove(z3, source))).toEqual(kind === undefined ? [] : [`${kind} refuted`]);
  });
});
