/**
 * Formulas as plain data: what the language builds and what a solver is given.
 *
 * Integers are unbounded. Accounts are integers that nothing but equality looks at. A field of
 * every account is an array from account to integer, so one query covers every aliasing.
 */
export type Term =
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "boolean"; readonly value: boolean }
  /** A free symbol; equal names are equal symbols, and a name has one sort within an obligation. */
  | { readonly type: "symbol"; readonly name: string; readonly sort: Sort }
  /** `add`, `multiply`: two or more integers. `divide`, `modulo`: Euclidean (SMT-LIB `div`, `mod`). */
  | {
      readonly type: "arithmetic";
      readonly operator: "add" | "subtract" | "multiply" | "divide" | "modulo";
      readonly operands: readonly Term[];
    }
  | {
      readonly type: "compare";
      readonly operator: "less" | "at-most";
      readonly left: Term;
      readonly right: Term;
    }
  /** Equality of two terms of one sort, arrays excluded. */
  | { readonly type: "equal"; readonly left: Term; readonly right: Term }
  | { readonly type: "not"; readonly operand: Term }
  | { readonly type: "and"; readonly operands: readonly Term[] }
  | { readonly type: "or"; readonly operands: readonly Term[] }
  | { readonly type: "implies"; readonly left: Term; readonly right: Term }
  | { readonly type: "if"; readonly condition: Term; readonly then: Term; readonly else: Term }
  | { readonly type: "select"; readonly array: Term; readonly index: Term }
  | { readonly type: "store"; readonly array: Term; readonly index: Term; readonly value: Term };

/** `array`: from integers (accounts) to integers (a field's value). */
export type Sort = "integer" | "boolean" | "array";

/** A value that a solver's model gives to a term of sort integer or boolean. */
export type TermValue = bigint | boolean;
