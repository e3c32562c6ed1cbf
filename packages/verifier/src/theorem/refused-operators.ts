/**
 * Operators that the pinned Z3 decides wrongly at default options, or did not long ago.
 *
 * A script that uses one is refused by name, with the reason, before Z3 sees it. A row stays until
 * a release of Z3 has the fix and the Judge is pinned to it: moving the pin means to search the
 * tracker again and to say when.
 */
export interface RefusedOperator {
  /**
   * The name in SMT-LIB, without indices: `to_fp`, `str.replace_re`. `seq.*` stands for all names
   * with that beginning.
   */
  readonly operator: string;
  /** When it is refused; absent: always. */
  readonly condition?: RefusedCondition;
  /** What is wrong, in words that end the sentence "`operator` is refused: ...". */
  readonly reason: string;
  /** Reports in the tracker: addresses, or `owner/repository#number`. */
  readonly reports: readonly string[];
  /** The queries by which the tracker was searched, and the date. */
  readonly searched: string;
}

/** Circumstances of one use that make an operator refused. */
export type RefusedCondition =
  /**
   * An argument (counted from 0) of sort `sort` that is no constant expression: built of numerals
   * and decimals alone. Other sorts of that argument are not concerned.
   */
  | { readonly type: "not-constant"; readonly argument: number; readonly sort: "Real" | "Int" }
  /** An argument that is no literal of its sort (`RNE`, `#b01`, `"a"`, `3`). */
  | { readonly type: "not-literal"; readonly argument: number }
  /** An argument of a sort with that name: `Array`, `FloatingPoint`, `String`, `Seq`. */
  | { readonly type: "argument-sort"; readonly argument: number; readonly sort: string }
  /** The operator stands below a quantifier. */
  | { readonly type: "quantified" };

/** Every refused operator. Data alone: what reads it is `signatures/refused.ts`. */
export const refusedOperators: readonly RefusedOperator[] = [
  {
    operator: "to_fp",
    condition: { type: "not-constant", argument: 1, sort: "Real" },
    reason: "Z3 rounds a Real that is no constant wrongly",
    reports: [],
    searched: "own finding on Z3 5.1: two scripts that claim the same were judged differently",
  },
  {
    operator: "seq.*",
    reason: "sequences are in no standard, and Z3 decides some of them wrongly",
    reports: [],
    searched: "own finding on Z3 5.1: seq.extract over seq.unit of a conditional",
  },
];
