import type { Binary, Call, Choice } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { ExpressionType, FieldValue, RecordType } from "./value-types.ts";

/**
 * Expression of a contract with every name, field and type resolved. The checker makes it from the
 * syntax tree; interpreter, encoder and derivation checker read it. Constants are replaced by their
 * values. Expressions that read the state say which one: `isOld` for the state before the call.
 */
export type Typed =
  | TypedLeaf
  | StateRead
  /** Prefix operator other than `old`. Each read of the state records `old` in `isOld` instead. */
  | {
      readonly type: "negate" | "not";
      readonly operand: Typed;
      readonly span: Span;
    }
  | Binary<Typed>
  | Choice<Typed>
  | Call<Typed>
  /** Field of a record. `at` is its index in the declaration. */
  | {
      readonly type: "project";
      readonly record: Typed;
      readonly of: RecordType;
      readonly at: number;
      readonly span: Span;
    }
  /** Record with its fields in the order of the declaration. */
  | {
      readonly type: "record";
      readonly of: RecordType;
      readonly fields: readonly Typed[];
      readonly span: Span;
    }
  /** Whether an account is among the signers of the call. False for `none`. */
  | { readonly type: "signed"; readonly account: Typed; readonly span: Span }
  /** Whether `signature` is the account's signature of a record. */
  | {
      readonly type: "signed-message";
      readonly account: Typed;
      readonly record: Typed;
      readonly of: RecordType;
      readonly signature: Typed;
      readonly span: Span;
    }
  /** SHA-256 of a number, a digest or a record, as bytes of a fixed size. */
  | {
      readonly type: "sha256";
      readonly operand: Typed;
      readonly of: ExpressionType;
      readonly span: Span;
    };

/** Expression that reads no state and has no operands. */
export type TypedLeaf =
  /** Number, truth value, account, digest, or index of a word of an enumeration. */
  | {
      readonly type: "literal";
      readonly value: FieldValue;
      readonly of: Exclude<ExpressionType, RecordType>;
      readonly span: Span;
    }
  /** Parameter, `let`, key of a `for each`, or cell or key of a `sum`. */
  | {
      readonly type: "local";
      readonly name: string;
      readonly of: ExpressionType;
      readonly span: Span;
    }
  | { readonly type: "sequence"; readonly span: Span }
  | { readonly type: "now"; readonly span: Span };

/**
 * Read of the state before the call (`isOld`), or of the state after the statements that ran so
 * far.
 */
export type StateRead =
  /** Holdings of an account. `asset` is empty for the native asset. */
  | {
      readonly type: "holding";
      readonly account: Typed;
      readonly field: "balance" | "stake";
      readonly asset: string;
      readonly isOld: boolean;
      readonly span: Span;
    }
  /** Supply of a declared asset. */
  | {
      readonly type: "supply";
      readonly asset: string;
      readonly isOld: boolean;
      readonly span: Span;
    }
  /** Holdings of the contract. `asset` is empty for the native asset. */
  | {
      readonly type: "vault";
      readonly asset: string;
      readonly isOld: boolean;
      readonly span: Span;
    }
  /** Scalar of the state. */
  | {
      readonly type: "scalar";
      readonly name: string;
      readonly of: ExpressionType;
      readonly isOld: boolean;
      readonly span: Span;
    }
  /** Cell of a map. An absent cell reads as the default of its type. */
  | {
      readonly type: "cell";
      readonly map: string;
      readonly keys: readonly Typed[];
      readonly of: ExpressionType;
      readonly isOld: boolean;
      readonly span: Span;
    }
  /** Whether a map has a cell at these keys: one that differs from the default. */
  | {
      readonly type: "has";
      readonly map: string;
      readonly keys: readonly Typed[];
      readonly isOld: boolean;
      readonly span: Span;
    }
  /**
   * Sum of `term` over all cells of a map, or over one row. `cell` names the value of each cell,
   * and `keys` names those keys that differ between the cells. These names are locals of `term`,
   * which reads no state.
   */
  | {
      readonly type: "sum";
      readonly map: string;
      readonly row: Typed | undefined;
      readonly cell: string;
      readonly keys: readonly string[];
      readonly term: Typed;
      /** Whether the checker knows that the term is never negative. */
      readonly isNatural: boolean;
      readonly isOld: boolean;
      readonly span: Span;
    };
