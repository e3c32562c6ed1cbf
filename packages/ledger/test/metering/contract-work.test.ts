import { toAccountId, toAmount } from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  growthOfIntent,
  type IntentGrowth,
  sureWorkOfIntent,
} from "../../src/metering/contract-work.ts";
import { GROWTH } from "../../src/metering/growth.ts";
import { cellBytes } from "../../src/state/contract-codings.ts";
import { Holding } from "../../src/state/records.ts";
import { stateKey } from "../../src/state/state-key.ts";
import { compiled, intentOf } from "../fixtures/contracts.ts";

/** Contract with one intent, which has this effect. */
const contractOf = (effect: string) =>
  compiled(`contract sample {
    asset GOLD issuer "${"5a".repeat(32)}";
    state { rows: map[Int] Amount; pairs: map[Int][Account] Bool; next: Int = 0; }
    intent act(to: Account, by: Account, id: Int, other: Int) { effect { ${effect} } }
  }`);

function growthOf(effect: string): IntentGrowth {
  const contract = contractOf(effect);
  return growthOfIntent(intentOf(contract, "act"), (name) => {
    const map = contract.maps.find((one) => one.name === name);
    if (map === undefined) throw new Error(`no map ${name}`);
    return cellBytes(map);
  });
}

const sureOf = (effect: string): number =>
  sureWorkOfIntent(intentOf(contractOf(effect), "act")).units;

const someone = toAccountId(new Uint8Array(32).fill(1));
const [gold] = contractOf("next += 1;").assets;
if (gold === undefined) throw new Error("it declares GOLD");
const account = stateKey.account(someone).length + 16;
const holding =
  stateKey.holding(someone, gold.id).length + Holding.encode({ amount: toAmount(1n) }).length;
const row = 1 + 32 + 1 + 16 + 8;
const pair = 1 + 32 + 1 + 16 + 32 + 1;

describe("the most that a call of an intent adds to the state", () => {
  test.each([
    ["next += 1; vault.balance += 1;", { entries: 0, cellBytes: 0, holdings: 0 }],
    ["to.balance += 1;", { entries: 1, cellBytes: 0, holdings: account }],
    ["to.balance[GOLD] += 1;", { entries: 1, cellBytes: 0, holdings: holding }],
    [
      "to.balance[GOLD] += 1; to.balance += 1;",
      { entries: 2, cellBytes: 0, holdings: account + holding },
    ],
    ["to.balance += 1; to.balance += 1;", { entries: 1, cellBytes: 0, holdings: account }],
    ["to.balance += 1; by.balance += 1;", { entries: 2, cellBytes: 0, holdings: 2 * account }],
    ["rows[id] = 1;", { entries: 0, cellBytes: row, holdings: 0 }],
    ["rows[id] = 1; rows[id] = 2;", { entries: 0, cellBytes: row, holdings: 0 }],
    ["rows[id] = 1; rows[other] = 2;", { entries: 0, cellBytes: 2 * row, holdings: 0 }],
    ["rows[id] = 1; pairs[id][to] = true;", { entries: 0, cellBytes: row + pair, holdings: 0 }],
    [
      "pairs[id][to] = true; pairs[id][by] = true;",
      { entries: 0, cellBytes: 2 * pair, holdings: 0 },
    ],
    // A key that is computed may be another each time.
    ["rows[next] = 1; next += 1; rows[next] = 1;", { entries: 0, cellBytes: 2 * row, holdings: 0 }],
  ])(
    "is the bytes of each place that %j may create",
    (effect, { entries, cellBytes: cells, holdings }) => {
      const growth = GROWTH.settlement + holdings + cells;
      expect(growthOf(effect)).toEqual({ growth, entries, cellBytes: cells });
    },
  );
});

describe("the least work of a complete call of an intent", () => {
  test("counts no `assert`, which is proved and does not run", () => {
    const plain = "next += 1;";
    expect(sureOf(`${plain} assert next >= 0;`)).toBe(sureOf(plain));
  });

  test("counts one store for stores that may be to one cell, and one for each surely different place", () => {
    const [one, same, two] = ["rows[id] = 1;", "rows[other] = 1;", "pairs[id][to] = true;"];
    const [first, second] = [sureOf(`${one} ${same}`), sureOf(`${one} ${two}`)];
    expect(first).toBeLessThan(second);
    expect(second).toBe(sureOf(one) + sureOf(two));
  });
});
