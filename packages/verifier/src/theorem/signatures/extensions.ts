/**
 * Names beyond SMT-LIB 2.7 that are admitted: tools write them, and each abbreviates exactly one
 * operator of the standard. A name without a row is refused.
 */
export interface Extension {
  readonly name: string;
  /** Operator of the standard that it is another name of. */
  readonly means: string;
  /** Tools that write the name. */
  readonly reason: string;
}

/** Extensions with plain names. */
export const extensions: readonly Extension[] = [
  {
    name: "bv2nat",
    means: "ubv_to_int",
    reason: "the name in SMT-LIB 2.6 (theory of bit vectors)",
  },
];

/** Extensions with names after `_`. */
export const indexedExtensions: readonly Extension[] = [
  { name: "nat2bv", means: "int_to_bv", reason: "the name in SMT-LIB 2.6 (theory of bit vectors)" },
  { name: "int2bv", means: "int_to_bv", reason: "Z3 and cvc5 before SMT-LIB 2.7" },
];

/**
 * Names that take at least two operands, but that tools write with one: conjunctions and
 * disjunctions of a list with one member. They equal that member.
 */
export const unaryNames: ReadonlySet<string> = new Set(["and", "or"]);
