import type { Constructor, Selector, Sort } from "../sorts/sort.ts";

/**
 * A well-sorted term, without names: `let` and defined functions are expanded, `match` is written
 * with testers and selectors, bound variables are numbers. Terms of one script are equal exactly
 * when they are the same object, so what is shared is computed, printed and measured once.
 */
export interface TypedTerm {
  /** Grows with creation: operands have smaller ones. */
  readonly id: number;
  readonly operator: Operator;
  readonly operands: readonly TypedTerm[];
  readonly sort: Sort;
  /** One more than the highest level of a variable that occurs free; 0 when the term is closed. */
  readonly open: number;
  /** Operators on the longest way down. */
  readonly depth: number;
  /** Whether a quantifier occurs in it. */
  readonly binds: boolean;
  /** Whether a parameter of the function that is being defined occurs in it. */
  readonly parametric: boolean;
  /** The first place in the script that asks for it. */
  readonly at: number;
}

/** The head of a term. */
export type Operator =
  /** An operator of a theory, by its standard name: `+`, `bvadd`, `(_ extract 7 0)`. */
  | { readonly type: "theory"; readonly name: string; readonly indices: readonly number[] }
  | { readonly type: "integer"; readonly value: bigint }
  /** `denominator` is positive. */
  | { readonly type: "real"; readonly numerator: bigint; readonly denominator: bigint }
  /** The width is the sort's. */
  | { readonly type: "bits"; readonly value: bigint }
  /** Code points 0 .. 0x2ffff. */
  | { readonly type: "string"; readonly characters: readonly number[] }
  | { readonly type: "function"; readonly symbol: FunctionSymbol }
  /** A value of the datatype instance that is the term's sort. */
  | { readonly type: "construct"; readonly constructor: Constructor }
  | { readonly type: "select"; readonly selector: Selector }
  | { readonly type: "test"; readonly constructor: Constructor }
  /** The array of the term's sort that holds its one operand everywhere. */
  | { readonly type: "constant-array" }
  /** A variable bound by a quantifier: the number of variables bound further out. */
  | { readonly type: "variable"; readonly level: number }
  /** A parameter of the function that is being defined, by its place. */
  | { readonly type: "parameter"; readonly index: number }
  /** The operand is the body; its variables have the levels from `level` on. */
  | {
      readonly type: "quantifier";
      readonly quantifier: "forall" | "exists";
      readonly level: number;
      readonly sorts: readonly Sort[];
      readonly hints: readonly Hint[];
    };

/** Advice to the solver where to instantiate a quantifier; says nothing about truth. */
export type Hint =
  | { readonly type: "pattern"; readonly terms: readonly TypedTerm[] }
  | { readonly type: "no-pattern"; readonly term: TypedTerm }
  | { readonly type: "weight"; readonly weight: number };

/** A function or constant that the script declares. */
export interface FunctionSymbol {
  readonly name: string;
  /** Place among the functions of the script. */
  readonly order: number;
  readonly domain: readonly Sort[];
  readonly result: Sort;
}

/** Terms inside a hint. */
function termsOf(hint: Hint): readonly TypedTerm[] {
  if (hint.type === "pattern") return hint.terms;
  return hint.type === "no-pattern" ? [hint.term] : [];
}

/** Operands, and for a quantifier the terms of its hints too. */
export function childrenOf(term: TypedTerm): readonly TypedTerm[] {
  if (term.operator.type !== "quantifier" || term.operator.hints.length === 0) return term.operands;
  return [...term.operands, ...term.operator.hints.flatMap(termsOf)];
}
