import { beforeAll, describe, expect, test } from "vitest";
import { refusedOperators } from "../../src/theorem/signatures/refused-operators.ts";
import { allSignatures } from "../../src/theorem/signatures/theories.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { printed, refusal } from "./screening.ts";
import { type Row, type SortText, table, type Use, universe } from "./signature-table.ts";

const sorts = Object.keys(universe) as SortText[];
const declarations = `(declare-sort U 0)(declare-datatype D ((c)))${sorts
  .map((sort) => `(declare-const ${universe[sort]} ${sort})`)
  .join("")}`;

/** Operators that are refused whatever their operands are: their rows would say nothing. */
const refused = new Set(
  refusedOperators.flatMap(({ operator, condition }) =>
    condition === undefined ? [operator] : [],
  ),
);
const rows = table.filter(({ name }) => !refused.has(name));

function script(row: Row, operands: readonly SortText[], result: string): string {
  const names = operands.map((sort) => universe[sort]);
  const term = names.length === 0 ? row.head : `(${row.head} ${names.join(" ")})`;
  return `${declarations}(declare-const k ${result})(assert (= k ${term}))(check-sat)`;
}

function* tuples(length: number): Generator<readonly SortText[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const rest of tuples(length - 1)) for (const sort of sorts) yield [...rest, sort];
}

const keyOf = (operands: readonly SortText[]): string => operands.join(",");

describe("signatures of the standard's operators", () => {
  test("the table has every operator that the screen knows, and no other", () => {
    const known = new Set(allSignatures.map(({ name }) => name));
    const listed = new Set([...table.map(({ name }) => name), ...refused]);

    expect([...known].filter((name) => !listed.has(name))).toEqual([]);
    expect([...listed].filter((name) => !known.has(name) && !name.endsWith("*"))).toEqual([]);
  });

  test.each(rows)("$head takes what the standard says and nothing else", (row) => {
    const accepted = new Map<string, Use>(row.uses.map((use) => [keyOf(use.operands), use]));
    for (const length of new Set(row.uses.map(({ operands }) => operands.length))) {
      for (const operands of tuples(length)) {
        const use = accepted.get(keyOf(operands));
        const result = use?.result ?? row.uses[0]?.result ?? "Bool";
        const found = refusal(script(row, operands, result));
        if (use === undefined)
          expect(["sort", "index", "refused"], keyOf(operands)).toContain(found);
        else expect(["accepted", "refused"], keyOf(operands)).toContain(found);
      }
    }
  });

  test.each(rows)("$head has the result that the standard says and no other", (row) => {
    for (const use of row.uses) {
      for (const result of sorts) {
        const found = refusal(script(row, use.operands, result));
        const right = result === use.result;
        if (!right) expect(["sort", "refused"], result).toContain(found);
      }
    }
  });

  test.each(rows)("$head takes no other number of operands", (row) => {
    const lengths = new Set(row.uses.map(({ operands }) => operands.length));
    const most = Math.max(...lengths);
    const operands = row.uses.find((use) => use.operands.length === most)?.operands ?? [];
    const fewer = operands.slice(0, -1);
    const foldable = allSignatures.some(({ name, fold }) => name === row.name && fold);
    const [last = "Bool"] = operands.slice(-1);

    if (fewer.length > 0 && !lengths.has(fewer.length) && !["and", "or"].includes(row.name)) {
      expect(["shape", "sort"]).toContain(refusal(script(row, fewer, "Bool")));
    }
    if (!foldable && most > 0) {
      expect(["shape", "sort"]).toContain(refusal(script(row, [...operands, last], "Bool")));
    }
  });
});

describe("Z3 reads what is accepted", () => {
  let instance: SolverInstance;
  beforeAll(async () => {
    instance = await createSolverInstance();
  });

  test.each(rows)("$head", (row) => {
    for (const use of row.uses) {
      const text = script(row, use.operands, use.result);
      if (refusal(text) === "refused") continue;
      const parsed = instance.begin("script").tryParse(printed(text));
      expect(parsed, `${keyOf(use.operands)}`).toHaveLength(1);
    }
  });
});

describe("more operands than two", () => {
  const given =
    "(declare-fun x () Int)(declare-fun y () Int)(declare-fun z () Int)" +
    "(declare-fun p () Bool)(declare-fun q () Bool)(declare-fun b () (_ BitVec 4))";
  const same = (left: string, right: string): void => {
    const claim = (term: string): string => `${given}(assert ${term})(check-sat)`;
    expect(printed(claim(left))).toBe(printed(claim(right)));
  };

  test.each([
    ["(< x y z)", "(and (< x y) (< y z))"],
    ["(= x y z)", "(and (= x y) (= y z))"],
    ["(=> p q p q)", "(=> p (=> q (=> p q)))"],
    ["(xor p q p)", "(xor (xor p q) p)"],
    ["(= 0 (- x y z))", "(= 0 (- (- x y) z))"],
    ["(= 0 (div x y z))", "(= 0 (div (div x y) z))"],
    ["(= #x000 (concat b b b))", "(= #x000 (concat (concat b b) b))"],
    ["(or p)", "p"],
  ])("%s is %s", same);

  test.each(["(distinct x y p)", "(< x y p)", "(and p q x)", "(+ x y p)", "(=> p x q)"])(
    "%s is ill-sorted",
    (term) => {
      expect(refusal(`${given}(assert (= p ${term}))(check-sat)`)).toBe("sort");
    },
  );
});
