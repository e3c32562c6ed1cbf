import { type Codec, codecOf } from "./codec.ts";
import type { Layout, Memory } from "./layout.ts";
import type { Schema } from "./schema.ts";

// Every leaf checks its range on the way out as well as in: two values with one encoding would let
// one signature stand for both.

/**
 * SSZ `uint8 .. uint64` as a number in `0 .. max`. Default of `max`: the largest value that the
 * bytes and a safe integer can hold.
 */
export function natural<T extends number = number>(
  byteLength: 1 | 2 | 4 | 8,
  max: number = byteLength === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * byteLength) - 1,
): Codec<T> {
  const checked = (value: number): number => {
    if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
    throw new Error(`${shown(value)} is not in 0 .. ${max}`);
  };
  const { write, read } = NATURALS[byteLength];
  return leaf<number, T>(`uint${8 * byteLength}`, byteLength, {
    schema: { type: "natural", bytes: byteLength, max },
    write: ({ view }, at, value) => write(view, at, checked(value)),
    read: ({ view }, at) => checked(read(view, at)),
    toJson: (value) => String(checked(value)),
    fromJson: (json) => Number(decimal(json)),
  });
}

/** SSZ `uint64` or `uint128` as a bigint. */
export function bigNatural<T extends bigint = bigint>(byteLength: 8 | 16): Codec<T> {
  const max = (1n << BigInt(8 * byteLength)) - 1n;
  const checked = (value: bigint): bigint => {
    if (typeof value === "bigint" && value >= 0n && value <= max) return value;
    throw new Error(`${shown(value)} is not in 0 .. ${max}`);
  };
  return leaf<bigint, T>(`uint${8 * byteLength}`, byteLength, {
    schema: { type: "big-natural", bytes: byteLength },
    write({ view }, at, value) {
      checked(value);
      view.setBigUint64(at, BigInt.asUintN(64, value), true);
      if (byteLength === 16) view.setBigUint64(at + 8, value >> 64n, true);
    },
    read({ view }, at) {
      const low = view.getBigUint64(at, true);
      return byteLength === 8 ? low : (view.getBigUint64(at + 8, true) << 64n) | low;
    },
    toJson: (value) => String(checked(value)),
    fromJson: (json) => BigInt(decimal(json)),
  });
}

/** SSZ `boolean`: one byte, 0 or 1. */
export const boolean: Codec<boolean> = leaf<boolean, boolean>("boolean", 1, {
  schema: { type: "boolean" },
  write({ bytes }, at, value) {
    if (typeof value !== "boolean") throw new Error(`${shown(value)} is not a boolean`);
    bytes[at] = value ? 1 : 0;
  },
  read({ bytes }, at) {
    const byte = bytes[at];
    if (byte === 0 || byte === 1) return byte === 1;
    throw new Error(`${byte} is neither 0 nor 1`);
  },
  toJson: (value) => value,
  fromJson: (json) => json as boolean,
});

/**
 * One byte, which is the index of a name in `names`. The order is wire format, so names may only be
 * appended.
 */
export function enumeration<const N extends readonly string[]>(names: N): Codec<N[number]> {
  return leaf<string, N[number]>(names.join(" | "), 1, {
    schema: { type: "enumeration", names },
    write({ bytes }, at, value) {
      const code = names.indexOf(value);
      if (code < 0) throw new Error(`${shown(value)} is not one of ${names.join(", ")}`);
      bytes[at] = code;
    },
    read({ bytes }, at) {
      const name = names[bytes[at] ?? names.length];
      if (name === undefined) throw new Error(`${bytes[at]} is not below ${names.length}`);
      return name;
    },
    toJson: (value) => value,
    fromJson: (json) => json as string,
  });
}

interface Leaf<Value> {
  readonly schema: Schema;
  write(memory: Memory, at: number, value: Value): void;
  read(memory: Memory, at: number): Value;
  toJson(value: Value): unknown;
  fromJson(json: unknown): Value;
}

/**
 * Codec of a scalar. `Brand` is the branded type of its values, which exists only at compile time.
 */
function leaf<Value, Brand extends Value>(
  name: string,
  size: number,
  of: Leaf<Value>,
): Codec<Brand> {
  const layout: Layout<Value> = {
    ...of,
    fixedSize: size,
    minSize: size,
    maxSize: size,
    sizeOf: () => size,
    write(memory, at, value) {
      of.write(memory, at, value);
      return at + size;
    },
  };
  return codecOf<Brand>(name, layout as Layout<Brand>);
}

interface NaturalAccess {
  readonly write: (view: DataView, at: number, value: number) => void;
  readonly read: (view: DataView, at: number) => number;
}

const LOW = 0x1_0000_0000;

const NATURALS: Readonly<Record<1 | 2 | 4 | 8, NaturalAccess>> = {
  1: {
    write: (view, at, value) => view.setUint8(at, value),
    read: (view, at) => view.getUint8(at),
  },
  2: {
    write: (view, at, value) => view.setUint16(at, value, true),
    read: (view, at) => view.getUint16(at, true),
  },
  4: {
    write: (view, at, value) => view.setUint32(at, value, true),
    read: (view, at) => view.getUint32(at, true),
  },
  8: {
    write(view, at, value) {
      view.setUint32(at, value % LOW, true);
      view.setUint32(at + 4, Math.floor(value / LOW), true);
    },
    read: (view, at) => view.getUint32(at + 4, true) * LOW + view.getUint32(at, true),
  },
};

function decimal(json: unknown): string {
  if (typeof json === "string" && /^(0|[1-9]\d{0,39})$/.test(json)) return json;
  if (typeof json === "number" && Number.isSafeInteger(json) && json >= 0) return String(json);
  throw new Error(`${shown(json)} is not a decimal integer`);
}

/** Returns a short text of a wrong value, for an error message. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value === "object" && value !== null) return "an object";
  return String(value).slice(0, 60);
}
