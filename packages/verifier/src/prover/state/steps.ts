import type { Polynomial } from "../../kernel/polynomial.ts";
import type { Rational } from "../budget/rational.ts";

/** Step of a certificate that the search found. Its ids are those of the search's problem. */
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

/**
 * Hypotheses that contradict each other. If they held, every summand would be at least 0, but the
 * summands add up to a negative number, or to 0 although one of them must be above 0.
 */
export interface Lemma {
  readonly type: "lemma";
  /** Literals of the hypotheses, each once. */
  readonly hypotheses: readonly number[];
  readonly summands: readonly Summand[];
}

/**
 * Summand of a lemma: `factor` times the product of hypotheses, given by their literals, and times
 * the polynomial of `equation` if there is one.
 */
export interface Summand {
  readonly product: readonly number[];
  /** Factor. It must be positive if there is no equation. */
  readonly factor: Rational;
  readonly equation?: EquationFactor;
}

/**
 * Polynomial that an equation is multiplied by. The product's first literal and `pair` are the two
 * inequalities of the equation.
 */
export interface EquationFactor {
  readonly pair: number;
  readonly polynomial: Polynomial;
}
