import type { BitOperator, Sort, Term } from "../../../src/term.ts";
import type { Claim } from "../formulas/build.ts";
import { operandsOf } from "./evaluate.ts";

/** A script that is unsatisfiable exactly if the claim is true; each term is one definition. */
export function smtText(claim: Claim): string {
  const names = new Map<Term, string>();
  const declared = new Map<string, string>();
  const lines: string[] = [];
  const declareSort = (sort: Sort): void => {
    if (typeof sort === "string" || sort.type === "bits") return;
    if (sort.type === "uninterpreted") {
      declared.set(`sort ${sort.name}`, `(declare-sort |${sort.name}| 0)`);
    } else {
      declareSort(sort.index);
      declareSort(sort.element);
    }
  };
  const sorts = new Map<Term, Sort>();
  const name = (term: Term): string => names.get(term) ?? "?";
  const sortOf = (term: Term | undefined): Sort => (term && sorts.get(term)) ?? "boolean";
  const visit = (root: Term): void => {
    const stack = [root];
    for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
      const waiting = names.has(term) ? [] : operandsOf(term).filter((one) => !names.has(one));
      for (const one of waiting) stack.push(one);
      if (waiting.length > 0) continue;
      stack.pop();
      if (names.has(term)) continue;
      const sort = resultSort(term, sortOf);
      sorts.set(term, sort);
      if (term.type === "symbol" || term.type === "apply" || term.type === "constant-array") {
        declareSort(sort);
      }
      if (term.type === "symbol") {
        declared.set(term.name, `(declare-const |${term.name}| ${sortText(sort)})`);
      }
      if (term.type === "apply") {
        const from = term.operands.map((one) => sortText(sortOf(one))).join(" ");
        declared.set(term.name, `(declare-fun |${term.name}| (${from}) ${sortText(sort)})`);
      }
      names.set(term, `t${names.size}`);
      if (term.type === "constant-array") {
        // Not `as const`: cvc5 wants a literal there.
        const read = `(= (select ${name(term)} i) ${name(term.value)})`;
        lines.push(
          `(declare-const ${name(term)} ${sortText(sort)})`,
          `(assert (forall ((i ${sortText(term.index)})) ${read}))`,
        );
        continue;
      }
      lines.push(`(define-fun ${name(term)} () ${sortText(sort)} ${body(term, name)})`);
    }
  };
  for (const term of [...claim.assumptions, claim.goal]) visit(term);
  return [
    "(set-logic ALL)",
    ...declared.values(),
    ...lines,
    ...claim.assumptions.map((term) => `(assert ${name(term)})`),
    `(assert (not ${name(claim.goal)}))`,
    "(check-sat)",
    "",
  ].join("\n");
}

function resultSort(term: Term, sortOf: (term: Term | undefined) => Sort): Sort {
  switch (term.type) {
    case "integer":
    case "floor":
      return "integer";
    case "rational":
    case "to-real":
      return "real";
    case "bits":
      return { type: "bits", width: term.width };
    case "symbol":
    case "apply":
      return term.sort;
    case "arithmetic":
      return sortOf(term.operands[0]);
    case "if":
      return sortOf(term.then);
    case "select": {
      const array = sortOf(term.array);
      if (typeof array === "object" && array.type === "array") return array.element;
      throw new Error("a select of no array");
    }
    case "store":
      return sortOf(term.array);
    case "constant-array":
      return { type: "array", index: term.index, element: sortOf(term.value) };
    case "bit-operation": {
      const widths = term.operands.map((one) => {
        const sort = sortOf(one);
        return typeof sort === "object" && sort.type === "bits" ? sort.width : 0;
      });
      const [first = 0, second = 0] = widths;
      return { type: "bits", width: term.operator === "concatenate" ? first + second : first };
    }
    case "extract":
      return { type: "bits", width: term.high - term.low + 1 };
    default:
      return "boolean";
  }
}

function sortText(sort: Sort): string {
  if (sort === "integer") return "Int";
  if (sort === "boolean") return "Bool";
  if (sort === "real") return "Real";
  if (sort.type === "bits") return `(_ BitVec ${sort.width})`;
  if (sort.type === "uninterpreted") return `|${sort.name}|`;
  return `(Array ${sortText(sort.index)} ${sortText(sort.element)})`;
}

const bitNames: Readonly<Record<BitOperator, string>> = {
  complement: "bvnot",
  and: "bvand",
  or: "bvor",
  "exclusive-or": "bvxor",
  add: "bvadd",
  multiply: "bvmul",
  divide: "bvudiv",
  remainder: "bvurem",
  "shift-left": "bvshl",
  "shift-right": "bvlshr",
  "shift-right-arithmetic": "bvashr",
  concatenate: "concat",
};

const arithmeticNames = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "div",
  modulo: "mod",
  quotient: "/",
} as const;

function body(term: Term, name: (term: Term) => string): string {
  const list = operandsOf(term).map(name).join(" ");
  const whole = (value: bigint, end: string): string =>
    value < 0n ? `(- ${-value}${end})` : `${value}${end}`;
  switch (term.type) {
    case "integer":
      return whole(term.value, "");
    case "boolean":
      return `${term.value}`;
    case "rational":
      return `(/ ${whole(term.numerator, ".0")} ${term.denominator}.0)`;
    case "bits":
      return `(_ bv${term.value} ${term.width})`;
    case "symbol":
      return `|${term.name}|`;
    case "apply":
      return `(|${term.name}| ${list})`;
    case "arithmetic":
      return `(${arithmeticNames[term.operator]} ${list})`;
    case "to-real":
      return `(to_real ${list})`;
    case "floor":
      return `(to_int ${list})`;
    case "compare":
      return `(${term.operator === "less" ? "<" : "<="} ${list})`;
    case "equal":
      return `(= ${list})`;
    case "implies":
      return `(=> ${list})`;
    case "if":
      return `(ite ${list})`;
    case "and":
    case "or":
      if (term.operands.length < 2) return list === "" ? `${term.type === "and"}` : list;
      return `(${term.type} ${list})`;
    case "not":
    case "select":
    case "store":
      return `(${term.type} ${list})`;
    case "constant-array":
      throw new Error("a constant array has no body");
    case "bit-operation":
      return `(${bitNames[term.operator]} ${list})`;
    case "extract":
      return `((_ extract ${term.high} ${term.low}) ${list})`;
    case "compare-bits":
      return `(${term.operator === "signed-less" ? "bvslt" : "bvult"} ${list})`;
  }
}
