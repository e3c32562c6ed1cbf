import type { Polynomial } from "../../kernel/polynomial.ts";
import type { Rational } from "../budget/rational.ts";

/** Step of a certificate that the search found; ids are those of the search's problem. */
export type Step =
  | { readonly type: "congruence"; readonly left: number; readonly right: number }
  | {
      readonly type: "read";
      readonly left: number;
      readonly right: number;
      readonly index: number;
    }
  | { readonly type: "extensionality"; readonly left: number; readonly right: number }
  | Lemma;

/** Hypotheses that contradict each other, since the summands add up to a negative number. */
export interface Lemma {
  readonly type: "lemma";
  /** Literals, each once. */
  readonly hypotheses: readonly number[];
  readonly summands: readonly Summand[];
}

/**
 * Summand `factor * polynomial` times a product of hypotheses, which are given by their literals.
 */
export interface Summand {
  readonly product: readonly number[];
  /** Factor; it is positive unless there is a polynomial. */
  readonly factor: Rational;
  readonly equation?: EquationFactor;
}

/**
 * Polynomial that an equation is multiplied by; the product's first literal and `pair` make the
 * equation.
 */
export interface EquationFactor {
  readonly pair: number;
  readonly polynomial: Polynomial;
}
