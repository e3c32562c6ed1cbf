import { describe, expect, test } from "vitest";
import { compileSource } from "../../src/intent/compiled/compile.ts";
import { confirmCounterexample } from "../../src/intent/counterexample/confirm.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import type { Obligation, ObligationKind } from "../../src/obligation.ts";
import type { TermValue } from "../../src/term.ts";

const steal = `intent steal(signer thief: Account, victim: Account, amount: Amount) {
  guard { victim.balance >= amount; }
  effect { victim.balance -= amount; thief.balance += amount; }
  verify { thief != victim => thief.balance == old(thief.balance) + amount + 1; }
}`;
const max = (1n << 64n) - 1n;
const model = {
  "argument thief": 0n,
  "argument victim": 1n,
  "argument amount": 2n,
  "balance thief": 3n,
  "balance victim": 5n,
};

describe("confirming a counterexample", () => {
  test("it has the source's names, the state before and after, and one sentence", () => {
    const shown = confirm(steal, "authority", model);

    expect(shown).toMatchObject({
      intent: "steal",
      kind: "authority",
      sentence: "The balance of `victim` falls from 5 to 3, and `victim` did not sign.",
      arguments: [
        { name: "thief", type: "Account", value: "thief" },
        { name: "victim", type: "Account", value: "victim" },
        { name: "amount", type: "Amount", value: "2" },
      ],
      accounts: [
        { name: "thief", signs: true, before: { balance: "3" }, after: { balance: "5" } },
        { name: "victim", signs: false, before: { balance: "5" }, after: { balance: "3" } },
      ],
    });
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
  });

  test("a thief that steals from itself has signed: nothing is confirmed", () => {
    const self = { ...model, "argument victim": 0n, "balance victim": 3n };

    expect(confirm(steal, "authority", self)).toBeUndefined();
    expect(confirm(steal, "satisfiable", self)).toMatchObject({
      accounts: [{ name: "thief = victim", signs: true, before: { balance: "3" } }],
    });
  });

  test("only the obligation that fails is confirmed", () => {
    expect(confirm(steal, "postcondition", model)).toBeDefined();
    expect(confirm(steal, "conservation", model)).toBeUndefined();
    expect(confirm(steal, "range", model)).toBeUndefined();
  });

  test.each<[string, Record<string, TermValue>]>([
    ["a supply above 2^64-1", { "balance victim": max }],
    ["a negative balance", { "balance thief": -1n }],
    ["an amount out of range", { "argument amount": max + 1n }],
    ["one account with two balances", { "argument victim": 0n }],
    ["a guard that is false", { "argument amount": 6n }],
    ["a truth value for a number", { "balance victim": true }],
  ])("a model that cannot be is no counterexample: %s", (_what, change) => {
    expect(confirm(steal, "authority", { ...model, ...change })).toBeUndefined();
    expect(confirm(steal, "satisfiable", { ...model, ...change })).toBeUndefined();
  });

  test("a model that leaves something open is no counterexample", () => {
    for (const missing of Object.keys(model)) {
      const partial = Object.fromEntries(Object.entries(model).filter(([key]) => key !== missing));

      expect(confirm(steal, "authority", partial), missing).toBeUndefined();
    }
  });

  test("declared assets have their own columns, and the supply its own line", () => {
    const source = `asset GOLD issuer "${"5a".repeat(32)}";
      issue intent t(a: Account, n: Int) {
        guard { a.balance > 0; }
        effect { supply[GOLD] += n; a.balance[GOLD] += 2 * n; } verify { true; } }`;
    const at = (n: bigint) => ({
      "argument a": 9n,
      "argument n": n,
      "balance a": 1n,
      "balance[GOLD] a": 6n,
      "supply GOLD": 8n,
    });

    expect(confirmAt(source, "as much as its supply", at(3n))).toMatchObject({
      sentence:
        "The run creates 3 of `GOLD`: the holdings change by something else than the supply.",
      accounts: [
        {
          name: "a",
          before: { balance: "1", "balance[GOLD]": "6" },
          after: { balance: "1", "balance[GOLD]": "12" },
        },
      ],
      supplies: [{ asset: "GOLD", before: "8", after: "11" }],
    });
    expect(confirmAt(source, "does not fall", at(3n))).toBeUndefined();
    expect(confirmAt(source, "does not fall", at(-2n))?.sentence).toBe(
      "The supply of `GOLD` goes from 8 to 6.",
    );
    expect(confirmAt(source, "sum of all holdings is unchanged", at(3n))).toBeUndefined();
    expect(confirmAt(source, "`balance[GOLD]` decreases", at(-2n))?.sentence).toBe(
      "The balance[GOLD] of `a` falls from 6 to 2, and `a` did not sign.",
    );
    expect(confirmAt(source, "does not fall", { ...at(-2n), "supply GOLD": 5n })).toBeUndefined();
  });

  test("each kind has its own sentence", () => {
    const source = `intent t(signer a: Account, n: Int, z: Int) {
      effect { a.balance += n; let q = 1 / z; }
      verify { q > 0; } }`;
    const at = (balance: bigint, n: bigint, z: bigint) => ({
      "argument a": 9n,
      "argument n": n,
      "argument z": z,
      "balance a": balance,
    });

    expect(confirm(source, "range", at(0n, -1n, 1n))?.sentence).toBe(
      "`a.balance` would become -1, outside 0 .. 2^64-1.",
    );
    expect(confirm(source, "defined", at(0n, 1n, 0n))?.sentence).toBe("The divisor is 0.");
    expect(confirm(source, "conservation", at(0n, 4n, 1n))?.sentence).toBe(
      "The run creates 4: the holdings no longer sum to what they did.",
    );
    expect(confirm(source, "conservation", at(5n, -4n, 1n))?.sentence).toContain("destroys 4");
    expect(confirm(source, "postcondition", at(5n, -4n, -1n))?.sentence).toBe(
      "After the effects the clause is false.",
    );
    expect(confirm(source, "satisfiable", at(5n, 0n, 0n))?.sentence).toBe("The guards hold here.");
  });
});

function confirm(
  source: string,
  kind: ObligationKind,
  values: Readonly<Record<string, TermValue>>,
) {
  return confirmWhere(source, (one) => one.kind === kind, values);
}

function confirmAt(source: string, label: string, values: Readonly<Record<string, TermValue>>) {
  return confirmWhere(source, (one) => one.label.includes(label), values);
}

function confirmWhere(
  source: string,
  isMeant: (one: Obligation) => boolean,
  values: Readonly<Record<string, TermValue>>,
) {
  const compiled = compileSource(source);
  const intent = compiled.ok ? compiled.intents[0] : undefined;
  if (intent === undefined) throw new Error(JSON.stringify(compiled));
  const obligation = obligationsOf(intent).find(isMeant);
  if (obligation === undefined) throw new Error("no such obligation");
  return confirmCounterexample(intent, obligation, new Map(Object.entries(values)));
}
