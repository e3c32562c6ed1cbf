/** Field of an account that programs know; both hold amounts of the native asset. */
export type FieldName = "balance" | "stake";

/** Stored amount of an account: a field, or its amount of a declared asset. */
export type HoldingName = FieldName | `balance[${string}]`;

/** Fields in their fixed order. */
export const fieldNames: readonly FieldName[] = ["balance", "stake"];

/** Fields that only intents of the genesis list may write. */
export const privilegedFields: ReadonlySet<FieldName> = new Set<FieldName>(["stake"]);

/** Tells whether a word names a field. */
export function isFieldName(word: string): word is FieldName {
  return word === "balance" || word === "stake";
}

/** Type of a parameter. */
export type ParameterType = "Account" | "Amount" | "Int" | "Bool";

/** Types by name; `Balance` is the name of an amount in older sources. */
export const parameterTypes: ReadonlyMap<string, ParameterType> = new Map<string, ParameterType>([
  ["Account", "Account"],
  ["Amount", "Amount"],
  ["Balance", "Amount"],
  ["Int", "Int"],
  ["Bool", "Bool"],
]);

/** Bits of the values of arguments. */
export const valueBits: { readonly amount: 64; readonly int: 127; readonly sequence: 53 } = {
  amount: 64,
  int: 127,
  sequence: 53,
};

/** Largest value of an `Amount` and of every stored field. */
export const amountMax: bigint = (1n << 64n) - 1n;

/** Largest magnitude of an `Int` argument. */
export const intMax: bigint = (1n << 127n) - 1n;

/** Largest sequence that the wire format can hold. */
export const sequenceMax: bigint = (1n << 53n) - 1n;
