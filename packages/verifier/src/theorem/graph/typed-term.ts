import type { Constructor, Selector, Sort } from "../sorts/sort.ts";

/**
 * Well-sorted term without names: `let` and defined functions are expanded, `match` is written with
 * testers and selectors, and bound variables are numbers. Terms of one script are equal exactly
 * when they are the same object, so a shared term is computed, printed and measured once.
 */
export interface TypedTerm {
  /** Number that grows with creation: operands have smaller ones. */
  readonly id: number;
  readonly operator: Operator;
  readonly operands: readonly TypedTerm[];
  readonly sort: Sort;
  /** One more than the highest level of a free variable; 0 when the term is closed. */
  readonly open: number;
  /** Operators on the longest path down. */
  readonly depth: number;
  /** Whether the term contains a quantifier. */
  readonly binds: boolean;
  /** Whether the term contains a parameter of the function that is being defined. */
  readonly parametric: boolean;
  /** First place in the script that needs the term. */
  readonly at: number;
}

/** Head of a term. */
export type Operator =
  /** Operator of a theory, by its standard name: `+`, `bvadd`, `(_ extract 7 0)`. */
  | { readonly type: "theory"; readonly name: string; readonly indices: readonly number[] }
  | { readonly type: "integer"; readonly value: bigint }
  /** Real constant; `denominator` is positive. */
  | { readonly type: "real"; readonly numerator: bigint; readonly denominator: bigint }
  /** Bit vector; its width is the sort's. */
  | { readonly type: "bits"; readonly value: bigint }
  /** String of code points 0 .. 0x2ffff. */
  | { readonly type: "string"; readonly characters: readonly number[] }
  | { readonly type: "function"; readonly symbol: FunctionSymbol }
  /** Value of the datatype instance that is the term's sort. */
  | { readonly type: "construct"; readonly constructor: Constructor }
  | { readonly type: "select"; readonly selector: Selector }
  | { readonly type: "test"; readonly constructor: Constructor }
  /** Array of the term's sort that has its one operand at every index. */
  | { readonly type: "constant-array" }
  /** Variable bound by a quantifier; `level` is the number of variables bound further out. */
  | { readonly type: "variable"; readonly level: number }
  /** Parameter of the function that is being defined, by its place. */
  | { readonly type: "parameter"; readonly index: number }
  /** Quantifier. The operand is the body; its variables have the levels from `level` on. */
  | {
      readonly type: "quantifier";
      readonly quantifier: "forall" | "exists";
      readonly level: number;
      readonly sorts: readonly Sort[];
      readonly hints: readonly Hint[];
    };

/** Advice to the solver on where to instantiate a quantifier. It does not change the meaning. */
export type Hint =
  | { readonly type: "pattern"; readonly terms: readonly TypedTerm[] }
  | { readonly type: "no-pattern"; readonly term: TypedTerm }
  | { readonly type: "weight"; readonly weight: number };

/** Function or constant that the script declares. */
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

/** Operands, and for a quantifier also the terms of its hints. */
export function childrenOf(term: Pick<TypedTerm, "operator" | "operands">): readonly TypedTerm[] {
  if (term.operator.type !== "quantifier" || term.operator.hints.length === 0) return term.operands;
  return [...term.operands, ...term.operator.hints.flatMap(termsOf)];
}
