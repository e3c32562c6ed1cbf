import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findUnderived, type Underived } from "../../../src/contract/derivation/derive.ts";
import { signObligations } from "../../../src/contract/encoder/ground.ts";
import { contractObligations } from "../../../src/contract/encoder/obligations.ts";
import { checkInitialState } from "../../../src/contract/whole-state/initial-rules.ts";
import { WorkExceeded } from "../../../src/contract/work.ts";
import { contractOf } from "../oracle/judged-contract.ts";

/** Returns a contract with `cells` initial cells and a rule over `heads` of them at once. */
function manyCells(of: {
  readonly cells: number;
  readonly heads: number;
  readonly isSummed: boolean;
}): string {
  const cells = Array.from({ length: of.cells }, (_, at) => `[${at + 1}]: 1`).join(", ");
  const heads = Array.from({ length: of.heads }, (_, at) => `for each k${at} in m: `).join("");
  const sum = of.isSummed ? " + sum(v in m: v)" : "";
  return `contract many {
    state { m: map[Int] Amount = { ${cells} }; }
    invariant pairs: ${heads}0 <= k0 - k0${sum};
    intent nothing() { }
  }`;
}

/** Returns a contract whose rule can be guessed of many keys: it reads `terms` terms. */
function manyKeys(of: { readonly terms: number; readonly heads: number }): string {
  const names = ["a", "b", "c", "d"].slice(0, 2 * of.heads);
  const term = Array.from(
    { length: of.terms },
    (_, at) => `(${names[at % names.length]} * ${at + 2})`,
  ).join(" + ");
  const heads = of.heads === 1 ? "for each a, b in m:" : "for each a, b in m: for each c, d in m:";
  return `contract many {
    state { m: map[Int][Int] Int; }
    invariant big: ${heads} ${term} <= ${term} + 1;
    intent store(k: Int, l: Int) { effect { m[k][l] = 1; } }
  }`;
}

/** Derives the obligations of a contract as the encoder makes them. */
function derived(source: string, unitsMax?: number): Underived | undefined {
  const contract = contractOf(source);
  const [signs, shown] = [signObligations(contract), new Set<number>()];
  const obligations = contractObligations(contract, shown);
  return findUnderived(contract, { signs, shown, obligations }, unitsMax);
}

describe("P10: the work on a contract is counted before it is done", () => {
  test("rules over all tuples of initial cells end at the limit", () => {
    const shape = fc.record({
      cells: fc.integer({ min: 400, max: 1_000 }),
      heads: fc.constant(2),
      isSummed: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 100_000 }), (of, unitsMax) => {
        const [check] = checkInitialState(contractOf(manyCells(of)), unitsMax);

        expect(check).toMatchObject({ isUndecided: true });
        expect(check?.problem).toContain(`more than ${unitsMax} units`);
      }),
      { numRuns: 20 },
    );
  });

  test("sums for all pairs of 1,000 cells are undecided with the limit of the Judge", () => {
    const contract = contractOf(manyCells({ cells: 1_000, heads: 2, isSummed: true }));

    expect(checkInitialState(contract)).toMatchObject([{ isUndecided: true }]);
  });

  test("one `for each` over 1,000 cells is decided", () => {
    const contract = contractOf(manyCells({ cells: 1_000, heads: 1, isSummed: false }));

    expect(checkInitialState(contract)).toMatchObject([{ problem: undefined }]);
  });

  test("a derivation ends at its limit", () => {
    const shape = fc.record({
      terms: fc.integer({ min: 8, max: 40 }),
      heads: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(shape, fc.integer({ min: 1, max: 1_000 }), (of, unitsMax) => {
        const found = derived(manyKeys(of), unitsMax);

        expect(found).toMatchObject({ type: "exceeded" });
        expect(found?.reason).toContain(`more than ${unitsMax} units`);
      }),
      { numRuns: 20 },
    );
  });

  test("keys that can be guessed in millions of ways are refused", () => {
    expect(derived(manyKeys({ terms: 40, heads: 2 }))?.type).toBe("exceeded");
  });

  test("obligations with too many assumptions are not built", () => {
    const list = (length: number, one: (at: number) => string): string =>
      Array.from({ length }, (_, at) => one(at)).join(" ");
    const contract = contractOf(`contract many {
      state { m: map[Int] Amount; }
      ${list(60, (at) => `invariant i${at}: for each a in m: m[a] + ${at} >= ${at};`)}
      ${list(60, (at) => `intent f${at}(k: Int) { effect { ${list(20, (n) => `m[k + ${n}] = 1;`)} } }`)}
    }`);

    expect(() => contractObligations(contract, new Set())).toThrow(WorkExceeded);
  });
});
