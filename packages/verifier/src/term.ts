/**
 * Formula as plain data. The encoder builds it, the solver decides it, and the kernel checks its
 * certificate.
 *
 * Integers are unbounded. Accounts are integers that are only compared for equality. A field of all
 * accounts is one array from account to integer, so one query covers every case of aliasing.
 * Intents use only integers, booleans and arrays of integers; the other sorts and operators are for
 * theorems.
 *
 * Terms share operands. Code that visits a term must remember visited objects by identity, and must
 * not recurse.
 */
export type Term =
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "boolean"; readonly value: boolean }
  /** Constant of sort real; `denominator` is positive. */
  | { readonly type: "rational"; readonly numerator: bigint; readonly denominator: bigint }
  /** Constant of sort bits; `value` is in 0 .. 2^width-1. */
  | { readonly type: "bits"; readonly width: number; readonly value: bigint }
  /**
   * Free symbol. Equal names are the same symbol. A name must have one sort within an obligation.
   */
  | { readonly type: "symbol"; readonly name: string; readonly sort: Sort }
  /**
   * Free function applied to one or more operands. A name must have one signature within an
   * obligation.
   */
  | {
      readonly type: "apply";
      readonly name: string;
      readonly operands: readonly Term[];
      readonly sort: Sort;
    }
  /**
   * Arithmetic. `add` and `multiply` take two or more operands, all integers or all reals;
   * `subtract` takes two. `divide` and `modulo` take two integers and are Euclidean (SMT-LIB `div`,
   * `mod`). `quotient` takes two reals. If the divisor is zero, the result of each is an unknown
   * but fixed function of the dividend.
   */
  | {
      readonly type: "arithmetic";
      readonly operator: "add" | "subtract" | "multiply" | "divide" | "modulo" | "quotient";
      readonly operands: readonly Term[];
    }
  /** Real number that equals an integer. */
  | { readonly type: "to-real"; readonly operand: Term }
  /** Greatest integer that is not above a real (SMT-LIB `to_int`). */
  | { readonly type: "floor"; readonly operand: Term }
  /** Order of two integers or of two reals. */
  | {
      readonly type: "compare";
      readonly operator: "less" | "at-most";
      readonly left: Term;
      readonly right: Term;
    }
  /** Equality of two terms of one sort. */
  | { readonly type: "equal"; readonly left: Term; readonly right: Term }
  | { readonly type: "not"; readonly operand: Term }
  | { readonly type: "and"; readonly operands: readonly Term[] }
  | { readonly type: "or"; readonly operands: readonly Term[] }
  | { readonly type: "implies"; readonly left: Term; readonly right: Term }
  | { readonly type: "if"; readonly condition: Term; readonly then: Term; readonly else: Term }
  | { readonly type: "select"; readonly array: Term; readonly index: Term }
  | { readonly type: "store"; readonly array: Term; readonly index: Term; readonly value: Term }
  /** Array that has `value` at every index. `index` is the sort of its indexes. */
  | { readonly type: "constant-array"; readonly index: Sort; readonly value: Term }
  /**
   * Operation on bit vectors. Most operators take two operands of one width, which the result has
   * too. `complement` takes one operand; `concatenate` takes two of any widths, the left one more
   * significant. `divide` and `remainder` are unsigned. For a divisor of zero they have SMT-LIB's
   * values: all ones, and the dividend.
   */
  | {
      readonly type: "bit-operation";
      readonly operator: BitOperator;
      readonly operands: readonly Term[];
    }
  /** Bits `low` to `high` of a bit vector, both included. */
  | {
      readonly type: "extract";
      readonly high: number;
      readonly low: number;
      readonly operand: Term;
    }
  /** Order of two bit vectors of one width. */
  | {
      readonly type: "compare-bits";
      readonly operator: "unsigned-less" | "signed-less";
      readonly left: Term;
      readonly right: Term;
    };

/** Basic operator on bit vectors. All others of SMT-LIB are expressed with these. */
export type BitOperator =
  | "complement"
  | "and"
  | "or"
  | "exclusive-or"
  | "add"
  | "multiply"
  | "divide"
  | "remainder"
  | "shift-left"
  | "shift-right"
  | "shift-right-arithmetic"
  | "concatenate";

/** Sort of a term. Sorts are compared by structure. */
export type Sort =
  | "integer"
  | "boolean"
  | "real"
  | { readonly type: "bits"; readonly width: number }
  | { readonly type: "array"; readonly index: Sort; readonly element: Sort }
  /**
   * Sort of which nothing is known except that it is not empty. Its values can only be compared for
   * equality. Equal names are equal sorts.
   */
  | { readonly type: "uninterpreted"; readonly name: string };

/** Value of a term of sort integer or boolean in a solver's model. */
export type TermValue = bigint | boolean;
