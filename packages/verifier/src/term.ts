/**
 * Formulas as plain data: what an encoder builds, a solver is given and the kernel certifies.
 *
 * Integers are unbounded. Accounts are integers that nothing but equality looks at. A field of
 * every account is an array from account to integer, so one query covers every aliasing. Intents
 * use integers, booleans and arrays of integers; the other sorts and operators serve theorems.
 *
 * Terms are shared: walk them by identity and without recursion.
 */
export type Term =
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "boolean"; readonly value: boolean }
  /** A constant of sort real; `denominator` is positive. */
  | { readonly type: "rational"; readonly numerator: bigint; readonly denominator: bigint }
  /** A constant of sort bits; `value` in 0 .. 2^width-1. */
  | { readonly type: "bits"; readonly width: number; readonly value: bigint }
  /** A free symbol; equal names are equal symbols, and a name has one sort within an obligation. */
  | { readonly type: "symbol"; readonly name: string; readonly sort: Sort }
  /** A free function applied to one or more operands; a name has one signature within an obligation. */
  | {
      readonly type: "apply";
      readonly name: string;
      readonly operands: readonly Term[];
      readonly sort: Sort;
    }
  /**
   * `add`, `multiply`: two or more operands, all integers or all reals; `subtract`: two.
   * `divide`, `modulo`: Euclidean, two integers (SMT-LIB `div`, `mod`). `quotient`: two reals.
   * Division by zero of each kind is an unknown but fixed function of the dividend.
   */
  | {
      readonly type: "arithmetic";
      readonly operator: "add" | "subtract" | "multiply" | "divide" | "modulo" | "quotient";
      readonly operands: readonly Term[];
    }
  /** The real that an integer is. */
  | { readonly type: "to-real"; readonly operand: Term }
  /** The greatest integer that is at most a real (SMT-LIB `to_int`). */
  | { readonly type: "floor"; readonly operand: Term }
  /** Order of two integers or two reals. */
  | {
      readonly type: "compare";
      readonly operator: "less" | "at-most";
      readonly left: Term;
      readonly right: Term;
    }
  /** Equality of two terms of one sort, whichever it is. */
  | { readonly type: "equal"; readonly left: Term; readonly right: Term }
  | { readonly type: "not"; readonly operand: Term }
  | { readonly type: "and"; readonly operands: readonly Term[] }
  | { readonly type: "or"; readonly operands: readonly Term[] }
  | { readonly type: "implies"; readonly left: Term; readonly right: Term }
  | { readonly type: "if"; readonly condition: Term; readonly then: Term; readonly else: Term }
  | { readonly type: "select"; readonly array: Term; readonly index: Term }
  | { readonly type: "store"; readonly array: Term; readonly index: Term; readonly value: Term }
  /** The array that has `value` at every index of sort `index`. */
  | { readonly type: "constant-array"; readonly index: Sort; readonly value: Term }
  /**
   * Two operands of one width, and the result has it too; `complement`: one operand;
   * `concatenate`: two of any widths, the left one more significant. `divide` and `remainder` are
   * unsigned, with SMT-LIB's values for a zero divisor (all ones; the dividend).
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

/** All other operators of SMT-LIB's bit vectors are written with these. */
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

/** The sort of a term. Sorts are compared by structure. */
export type Sort =
  | "integer"
  | "boolean"
  | "real"
  | { readonly type: "bits"; readonly width: number }
  | { readonly type: "array"; readonly index: Sort; readonly element: Sort }
  /** A sort of which nothing is known but that it is not empty; equal names are equal sorts. */
  | { readonly type: "uninterpreted"; readonly name: string };

/** A value that a solver's model gives to a term of sort integer or boolean. */
export type TermValue = bigint | boolean;
