import type { Instantiate } from "../graph/instantiate.ts";
import type { TermGraph } from "../graph/term-graph.ts";
import type { FunctionSymbol, TypedTerm } from "../graph/typed-term.ts";
import { reservedNames } from "../signatures/reserved.ts";
import type { Constructor, Selector, Sort, SortSymbol } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import { type Atom, ScreenError } from "../syntax/s-expression.ts";

/**
 * Declarations and definitions of a script so far, and the tables that make its sorts and terms.
 */
export interface Environment {
  readonly sorts: SortTable;
  readonly graph: TermGraph;
  readonly instantiate: Instantiate;
  readonly limits: ElaborationLimits;
  readonly sortNames: Map<string, SortMeaning>;
  readonly functionNames: Map<string, NameMeanings>;
  /** Whether a numeral is of sort Real: in logics that know no integers (theory Reals). */
  numeralsAreReal: boolean;
  /** Number of symbols so far; gives each symbol its order. */
  symbols: number;
  /** Number of meanings of sorts' and functions' names so far. */
  meanings: number;
  /** Place of the current command. */
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

/** Meaning of a sort's name. The parameters of a defined sort are `parameter` sorts. */
export type SortMeaning =
  | { readonly type: "declared"; readonly symbol: SortSymbol }
  | { readonly type: "defined"; readonly arity: number; readonly sort: Sort };

/** Meaning of a function's name. */
export type FunctionMeaning =
  | { readonly type: "function"; readonly symbol: FunctionSymbol }
  | { readonly type: "constructor"; readonly constructor: Constructor }
  | { readonly type: "selector"; readonly selector: Selector }
  /** Defined function. Its body has `parameter` terms, and was made outside all quantifiers. */
  | {
      readonly type: "macro";
      readonly domain: readonly Sort[];
      readonly body: TypedTerm;
    };

/** Meanings of one name of a function. */
export interface NameMeanings {
  /** Only meaning; absent when there are several. */
  readonly only?: FunctionMeaning;
  /** Meanings by the sorts of their operands, as `domainKey` writes them. */
  readonly byDomain: Map<string, FunctionMeaning>;
  /** Constructors among the meanings, by their datatypes. */
  readonly constructors: Map<SortSymbol, Constructor>;
}

/** Returns the sorts of a function's operands; of a datatype with parameters, in terms of these. */
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

/** Returns a datatype applied to its own parameters. */
export function genericSort(sorts: SortTable, symbol: SortSymbol): Sort {
  const operands = Array.from({ length: symbol.arity }, (_, index) => sorts.parameter(index));
  return sorts.declared(symbol, operands);
}

/** Gives a sort's name its meaning. */
export function addSort(environment: Environment, name: Atom, meaning: SortMeaning): void {
  checkName(environment, name);
  if (environment.sortNames.has(name.text)) {
    throw new ScreenError("redefinition", `${name.text} is declared twice`, name.at);
  }
  environment.sortNames.set(name.text, meaning);
}

/**
 * Gives a function's name a further meaning.
 *
 * In SMT-LIB functions of a script cannot share a name, but tools share names of selectors and
 * constructors. This is admitted where the sorts of the operands always decide: no two functions
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

/** Returns sorts of operands as a key: equal exactly when the sorts are the same. */
export function domainKey(domain: readonly Sort[]): string {
  return domain.map(({ id }) => id).join(" ");
}

/** Returns the order of a new symbol. */
export function nextOrder(environment: Environment): number {
  return environment.symbols++;
}

/** Requires different names in one binder or one parameter list. */
export function requireDistinct(names: readonly Atom[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.text)) {
      throw new ScreenError("redefinition", `${name.text} occurs twice in one list`, name.at);
    }
    seen.add(name.text);
  }
}

/** Requires that a script may bind or declare a name. */
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

/** Tells whether operands of these sorts can tell several functions of one name apart. */
function canDecide(domain: readonly Sort[]): boolean {
  return domain.length > 0 && !domain.some((sort) => sort.generic);
}
