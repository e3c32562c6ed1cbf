import { assert, concatBytes, ModelsError } from "@aethel/models";
import {
  type ContractValue,
  decodeStored,
  encodeStored,
  type FieldValue,
  isDefault,
  storedSize,
  type TypedContract,
  type TypedMap,
  type ValueType,
} from "@aethel/verifier";
import type { Coding } from "./state-overlay.ts";

/**
 * Coding of the cells of a map. It has one size, decodes only what it encodes, and refuses the
 * default of the type, which is stored as an absent cell.
 */
export function cellCoding({ name, value: type }: TypedMap): Coding<ContractValue> {
  return {
    encode: (value) => {
      assert(!isDefault(value, type), "a cell that equals its default is absent");
      return encodeStored(value, type);
    },
    decode: (bytes) => {
      const value = decodePart(bytes, type, name);
      if (isDefault(value, type)) refuse(name, "a cell that equals its default is absent");
      return value;
    },
  };
}

/** Coding of all scalars of a contract, in the order of their declarations. */
export function scalarsCoding({
  scalars,
}: Pick<TypedContract, "scalars">): Coding<readonly ContractValue[]> {
  return {
    encode: (values) => {
      assert(values.length === scalars.length, "a state has every scalar");
      const parts = scalars.map(({ type }, at) => {
        const value = values[at];
        assert(value !== undefined, "a state has every scalar");
        return encodeStored(value, type);
      });
      return concatBytes(...parts);
    },
    decode: (bytes) => decodeParts(bytes, scalars),
  };
}

/** Encodes the keys of a cell, one after the other, each with the fixed size of its type. */
export function encodeKeys(
  { keys: types }: Pick<TypedMap, "keys">,
  keys: readonly FieldValue[],
): Uint8Array {
  assert(keys.length === types.length, "a cell has all keys of its map");
  const parts = types.map((type, at) => {
    const key = keys[at];
    assert(key !== undefined, "a cell has all keys of its map");
    return encodeStored(key, type);
  });
  return concatBytes(...parts);
}

/**
 * Decodes the keys of a cell.
 * @throws ModelsError `DECODE` for bytes that `encodeKeys` never returns.
 */
export function decodeKeys(
  { name, keys: types }: Pick<TypedMap, "name" | "keys">,
  bytes: Uint8Array,
): readonly FieldValue[] {
  const parts = types.map((type) => ({ name, type }));
  return decodeParts(bytes, parts).flatMap((key) => (typeof key === "object" ? [] : [key]));
}

/** Returns the bytes that a present cell takes: those of its state key and of its value. */
export function cellBytes({ keys, value }: Pick<TypedMap, "keys" | "value">): number {
  const prefix = 1 + 32 + 1;
  return prefix + keys.reduce((sum, type) => sum + storedSize(type), 0) + storedSize(value);
}

function decodeParts(
  bytes: Uint8Array,
  types: readonly { readonly name: string; readonly type: ValueType }[],
): readonly ContractValue[] {
  let at = 0;
  const values = types.map(({ name, type }) => {
    const size = storedSize(type);
    const value = decodePart(bytes.subarray(at, at + size), type, name);
    at += size;
    return value;
  });
  if (at !== bytes.length) refuse("", `${bytes.length} bytes, expected ${at}`);
  return values;
}

function decodePart(bytes: Uint8Array, type: ValueType, name: string): ContractValue {
  const value = decodeStored(bytes, type);
  return value ?? refuse(name, `${bytes.length} bytes that are no value of its type`);
}

function refuse(field: string, reason: string): never {
  throw new ModelsError({ code: "DECODE", type: "stored value of a contract", field, reason });
}
