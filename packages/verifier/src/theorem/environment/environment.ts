import type { Instantiate } from "../graph/instantiate.ts";
import type { TermGraph } from "../graph/term-graph.ts";
import type { FunctionSymbol, TypedTerm } from "../graph/typed-term.ts";
import { reservedNames } from "../signatures/reserved.ts";
import type { Constructor, Selector, Sort, SortSymbol } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import { type Atom, ScreenError } from "../syntax/s-expression.ts";

/** What a script has declared and defined so far, and where its sorts and terms are made. */
export interface Environment {
  readonly sorts: SortTable;
  readonly graph: TermGraph;
  readonly instantiate: Instantiate;
  readonly limits: ElaborationLimits;
  readonly sortNames: Map<string, SortMeaning>;
  readonly functionNames: Map<string, NameMeanings>;
  /** Whether a numeral is of sort Real: in logics that know no integers (theory Reals). */
  numeralsAreReal: boolean;
  /** Symbols declared so far: gives each an order of its own. */
  symbols: number;
  /** Meanings of sorts' and functions' names so far. */
  meanings: number;
  /** Place of the command that is read. */
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

/** Meaning of a sort's name. A defined sort has its parameters as `parameter` sorts. */
export type SortMeaning =
  | { readonly type: "declared"; readonly symbol: SortSymbol }
  | { readonly type: "defined"; readonly arity: number; readonly sort: Sort };

/** Meaning of a function's name. */
export type FunctionMeaning =
  | { readonly type: "function"; readonly symbol: FunctionSymbol }
  | { readonly type: "constructor"; readonly constructor: Constructor }
  | { readonly type: "selector"; readonly selector: Selector }
  /** A defined function: its body has `parameter` terms, and was made outside all quantifiers. */
  | {
      readonly type: "macro";
      readonly domain: readonly Sort[];
      readonly body: TypedTerm;
    };

/** All meanings of one name of a function. */
export interface NameMeanings {
  /** The only one; absent when there are more. */
  readonly only?: FunctionMeaning;
  /** By the sorts of their operands, as `domainKey` writes them. */
  readonly byDomain: Map<string, FunctionMeaning>;
  /** Constructors among them, by their datatypes. */
  readonly constructors: Map<SortSymbol, Constructor>;
}

/** Sorts of a function's operands; of a datatype with parameters they speak of these. */
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

/** A datatype applied to its own parameters. */
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
 * Gives a function's name a meaning, beside those that it has.
 *
 * SMT-LIB has no functions of a script that share a name, but tools use it for selectors and
 * constructors. It is admitted where the sorts of the operands always decide: no two have the same
 * ones, none is a constant, and none belongs to a datatype with parameters.
 */
export function addFunction(environment: Environment, name: Atom, meaning: FunctionMeaning): void {
  checkName(environment, name);
  const { sorts, functionNames } = environment;
  const known = functionNames.get(name.text);
  const domain = domainOf(sorts, meaning);
  const key = domainKey(domain);
  const { byDomain, constructors } = known ?? { byDomain: new Map(), constructors: new Map() };
  if (known !== undefined) {
    // Of several meanings each was looked at when it was added.
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

/** Sorts of operands as a key: equal exactly when they are the same. */
export function domainKey(domain: readonly Sort[]): string {
  return domain.map(({ id }) => id).join(" ");
}

/** The order of a new symbol. */
export function nextOrder(environment: Environment): number {
  return environment.symbols++;
}

/** Requires names to be different: those of one binder, of one parameter list. */
export function requireDistinct(names: readonly Atom[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.text)) {
      throw new ScreenError("redefinition", `${name.text} stands twice in one list`, name.at);
    }
    seen.add(name.text);
  }
}

/** Requires that a name may be bound or declared by a script. */
export function requireFree(name: Atom, limits: ElaborationLimits): void {
  if (reservedNames.has(name.text)) {
    throw new ScreenError("redefinition", `${name.text} belongs to SMT-LIB`, name.at);
  }
  if (name.text.length > limits.symbolLength) {
    throw new ScreenError("name", `a symbol of ${name.text.length} characters`, name.at);
  }
  if (!/^[\t\n\r\x20-\x7e]*$/.test(name.text)) {
    throw new ScreenError("name", "a symbol with characters outside ASCII", name.at);
  }
}

function checkName(environment: Environment, name: Atom): void {
  const { limits } = environment;
  requireFree(name, limits);
  if (environment.meanings++ >= limits.declarations) {
    throw new ScreenError("too-large", `more than ${limits.declarations} declarations`, name.at);
  }
}

/** Whether operands of these sorts can tell which of several functions is meant. */
function canDecide(domain: readonly Sort[]): boolean {
  return domain.length > 0 && !domain.some((sort) => sort.generic);
}
