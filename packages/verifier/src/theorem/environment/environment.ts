import type { Instantiate } from "../graph/instantiate.ts";
import type { TermGraph } from "../graph/term-graph.ts";
import type { FunctionSymbol, TypedTerm } from "../graph/typed-term.ts";
import { reservedNames } from "../signatures/reserved.ts";
import type { Constructor, Selector, Sort, SortSymbol } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import { type Atom, ScreenError } from "../syntax/s-expression.ts";

/**
 * Declarations and definitions of a script so far, with the tables that hold its sorts and terms.
 */
export interface Environment {
  readonly sorts: SortTable;
  readonly graph: TermGraph;
  readonly instantiate: Instantiate;
  readonly limits: ElaborationLimits;
  readonly sortNames: Map<string, SortMeaning>;
  readonly functionNames: Map<string, NameMeanings>;
  /** Whether a numeral is of sort Real. True in logics that have no integers (theory Reals). */
  numeralsAreReal: boolean;
  /** Number of symbols so far, which is the `order` of the next one. */
  symbols: number;
  /** Number of meanings given so far to names of sorts and functions. */
  meanings: number;
  /** Offset, in the script, of the command that is being read. */
  place: number;
}

/** Bounds on what a script may contain. */
export interface ElaborationLimits {
  readonly declarations: number;
  readonly symbolLength: number;
  readonly numeralDigits: number;
  readonly bitWidth: number;
  readonly index: number;
  readonly quantifierDepth: number;
  readonly reachableSorts: number;
}

/**
 * Meaning of a sort's name. In the sort of a `defined` one, its parameters are `parameter` sorts.
 */
export type SortMeaning =
  | { readonly type: "declared"; readonly symbol: SortSymbol }
  | { readonly type: "defined"; readonly arity: number; readonly sort: Sort };

/** Meaning of a function's name. */
export type FunctionMeaning =
  | { readonly type: "function"; readonly symbol: FunctionSymbol }
  | { readonly type: "constructor"; readonly constructor: Constructor }
  | { readonly type: "selector"; readonly selector: Selector }
  /**
   * Defined function. Its body contains `parameter` terms. The variables that the body binds are
   * numbered as if it stood outside all quantifiers.
   */
  | {
      readonly type: "macro";
      readonly domain: readonly Sort[];
      readonly body: TypedTerm;
    };

/** All meanings of one function name. */
export interface NameMeanings {
  /** Meaning of the name if it has exactly one. Absent if it has several. */
  readonly only?: FunctionMeaning;
  /** Meanings by the sorts of their operands (`domainKey`). */
  readonly byDomain: Map<string, FunctionMeaning>;
  /** Constructors among the meanings, by the symbols of their datatypes. */
  readonly constructors: Map<SortSymbol, Constructor>;
}

/**
 * Returns the sorts of a function's operands. For a member of a datatype with parameters, they
 * contain `parameter` sorts.
 */
export function domainOf(sorts: SortTable, meaning: FunctionMeaning): readonly Sort[] {
  switch (meaning.type) {
    case "function":
      return meaning.symbol.domain;
    case "macro":
      return meaning.domain;
    case "constructor":
      return meaning.constructor.fields.map((field) => field.sort);
    case "selector":
      return [genericSort(sorts, meaning.selector.datatype)];
  }
}

/** Returns the sort of a declared symbol applied to its own parameters. */
export function genericSort(sorts: SortTable, symbol: SortSymbol): Sort {
  const operands = Array.from({ length: symbol.arity }, (_, index) => sorts.parameter(index));
  return sorts.declared(symbol, operands);
}

/** Gives a sort's name its meaning. Throws a ScreenError if the name is not free. */
export function addSort(environment: Environment, name: Atom, meaning: SortMeaning): void {
  checkName(environment, name);
  if (environment.sortNames.has(name.text)) {
    throw new ScreenError("redefinition", `${name.text} is declared twice`, name.at);
  }
  environment.sortNames.set(name.text, meaning);
}

/**
 * Adds a meaning to a function's name.
 *
 * In SMT-LIB, functions of a script cannot share a name, but tools let selectors and constructors
 * share names. This is admitted if the sorts of the operands always select one function: no two
 * take the same sorts, none is a constant, and none belongs to a datatype with parameters.
 */
export function addFunction(environment: Environment, name: Atom, meaning: FunctionMeaning): void {
  checkName(environment, name);
  const { sorts, functionNames } = environment;
  const known = functionNames.get(name.text);
  const domain = domainOf(sorts, meaning);
  const key = domainKey(domain);
  const { byDomain, constructors } = known ?? { byDomain: new Map(), constructors: new Map() };
  if (known !== undefined) {
    // With several meanings each was checked when it was added.
    const first = known.only === undefined ? [] : [domainOf(sorts, known.only)];
    if (byDomain.has(key) || ![domain, ...first].every(canDecide)) {
      throw new ScreenError("redefinition", `${name.text} is declared twice`, name.at);
    }
  }
  byDomain.set(key, meaning);
  if (meaning.type === "constructor") {
    constructors.set(meaning.constructor.datatype, meaning.constructor);
  }
  const meanings = { byDomain, constructors };
  functionNames.set(name.text, known === undefined ? { ...meanings, only: meaning } : meanings);
}

/** Returns a key of the operands' sorts. Keys are equal exactly if the sorts are the same. */
export function domainKey(domain: readonly Sort[]): string {
  return domain.map(({ id }) => id).join(" ");
}

/** Returns the `order` of a new symbol. */
export function nextOrder(environment: Environment): number {
  return environment.symbols++;
}

/** Requires that the names in one binder or parameter list are distinct. */
export function requireDistinct(names: readonly Atom[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.text)) {
      throw new ScreenError("redefinition", `${name.text} occurs twice in one list`, name.at);
    }
    seen.add(name.text);
  }
}

/**
 * Requires that a script may declare or bind a name: it is not reserved, not too long, and ASCII.
 */
export function requireFree(name: Atom, limits: ElaborationLimits): void {
  if (reservedNames.has(name.text)) {
    throw new ScreenError(
      "redefinition",
      `${name.text} is a name of SMT-LIB and cannot be declared or bound`,
      name.at,
    );
  }
  if (name.text.length > limits.symbolLength) {
    throw new ScreenError(
      "name",
      `this symbol has ${name.text.length} characters; at most ${limits.symbolLength} are allowed`,
      name.at,
    );
  }
  if (!/^[\t\n\r\x20-\x7e]*$/.test(name.text)) {
    throw new ScreenError("name", "this symbol has characters outside ASCII", name.at);
  }
}

function checkName(environment: Environment, name: Atom): void {
  const { limits } = environment;
  requireFree(name, limits);
  if (environment.meanings++ >= limits.declarations) {
    throw new ScreenError(
      "too-large",
      `the script has more than ${limits.declarations} declarations`,
      name.at,
    );
  }
}

/** Tells whether operands of these sorts can select one of several functions of a name. */
function canDecide(domain: readonly Sort[]): boolean {
  return domain.length > 0 && !domain.some((sort) => sort.generic);
}
