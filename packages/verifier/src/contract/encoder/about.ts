import type { TypedExit, TypedRule } from "../typed/typed-contract.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";

/**
 * Statement of an obligation in terms of the typed contract, by which it is evaluated without the
 * encoder.
 */
export type About =
  /** Effect of a call on the claims of an exit; for `paid`, on those of all exits of its asset. */
  | {
      readonly type: "exit";
      readonly exit: TypedExit;
      readonly part: "due" | "stands" | "untouched" | "paid";
    }
  /** That an invariant holds where the cell of one of its `for each` is absent. */
  | { readonly type: "absent-cell"; readonly rule: TypedRule; readonly head: number }
  /** That the term of a sum has a value for each cell, or is 0 for an absent one. */
  | {
      readonly type: "sum";
      readonly sum: Extract<StateRead, { type: "sum" }>;
      readonly part: "defined" | "absent";
    }
  /**
   * That one place that a vault consists of counts nothing negative, or is owed by an exit, or that
   * all its scalars are owed together.
   */
  | {
      readonly type: "coverage";
      readonly asset: string;
      readonly rule: TypedRule;
      readonly parts: readonly CoveredPart[];
      readonly part: "sign" | "owed" | "together";
    }
  /** That an invariant says what a vault consists of. */
  | { readonly type: "no-coverage"; readonly asset: string };

/**
 * Summand of what a vault holds: a sum over the cells of a map, or a scalar. Its conditions are
 * those of the `if` branches that contain it.
 */
export interface CoveredPart {
  readonly value: Extract<StateRead, { type: "sum" | "scalar" }>;
  readonly path: readonly Typed[];
}
