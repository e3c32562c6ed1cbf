import { assertNever } from "@aethel/models/primitives";
import {
  domainKey,
  domainOf,
  type Environment,
  type FunctionMeaning,
  genericSort,
  type NameMeanings,
} from "../environment/environment.ts";
import type { Machine, Typed } from "../environment/machine.ts";
import { refuseUnknown } from "../environment/refuse.ts";
import type { Operator, TypedTerm } from "../graph/typed-term.ts";
import { signatureOf } from "../signatures/theories.ts";
import { datatypeOf } from "../sorts/datatype.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { matchSort, type SortArguments } from "../sorts/match-sort.ts";
import type { Sort, SortSymbol } from "../sorts/sort.ts";
import { type Constructor, type Selector } from "../sorts/sort.ts";
import { type Atom, ScreenError } from "../syntax/s-expression.ts";
import { applyTheory } from "./apply-theory.ts";

/**
 * Applies a name that no binder binds, which is a function of the script or of a theory.
 *
 * `result` is the sort that `as` gives; undefined without `as`.
 *
 * @throws ScreenError `sort` for operands of wrong sorts, `undeclared` for an unknown name.
 */
export function applyName(
  machine: Machine,
  name: Atom,
  operands: readonly Typed[],
  result?: Sort,
): TypedTerm {
  const { environment } = machine;
  const { text, at } = name;
  const meanings = environment.functionNames.get(text);
  if (meanings !== undefined) {
    const meaning = pick(name, meanings, operands, result);
    return applyMeaning(machine, { meaning, name, operands, result });
  }
  const signature = signatureOf(text);
  if (signature !== undefined) {
    const term = applyTheory(environment, { signature, shown: text, indices: [], at }, operands);
    if (result !== undefined && term.sort !== result) wrongResult(text, result, term.sort, at);
    return term;
  }
  if (text.startsWith("is-") && constructorsOf(environment, text.slice(3)).size > 0) {
    return applyTester(environment, { ...name, text: text.slice(3) }, operands);
  }
  return refuseUnknown(text, at, `\`${text}\``);
}

/**
 * Applies `(_ is c)`, or `is-c` as it was written before SMT-LIB 2.6. If several constructors have
 * the name, the sort of the operand selects one.
 */
export function applyTester(
  environment: Environment,
  name: Atom,
  operands: readonly Typed[],
): TypedTerm {
  const { graph, sorts } = environment;
  const shown = `(_ is ${name.text})`;
  const candidates = constructorsOf(environment, name.text);
  const [first] = candidates.values();
  if (first === undefined) {
    throw new ScreenError("undeclared", `no constructor ${name.text} is declared`, name.at);
  }
  requireOperands(shown, 1, operands.length, name.at);
  const [operand] = operands;
  if (operand === undefined) throw new Error("unreachable: one operand");
  const found = datatypeOf(operand.term.sort);
  const constructor = found === undefined ? undefined : candidates.get(found.datatype.symbol);
  if (constructor === undefined) mismatch(shown, describeSymbol(first), operand);
  return graph.make({ type: "test", constructor }, [operand.term], sorts.plain("Bool"), name.at);
}

/** Returns the constructors that have a name, by the symbols of their datatypes. */
function constructorsOf(
  { functionNames }: Environment,
  name: string,
): ReadonlyMap<SortSymbol, Constructor> {
  return functionNames.get(name)?.constructors ?? new Map<SortSymbol, Constructor>();
}

/** Makes the term that selects a field of a value. The caller must have checked the sorts. */
export function selectField(
  { graph, sorts }: Environment,
  selector: Selector,
  operand: TypedTerm,
  at: number,
): TypedTerm {
  const instance = datatypeOf(operand.sort);
  const sort = sorts.instantiate(selector.sort, instance?.operands ?? []);
  return graph.make({ type: "select", selector }, [operand], sort, at);
}

/** Greatest number of operands whose sorts an error message names. */
const SHOWN_OPERANDS_MAX = 8;

/** Selects, among several functions of one name, the one that takes operands of these sorts. */
function pick(
  name: Atom,
  { only, byDomain }: NameMeanings,
  operands: readonly Typed[],
  result: Sort | undefined,
): FunctionMeaning {
  if (only !== undefined) return only;
  const fitting = byDomain.get(domainKey(operands.map(({ term }) => term.sort)));
  if (fitting !== undefined) return fitting;
  const shown = operands.slice(0, SHOWN_OPERANDS_MAX);
  const found = shown.map(({ term }) => describeSort(term.sort)).join(" ");
  const message =
    operands.length === 0 && result !== undefined
      ? `no constant ${name.text} is declared`
      : `no \`${name.text}\` takes (${found})`;
  throw new ScreenError("sort", message, name.at);
}

interface Application {
  readonly meaning: FunctionMeaning;
  readonly name: Atom;
  readonly operands: readonly Typed[];
  readonly result: Sort | undefined;
}

function applyMeaning(machine: Machine, application: Application): TypedTerm {
  const { meaning, name, operands, result } = application;
  const { environment, scope } = machine;
  const { graph, sorts } = environment;
  const domain = domainOf(sorts, meaning);
  requireOperands(name.text, domain.length, operands.length, name.at);
  const terms = operands.map(({ term }) => term);
  switch (meaning.type) {
    case "function":
    case "macro": {
      domain.forEach((sort, index) => requireSort(name.text, sort, operands[index]));
      const sort = meaning.type === "macro" ? meaning.body.sort : meaning.symbol.result;
      if (result !== undefined && result !== sort) wrongResult(name.text, result, sort, name.at);
      if (meaning.type === "macro") {
        const move = { from: 0, to: scope.level, operands: terms, at: name.at };
        return environment.instantiate(meaning.body, move);
      }
      return graph.make({ type: "function", symbol: meaning.symbol }, terms, sort, name.at);
    }
    case "selector": {
      const found: SortArguments = [];
      const [operand] = operands;
      const [taken] = domain;
      if (operand === undefined || taken === undefined) throw new Error("unreachable: a field");
      sorts.spend(taken.generic ? taken.size : 0);
      if (!matchSort(taken, operand.term.sort, found)) {
        mismatch(name.text, describeSymbol(meaning.selector), operand);
      }
      const term = selectField(environment, meaning.selector, operand.term, name.at);
      if (result !== undefined && result !== term.sort) {
        wrongResult(name.text, result, term.sort, name.at);
      }
      return term;
    }
    case "constructor": {
      const sort = constructedSort(environment, application, meaning.constructor);
      const operator: Operator = { type: "construct", constructor: meaning.constructor };
      return graph.make(operator, terms, sort, name.at);
    }
    default:
      return assertNever(meaning);
  }
}

/**
 * Returns the datatype instance that a constructor builds. Its arguments follow from the operands,
 * or from the sort that `as` gives.
 */
function constructedSort(
  { sorts }: Environment,
  { name, operands, result }: Application,
  constructor: Constructor,
): Sort {
  const generic = genericSort(sorts, constructor.datatype);
  sorts.spend(constructor.datatype.arity);
  const found: SortArguments = [];
  if (result !== undefined && !matchSort(generic, result, found)) {
    throw new ScreenError(
      "sort",
      `\`${name.text}\` builds ${describeSymbol(constructor)}, not ${describeSort(result)}`,
      name.at,
    );
  }
  constructor.fields.forEach((field, index) => {
    const operand = operands[index];
    sorts.spend(field.sort.generic ? field.sort.size : 0);
    if (operand === undefined || matchSort(field.sort, operand.term.sort, found)) return;
    const known = found.every((sort) => sort !== undefined);
    const complete = known && found.length === constructor.datatype.arity;
    const given = found.flatMap((sort) => (sort === undefined ? [] : [sort]));
    const expected = complete ? sorts.instantiate(field.sort, given) : field.sort;
    mismatch(name.text, describeSort(expected), operand);
  });
  const given: Sort[] = [];
  for (let index = 0; index < constructor.datatype.arity; index++) {
    const sort = found[index];
    if (sort === undefined) {
      const advice = `write (as ${name.text} ...) with its sort`;
      throw new ScreenError("sort", `the sort of \`${name.text}\` is open: ${advice}`, name.at);
    }
    given.push(sort);
  }
  return sorts.declared(constructor.datatype, given);
}

function requireOperands(name: string, expected: number, found: number, at: number): void {
  if (expected === found) return;
  const terms = expected === 1 ? "1 term" : `${expected || "no"} terms`;
  throw new ScreenError("shape", `\`${name}\` takes ${terms}, found ${found}`, at);
}

function requireSort(name: string, sort: Sort, operand: Typed | undefined): void {
  if (operand !== undefined && operand.term.sort !== sort) {
    mismatch(name, describeSort(sort), operand);
  }
}

function mismatch(name: string, expected: string, { term, at }: Typed): never {
  const message = `\`${name}\` expects ${expected}, found ${describeSort(term.sort)}`;
  throw new ScreenError("sort", message, at);
}

function wrongResult(name: string, written: Sort, sort: Sort, at: number): never {
  const message = `\`${name}\` is ${describeSort(sort)}, written as ${describeSort(written)}`;
  throw new ScreenError("sort", message, at);
}

function describeSymbol({ datatype }: Constructor | Selector): string {
  return datatype.arity === 0 ? datatype.name : `(${datatype.name} ...)`;
}
