import { assert } from "@aethel/models/primitives";

/**
 * Formula or other term in canonical form. Terms of one table that have equal canonical forms are
 * the same object, so `===` compares them.
 *
 * `detail` is the value of a constant, or the name and sort of a symbol or function. It is empty
 * for other operators. `operands` of `and`, `or` and `equal` are ordered by `id`.
 */
export interface Formula {
  readonly id: number;
  readonly operator: Operator;
  readonly operands: readonly Formula[];
  readonly detail: string;
}

export type Operator =
  | "integer"
  | "boolean"
  | "symbol"
  | "apply"
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "modulo"
  | "at-most"
  | "equal"
  | "not"
  | "and"
  | "or"
  | "if"
  | "select"
  | "store";

/** Operator of numbers that is never simplified. */
export type PlainOperator = "multiply" | "divide" | "modulo";

/**
 * Table of canonical terms with their constructors. Each constructor returns a term that is equal
 * to what it was asked for under every meaning of the symbols; the comment at each rewriting is the
 * reason. The rewritings are few: they only remove differences of notation.
 */
export interface Formulas {
  /** Counts units of work before they are done, also those of each constructor. May throw. */
  readonly spend: (units: number) => void;
  readonly truth: Formula;
  readonly falsehood: Formula;
  readonly integer: (value: bigint) => Formula;
  readonly boolean: (value: boolean) => Formula;
  readonly symbol: (name: string, sort: string) => Formula;
  readonly apply: (name: string, sort: string, operands: readonly Formula[]) => Formula;
  readonly add: (operands: readonly Formula[]) => Formula;
  readonly subtract: (left: Formula, right: Formula) => Formula;
  readonly plain: (operator: PlainOperator, left: Formula, right: Formula) => Formula;
  readonly atMost: (left: Formula, right: Formula) => Formula;
  readonly less: (left: Formula, right: Formula) => Formula;
  readonly equal: (left: Formula, right: Formula) => Formula;
  readonly not: (operand: Formula) => Formula;
  readonly and: (operands: readonly Formula[]) => Formula;
  readonly or: (operands: readonly Formula[]) => Formula;
  readonly implies: (conditions: readonly Formula[], conclusion: Formula) => Formula;
  readonly choose: (condition: Formula, yes: Formula, no: Formula) => Formula;
  readonly select: (array: Formula, index: Formula) => Formula;
  readonly store: (array: Formula, index: Formula, value: Formula) => Formula;
}

/** Creates an empty table. `spend` counts the work of its constructors. Default: counts nothing. */
export function createFormulas(spend: (units: number) => void = () => undefined): Formulas {
  const table: Table = { spend, terms: new Map(), negations: new Map(), size: 0 };
  const logic = logicOf(table);
  return { spend, ...logic, ...numbersOf(table, logic), ...valuesOf(table, logic) };
}

type Logic = Pick<Formulas, "truth" | "falsehood" | "boolean" | "not" | "and" | "or" | "implies">;

function logicOf(table: Table): Logic {
  const truth = intern(table, "boolean", [], "true");
  const falsehood = intern(table, "boolean", [], "false");
  table.negations.set(truth, falsehood);
  table.negations.set(falsehood, truth);
  const not = (operand: Formula): Formula => negate(table, operand);
  const or = (operands: readonly Formula[]): Formula =>
    joined(table, "or", { neutral: falsehood, absorbing: truth }, operands);
  return {
    truth,
    falsehood,
    boolean: (value) => (value ? truth : falsehood),
    not,
    and: (operands) => joined(table, "and", { neutral: truth, absorbing: falsehood }, operands),
    or,
    implies: (conditions, conclusion) => or([...conditions.map(not), conclusion]),
  };
}

type Numbers = Pick<Formulas, "integer" | "add" | "subtract" | "plain" | "atMost" | "less">;

function numbersOf(table: Table, { boolean, not, truth }: Logic): Numbers {
  const integer = (value: bigint): Formula => intern(table, "integer", [], String(value));
  const atMost = (left: Formula, right: Formula): Formula => {
    if (left === right) return truth;
    const [a, b] = [valueOf(left), valueOf(right)];
    if (a !== undefined && b !== undefined) return boolean(a <= b);
    return intern(table, "at-most", [left, right]);
  };
  return {
    integer,
    add: (operands) => {
      // 0 + x = x.
      const kept = operands.filter((one) => valueOf(one) !== 0n);
      const [only = integer(0n), second] = kept;
      return second === undefined ? only : intern(table, "add", kept);
    },
    subtract: (left, right) => {
      const [a, b] = [valueOf(left), valueOf(right)];
      if (a !== undefined && b !== undefined) return integer(a - b);
      return intern(table, "subtract", [left, right]);
    },
    plain: (operator, left, right) => intern(table, operator, [left, right]),
    atMost,
    // a < b if not b <= a, in integers.
    less: (left, right) => not(atMost(right, left)),
  };
}

type Values = Pick<Formulas, "symbol" | "apply" | "equal" | "choose" | "select" | "store">;

function valuesOf(table: Table, { truth, falsehood, and, not }: Logic): Values {
  return {
    symbol: (name, sort) => intern(table, "symbol", [], `${name} : ${sort}`),
    apply: (name, sort, operands) => intern(table, "apply", operands, `${name} : ${sort}`),
    equal: (left, right) => {
      if (left === right) return truth;
      if (isConstant(left) && isConstant(right)) return falsehood;
      // x = true is x, and x = false is not x.
      const [constant, other] = isConstant(left) ? [left, right] : [right, left];
      if (constant.operator === "boolean") return constant === truth ? other : not(other);
      return intern(table, "equal", inOrder([left, right]));
    },
    choose: (condition, yes, no) => {
      if (condition === truth || yes === no) return yes;
      if (condition === falsehood) return no;
      // if c then (if d then x else y) else y = if c and d then x else y.
      const [inner, x, y] = yes.operator === "if" ? yes.operands : [];
      if (inner !== undefined && x !== undefined && y === no) {
        return intern(table, "if", [and([condition, inner]), x, no]);
      }
      return intern(table, "if", [condition, yes, no]);
    },
    select: (array, index) => {
      const [base, stored, value] = array.operator === "store" ? array.operands : [];
      // The element that was just stored; or, at another constant index, one that was not.
      if (stored === index && value !== undefined) return value;
      const isOther = stored !== undefined && isConstant(stored) && isConstant(index);
      return intern(table, "select", [isOther && base !== undefined ? base : array, index]);
    },
    store: (array, index, value) => intern(table, "store", [array, index, value]),
  };
}

interface Table {
  readonly spend: (units: number) => void;
  readonly terms: Map<Operator, Map<number | string, Formula>>;
  readonly negations: Map<Formula, Formula>;
  /** Number of terms. */
  size: number;
}

function intern(
  table: Table,
  operator: Operator,
  operands: readonly Formula[],
  detail = "",
): Formula {
  table.spend(1 + operands.length);
  let terms = table.terms.get(operator);
  if (terms === undefined) {
    terms = new Map();
    table.terms.set(operator, terms);
  }
  const key = keyOf(operands, detail);
  const known = terms.get(key);
  if (known !== undefined) return known;
  const term = { id: table.size, operator, operands, detail };
  table.size += 1;
  terms.set(key, term);
  return term;
}

/** Returns what tells the terms of one operator apart. Numbers are made faster than texts. */
function keyOf(operands: readonly Formula[], detail: string): number | string {
  const [left, right, third] = operands;
  const isPair = left !== undefined && third === undefined && detail === "";
  if (isPair && left.id < ID_MAX && (right === undefined || right.id < ID_MAX)) {
    return left.id * ID_MAX + (right === undefined ? ID_MAX - 1 : right.id);
  }
  return `${operands.map(({ id }) => id).join(" ")};${detail}`;
}

/** One more than the greatest `id` in a key that is a number: pairs of them are safe integers. */
const ID_MAX = 2 ** 26 - 1;

/** Returns the negation; `not` stands before symbols and comparisons only. */
function negate(table: Table, operand: Formula): Formula {
  const known = table.negations.get(operand);
  if (known !== undefined) return known;
  const negation = intern(table, "not", [operand]);
  table.negations.set(operand, negation);
  table.negations.set(negation, operand);
  return negation;
}

/** Returns a conjunction or disjunction: flat, ordered, each operand once. */
function joined(
  table: Table,
  operator: "and" | "or",
  of: { readonly neutral: Formula; readonly absorbing: Formula },
  operands: readonly Formula[],
): Formula {
  const flat = operands.flatMap((one) => (one.operator === operator ? one.operands : [one]));
  table.spend(flat.length);
  const kept = inOrder([...new Set(flat)].filter((one) => one !== of.neutral));
  if (kept.includes(of.absorbing)) return of.absorbing;
  const [only = of.neutral, second] = kept;
  if (second === undefined) return only;
  const term = intern(table, operator, kept);
  if (!table.negations.has(term)) {
    // De Morgan, made at once, so that no formula is descended into to negate it.
    const other = operator === "and" ? "or" : "and";
    const negation = intern(table, other, inOrder(kept.map((one) => negate(table, one))));
    table.negations.set(term, negation);
    table.negations.set(negation, term);
  }
  return term;
}

function inOrder(operands: readonly Formula[]): readonly Formula[] {
  const isOrdered = operands.every(({ id }, at) => at === 0 || (operands[at - 1]?.id ?? id) < id);
  return isOrdered ? operands : operands.toSorted((left, right) => left.id - right.id);
}

/** Tells whether a term is a number or a truth value that is written down. */
function isConstant({ operator }: Formula): boolean {
  return operator === "integer" || operator === "boolean";
}

/** Returns the value of an integer constant. Undefined for other terms. */
export function valueOf({ operator, detail }: Formula): bigint | undefined {
  return operator === "integer" ? BigInt(detail) : undefined;
}

/** Returns the conjuncts of a formula: itself, unless it is a conjunction. */
export function conjunctsOf(formula: Formula): readonly Formula[] {
  return formula.operator === "and" ? formula.operands : [formula];
}

/** Returns the disjuncts of a formula: itself, unless it is a disjunction. */
export function disjunctsOf(formula: Formula): readonly Formula[] {
  return formula.operator === "or" ? formula.operands : [formula];
}

/** Returns an element that must be there. */
export function present<T>(value: T | undefined, why: string): T {
  assert(value !== undefined, why);
  return value;
}

/** Returns a formula as text, cut after about `charactersMax` characters. */
export function printFormula(formula: Formula, charactersMax = 240): string {
  const left: (Formula | string)[] = [formula];
  let text = "";
  while (left.length > 0 && text.length < charactersMax) {
    const next = left.pop();
    if (next === undefined || typeof next === "string") {
      text += next ?? "";
      continue;
    }
    const { operator, operands, detail } = next;
    if (operands.length === 0) {
      text += detail.replace(/ : .*$/, "");
      continue;
    }
    left.push(")", ...operands.flatMap((one) => [one, " "]).toReversed());
    left.push(`(${operator === "apply" ? detail.replace(/ : .*$/, "") : operator}`);
  }
  return left.length > 0 ? `${text} ...` : text;
}
