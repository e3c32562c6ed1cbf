import { assert } from "@aethel/models/primitives";
import type { Sort, Term } from "../../term.ts";
import { operandsOf } from "../../term-operands.ts";
import { type Formula, type Formulas, present } from "./formulas.ts";

/**
 * Reader of the terms of obligations. A formula that the kernel accepts holds for every value of
 * its symbols. So any term may take the place of a symbol: `meanings` has the terms that take the
 * place of the symbols of `let`s and stores.
 */
export interface TermReader {
  readonly formulas: Formulas;
  readonly meanings: Map<string, Formula>;
  /** Terms that were read already, with the current `meanings`. */
  readonly known: Map<Term, Formula>;
  /** Symbols without a meaning that were read. */
  readonly free: Set<string>;
}

/** Creates a reader that has read nothing. */
export function createTermReader(formulas: Formulas): TermReader {
  return { formulas, meanings: new Map(), known: new Map(), free: new Set() };
}

/** Returns a sort as a text that is equal for equal sorts only. */
export function sortText(sort: Sort): string {
  if (typeof sort === "string") return sort;
  if (sort.type === "array") return `[${sortText(sort.index)}]${sortText(sort.element)}`;
  return JSON.stringify(sort);
}

/**
 * Takes `term` as the meaning of a symbol. If the symbol had another meaning, or was read without
 * one, the terms that were read are forgotten: in one obligation a symbol must have one meaning.
 */
export function define(reader: TermReader, symbol: Term & { type: "symbol" }, term: Term): void {
  const key = keyOf(symbol);
  const meaning = readTerm(reader, term);
  const earlier = reader.meanings.get(key);
  if (earlier === meaning) return;
  if (earlier !== undefined || reader.free.has(key)) {
    reader.known.clear();
    reader.free.clear();
  }
  reader.meanings.set(key, meaning);
}

function keyOf({ name, sort }: Term & { type: "symbol" }): string {
  return `${name} : ${sortText(sort)}`;
}

/** Returns the canonical form of a term. Visits each object once and does not recurse. */
export function readTerm(reader: TermReader, term: Term): Formula {
  const { known } = reader;
  const read = known.get(term);
  if (read !== undefined) return read;
  const waiting: Term[] = [term];
  for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
    const { length } = waiting;
    for (const operand of operandsOf(next)) if (!known.has(operand)) waiting.push(operand);
    // Operands are read before what they are operands of.
    if (waiting.length > length) continue;
    if (!known.has(next)) known.set(next, build(reader, next));
    waiting.pop();
  }
  return present(known.get(term), "a term that was read is known");
}

function build({ formulas, meanings, known, free }: TermReader, term: Term): Formula {
  const of = (operand: Term): Formula => present(known.get(operand), "operands are read first");
  switch (term.type) {
    case "integer":
      return formulas.integer(term.value);
    case "boolean":
      return formulas.boolean(term.value);
    case "symbol": {
      const key = keyOf(term);
      const meaning = meanings.get(key);
      if (meaning === undefined) free.add(key);
      return meaning ?? formulas.symbol(term.name, sortText(term.sort));
    }
    case "apply":
      return formulas.apply(term.name, sortText(term.sort), term.operands.map(of));
    case "arithmetic": {
      const operands = term.operands.map(of);
      if (term.operator === "add") return formulas.add(operands);
      const [left, right, ...more] = operands;
      assert(left !== undefined && right !== undefined && more.length === 0, "two operands");
      assert(term.operator !== "quotient", "obligations of contracts have no reals");
      return term.operator === "subtract"
        ? formulas.subtract(left, right)
        : formulas.plain(term.operator, left, right);
    }
    case "compare": {
      const { operator, left, right } = term;
      return operator === "less"
        ? formulas.less(of(left), of(right))
        : formulas.atMost(of(left), of(right));
    }
    case "equal":
      return formulas.equal(of(term.left), of(term.right));
    case "not":
      return formulas.not(of(term.operand));
    case "and":
      return formulas.and(term.operands.map(of));
    case "or":
      return formulas.or(term.operands.map(of));
    case "implies":
      return formulas.implies([of(term.left)], of(term.right));
    case "if":
      return formulas.choose(of(term.condition), of(term.then), of(term.else));
    case "select":
      return formulas.select(of(term.array), of(term.index));
    case "store":
      return formulas.store(of(term.array), of(term.index), of(term.value));
    default:
      throw new Error(`obligations of contracts have no term of type ${term.type}`);
  }
}
