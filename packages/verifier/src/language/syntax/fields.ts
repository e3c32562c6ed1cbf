/** Field of an account that programs can use. Both hold amounts of the native asset. */
export type FieldName = "balance" | "stake";

/** Name of a stored amount of an account: a native field, or the balance of a declared asset. */
export type HoldingName = FieldName | `balance[${string}]`;

/** All fields, in their fixed order. */
export const fieldNames: readonly FieldName[] = ["balance", "stake"];

/** Fields that only intents of the genesis file may write. */
export const privilegedFields: ReadonlySet<FieldName> = new Set<FieldName>(["stake"]);

/** Tells whether a word names a field. */
export function isFieldName(word: string): word is FieldName {
  return word === "balance" || word === "stake";
}

/** Type of a parameter. */
export type ParameterType = "Account" | "Amount" | "Int" | "Bool";

/** Types of parameters by name. `Balance` is the name of `Amount` in older sources. */
export const parameterTypes: ReadonlyMap<string, ParameterType> = new Map<string, ParameterType>([
  ["Account", "Account"],
  ["Amount", "Amount"],
  ["Balance", "Amount"],
  ["Int", "Int"],
  ["Bool", "Bool"],
]);

/** Widths of the magnitudes of arguments and of the sequence, in bits. */
export const valueBits: { readonly amount: 64; readonly int: 127; readonly sequence: 53 } = {
  amount: 64,
  int: 127,
  sequence: 53,
};

/** Greatest value of an `Amount` and of every stored amount. */
export const amountMax: bigint = (1n << 64n) - 1n;

/** Greatest magnitude of an `Int` argument. */
export const intMax: bigint = (1n << 127n) - 1n;

/** Greatest sequence that the wire format can hold. */
export const sequenceMax: bigint = (1n << 53n) - 1n;
