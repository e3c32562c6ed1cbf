/**
 * Name outside SMT-LIB 2.7 that is admitted, because tools write it and it means exactly one
 * operator of the standard. All other names outside the standard are refused.
 */
export interface Extension {
  readonly name: string;
  /** Name in the standard of the operator that this name means. */
  readonly means: string;
  /** Standard or tools that the name comes from. */
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

/** Extensions whose names are written after `_`. */
export const indexedExtensions: readonly Extension[] = [
  { name: "nat2bv", means: "int_to_bv", reason: "the name in SMT-LIB 2.6 (theory of bit vectors)" },
  { name: "int2bv", means: "int_to_bv", reason: "Z3 and cvc5 before SMT-LIB 2.7" },
];

/**
 * Operators that need at least two operands but that tools also write with one. An `and` or `or` of
 * one operand equals the operand.
 */
export const unaryNames: ReadonlySet<string> = new Set(["and", "or"]);
