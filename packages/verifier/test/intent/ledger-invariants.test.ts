import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { isPossibleState } from "../../src/intent/ledger-invariants.ts";
import type { Term } from "../../src/term.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { checkObligation } from "../z3/check-obligation.ts";
import { compileAll, failures, limit, prove } from "./prove.ts";

const library = (file: string): string =>
  readFileSync(new URL(`../../library/${file}`, import.meta.url), "utf8");

const amountNeeded =
  "intent t(amount: Amount) { verify { 0 <= amount && amount <= 18446744073709551615; } }";
const balanceNeeded = "intent t(a: Account) { verify { 0 <= a.balance; } }";
const intNeeded = `intent t(n: Int) { verify { abs(n) < ${1n << 127n}; } }`;
const sequenceNeeded = "intent t() { verify { 0 <= sequence && sequence < 9007199254740992; } }";

const supplyNeeded = `asset GOLD issuer "${"5a".repeat(32)}";
  intent t() { verify { 0 <= supply[GOLD] && supply[GOLD] <= 18446744073709551615; } }`;

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("what the Judge assumes, and what each assumption is needed for", () => {
  const needs: readonly (readonly [string, string, (term: Term) => boolean, string])[] = [
    ["the sum of holdings", library("transfer.ae"), isSum, "range"],
    ["the range of amounts", amountNeeded, mentions("amount"), "postcondition"],
    ["the range of balances", balanceNeeded, isBalanceRange, "postcondition"],
    ["the range of Int arguments", intNeeded, mentions("n"), "postcondition"],
    ["the range of supplies", supplyNeeded, isSupplyRange, "postcondition"],
    ["that no more is held than the supply", library("assets/burn-gold.ae"), isSum, "range"],
    ["the range of the sequence", sequenceNeeded, mentions(".sequence"), "postcondition"],
  ];

  test.each(needs)(
    "without %s something true is no longer provable",
    (_what, source, drop, kind) => {
      const [intent] = compileAll(source);
      if (intent === undefined) throw new Error("one intent went in");

      const answers = obligationsOf(intent)
        .filter((one) => one.kind === kind)
        .map((one) => {
          const assumptions = one.assumptions.filter((term) => !drop(term));
          expect(assumptions.length).toBeLessThan(one.assumptions.length);
          return checkObligation(z3, { ...one, assumptions }, limit).type;
        });

      expect(failures(prove(z3, source))).toEqual([]);
      expect(answers).toContain("sat");
    },
  );

  test("three names of accounts sum correctly in every alias partition", () => {
    const source = `intent t(a: Account, b: Account, c: Account) {
      verify {
        a != b && b != c && a != c => a.balance + b.balance + c.balance <= 18446744073709551615;
        a == b && b != c => b.balance + c.balance <= 18446744073709551615;
        a == c && b != c => b.balance + c.balance <= 18446744073709551615;
        b == c && b != a => a.balance + c.balance <= 18446744073709551615;
        a == b && b == c => 3 * a.balance <= 3 * 18446744073709551615;
      } }`;
    const tooStrong = `intent t(a: Account, b: Account, c: Account) {
      verify { a.balance + b.balance + c.balance <= 18446744073709551615; } }`;

    expect(failures(prove(z3, source))).toEqual([]);
    expect(failures(prove(z3, tooStrong))).toEqual(["postcondition refuted"]);
  });

  test("a concrete state is possible up to the whole supply and not beyond", () => {
    const max = (1n << 64n) - 1n;

    expect(isPossibleState([{ balance: max }, { balance: 0n, stake: 0n }])).toBe(true);
    expect(isPossibleState([{ balance: max }, { stake: 1n }])).toBe(false);
    expect(isPossibleState([{ balance: -1n }, { balance: 1n }])).toBe(false);
    expect(isPossibleState([{ balance: max + 1n }])).toBe(false);
  });

  test("each asset has a supply of its own, and nobody holds more than there is", () => {
    const max = (1n << 64n) - 1n;
    const rich = [{ balance: max, "balance[GOLD]": 4n }, { "balance[GOLD]": 3n }];

    expect(isPossibleState(rich)).toBe(true);
    expect(isPossibleState(rich, new Map([["GOLD", 7n]]))).toBe(true);
    expect(isPossibleState(rich, new Map([["GOLD", 6n]]))).toBe(false);
    expect(isPossibleState([], new Map([["GOLD", max + 1n]]))).toBe(false);
    expect(isPossibleState([{ "balance[GOLD]": max }, { "balance[GOLD]": 1n }])).toBe(false);
  });
});

/** The sum is the one assumption that is a bare comparison with the supply. */
function isSum(term: Term): boolean {
  const holds = mentions(".balance")(term) || mentions(".balance[GOLD]")(term);
  return term.type === "compare" && holds && !mentions("amount")(term);
}

function isSupplyRange(term: Term): boolean {
  return term.type === "and" && mentions(".supply[GOLD]")(term);
}

function isBalanceRange(term: Term): boolean {
  return term.type === "and" && mentions(".balance")(term);
}

function mentions(name: string): (term: Term) => boolean {
  return (term) =>
    JSON.stringify(term, (_key, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    ).includes(`"name":"${name}"`);
}
