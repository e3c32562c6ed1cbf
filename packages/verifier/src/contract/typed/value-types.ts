/** Type of a field of a record, of a key, or of a stored value that is not a record. */
export type ScalarType =
  | { readonly kind: "account" | "amount" | "int" | "bool" | "digest" }
  | EnumType;

/** Declared enumeration. Its values are compared with `==` and `!=`; the first is the default. */
export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly words: readonly string[];
}

/** Declared record. Its fields are in the order of the declaration. */
export interface RecordType {
  readonly kind: "record";
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: ScalarType }[];
}

/** Type of a stored value. */
export type ValueType = ScalarType | RecordType;

/** Type of a parameter. `signature` is the type of a signature of a message. */
export type ArgumentType = ScalarType | { readonly kind: "signature" };

/**
 * Type of an expression. `number` is the type of all unbounded integers; an `amount` or `int` that
 * is read is a `number`.
 */
export type ExpressionType =
  | { readonly kind: "number" | "bool" | "account" | "digest" | "signature" }
  | EnumType
  | RecordType;

/**
 * Value that a contract can store or compute. A number is a bigint, an account or digest 64
 * lower-case hexadecimal digits, a word of an enumeration its index as bigint, a record its fields
 * in the order of the declaration.
 */
export type ContractValue = bigint | boolean | string | readonly FieldValue[];

/** Value of a field of a record. */
export type FieldValue = bigint | boolean | string;
