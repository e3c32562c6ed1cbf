/**
 * Operator that is refused because the pinned Z3, or a recent release of Z3, decides it wrongly at
 * default options.
 *
 * A script that uses one is refused with the reason, before Z3 sees it. A row stays until a release
 * of Z3 has the fix and the Judge is pinned to that release. Before the Judge is pinned to another
 * release, the issue trackers must be searched again.
 */
export interface RefusedOperator {
  /**
   * Name in SMT-LIB without indices, such as `to_fp` or `str.replace_re`. `seq.*` stands for all
   * names that begin with `seq.`.
   */
  readonly operator: string;
  /** Condition under which the operator is refused. If absent, it is always refused. */
  readonly condition?: RefusedCondition;
  /** Fault, in words that complete the sentence "`operator` is refused: ...". */
  readonly reason: string;
  /** Reports of the fault in issue trackers: addresses, or `owner/repository#number`. */
  readonly reports: readonly string[];
  /** Queries with which the issue trackers were searched, and the date. */
  readonly searched: string;
}

/** Condition on one use of an operator. */
export type RefusedCondition =
  /**
   * Operand (at index `argument`) of sort `sort` that is not a literal. Operands of other sorts are
   * not refused.
   */
  | { readonly type: "not-constant"; readonly argument: number; readonly sort: "Real" | "Int" }
  /** Operand (at index `argument`) that is not a literal (`RNE`, `#b01`, `"a"`, `3`). */
  | { readonly type: "not-literal"; readonly argument: number }
  /**
   * Operand (at index `argument`) whose sort contains this name: `Array`, `FloatingPoint`,
   * `String`.
   */
  | { readonly type: "argument-sort"; readonly argument: number; readonly sort: string }
  /** Operand, at any index, that contains a variable bound by a quantifier around it. */
  | { readonly type: "quantified" };

/**
 * Date and queries of the searches in the public trackers of Z3, cvc5, CVC4, yices2 and bitwuzla.
 * Every input that was found was rewritten and run on the pinned Z3 (5.1.0, npm z3-solver 5.2.0).
 * `test/soundness/historic` has these inputs with their true answers.
 */
const floats =
  "2026-11-29: soundness wrong unsat floating point to_fp real rounding; incorrect UNSAT on " +
  "floating-point formula fp.rem fp.fma fp.to_sbv; fp.rem known issues; float encoding " +
  "exhaustively cross-checked; fix division normalization, exponent narrowing";
const sequences =
  "2026-11-29: seq.extract ite unsat; soundness issue with sequences; unsat for a satisfiable " +
  "formula, then sat for the same formula plus a satisfying assignment";

/** All refused operators. `environment/refuse.ts` applies the table. */
export const refusedOperators: readonly RefusedOperator[] = [
  {
    operator: "to_fp",
    condition: { type: "not-constant", argument: 1, sort: "Real" },
    reason: "Z3 rounds a Real that is no constant wrongly",
    reports: ["Z3Prover/z3#10881", "Z3Prover/z3#9953", "Z3Prover/z3#10176", "Z3Prover/z3#9472"],
    searched: floats,
  },
  {
    operator: "fp.rem",
    reason: "Z3 loses bits of the dividend where the divisor is subnormal",
    reports: ["Z3Prover/z3#10609", "Z3Prover/z3#2381", "Z3Prover/z3#4564"],
    searched: floats,
  },
  {
    operator: "fp.fma",
    reason: "Z3 rounds a fused multiplication wrongly",
    reports: ["Z3Prover/z3#10608", "Z3Prover/z3#10628", "Z3Prover/z3#9319", "Z3Prover/z3#6117"],
    searched: floats,
  },
  {
    operator: "seq.*",
    reason: "sequences are in no standard, and Z3 decides some of them wrongly",
    reports: ["Z3Prover/z3#10621"],
    searched: sequences,
  },
];

/**
 * Smallest float format that a theorem may use, in bits. In smaller ones Z3 folds
 * `fp.roundToIntegral` and `fp.fma` of literals wrongly (found by `test/soundness` by comparison
 * with exact arithmetic; Z3Prover/z3#9319). In some of them it cannot round at all.
 */
export const floatFormatLeast = { exponentBits: 3, significandBits: 4 } as const;
