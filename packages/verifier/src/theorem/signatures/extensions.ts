/**
 * Names beyond SMT-LIB 2.7 that are admitted, each because tools write it and it abbreviates one
 * thing of the standard exactly. What no row has is refused.
 */
export interface Extension {
  readonly name: string;
  /** The operator of the standard that it is another name of. */
  readonly means: string;
  /** Tools that write it. */
  readonly reason: string;
}

/** Plain names. */
export const extensions: readonly Extension[] = [
  {
    name: "bv2nat",
    means: "ubv_to_int",
    reason: "the name in SMT-LIB 2.6 (theory of bit vectors)",
  },
];

/** Names that stand after `_`. */
export const indexedExtensions: readonly Extension[] = [
  { name: "nat2bv", means: "int_to_bv", reason: "the name in SMT-LIB 2.6 (theory of bit vectors)" },
  { name: "int2bv", means: "int_to_bv", reason: "Z3 and cvc5 before SMT-LIB 2.7" },
];

/**
 * Names of at least two operands that tools write with one: conjunctions and disjunctions of lists
 * that happen to have one member. They are that member.
 */
export const unaryNames: ReadonlySet<string> = new Set(["and", "or"]);
