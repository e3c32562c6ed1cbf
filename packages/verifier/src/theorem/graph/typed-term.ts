import type { Constructor, Selector, Sort } from "../sorts/sort.ts";

/**
 * Well-sorted term without names. `let` and defined functions are expanded, `match` is written with
 * testers and selectors, and bound variables are numbers. Terms of one script are equal exactly if
 * they are the same object, so a shared term is computed, printed and measured once.
 */
export interface TypedTerm {
  /** Number in the order of creation, so the ids of the operands are smaller. */
  readonly id: number;
  readonly operator: Operator;
  readonly operands: readonly TypedTerm[];
  readonly sort: Sort;
  /**
   * Highest level of a free variable in the term, plus one. 0 for a term without free variables.
   */
  readonly open: number;
  /** Number of operators on the longest path from this term down, itself included. */
  readonly depth: number;
  /** Whether the term contains a quantifier. */
  readonly binds: boolean;
  /** Whether the term contains a parameter of the function that is being defined. */
  readonly parametric: boolean;
  /** Offset of the first place in the script that needs the term. */
  readonly at: number;
}

/** Operator at the root of a term. */
export type Operator =
  /** Operator of a theory, by its standard name: `+`, `bvadd`, `(_ extract 7 0)`. */
  | { readonly type: "theory"; readonly name: string; readonly indices: readonly number[] }
  | { readonly type: "integer"; readonly value: bigint }
  /** Real constant. `denominator` is positive, but the fraction need not be reduced. */
  | { readonly type: "real"; readonly numerator: bigint; readonly denominator: bigint }
  /** Bit vector constant. The term's sort has the width. */
  | { readonly type: "bits"; readonly value: bigint }
  /** String constant, as code points from 0 to 0x2ffff. */
  | { readonly type: "string"; readonly characters: readonly number[] }
  | { readonly type: "function"; readonly symbol: FunctionSymbol }
  /** Application of a constructor. The term's sort is the datatype instance that it builds. */
  | { readonly type: "construct"; readonly constructor: Constructor }
  | { readonly type: "select"; readonly selector: Selector }
  | { readonly type: "test"; readonly constructor: Constructor }
  /**
   * Array that has the value of its one operand at every index. The term's sort is the array sort.
   */
  | { readonly type: "constant-array" }
  /**
   * Variable bound by a quantifier. `level` is the number of variables that were bound before it.
   */
  | { readonly type: "variable"; readonly level: number }
  /** Parameter of the function that is being defined, by its index in the list. */
  | { readonly type: "parameter"; readonly index: number }
  /**
   * Quantifier. Its one operand is the body, in which its variables have the levels from `level`
   * on.
   */
  | {
      readonly type: "quantifier";
      readonly quantifier: "forall" | "exists";
      readonly level: number;
      readonly sorts: readonly Sort[];
      readonly hints: readonly Hint[];
    };

/** Advice to the solver on how to instantiate a quantifier. It does not change the meaning. */
export type Hint =
  | { readonly type: "pattern"; readonly terms: readonly TypedTerm[] }
  | { readonly type: "no-pattern"; readonly term: TypedTerm }
  | { readonly type: "weight"; readonly weight: number };

/** Function or constant that the script declares. */
export interface FunctionSymbol {
  readonly name: string;
  /** Number in the order of declaration, unique among all symbols of the script. */
  readonly order: number;
  readonly domain: readonly Sort[];
  readonly result: Sort;
}

/** Returns the terms of a hint. */
function termsOf(hint: Hint): readonly TypedTerm[] {
  if (hint.type === "pattern") return hint.terms;
  return hint.type === "no-pattern" ? [hint.term] : [];
}

/** Returns the operands of a term, and for a quantifier also the terms of its hints. */
export function childrenOf(term: Pick<TypedTerm, "operator" | "operands">): readonly TypedTerm[] {
  if (term.operator.type !== "quantifier" || term.operator.hints.length === 0) return term.operands;
  return [...term.operands, ...term.operator.hints.flatMap(termsOf)];
}
