import {
  BitArray,
  BitListType,
  BooleanType,
  ByteListType,
  ByteVectorType,
  type ByteViews,
  type Type,
  UintBigintType,
  UintNumberType,
} from "@chainsafe/ssz";
import { type Codec, codecOf } from "./codec.ts";

// The stock SSZ leaves truncate what does not fit (2^32 + 1 encodes as 1) and write byte arrays of
// any length. Two values with one encoding would fork a chain, so every leaf here checks.

class NaturalType extends UintNumberType {
  readonly #max: number;

  constructor(byteLength: 1 | 2 | 4 | 8, max: number) {
    super(byteLength);
    this.#max = max;
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: number): number {
    return super.value_serializeToBytes(output, offset, this.#checked(value));
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): number {
    return this.#checked(super.value_deserializeFromBytes(data, start, end));
  }

  override fromJson(json: unknown): number {
    return this.#checked(Number(decimal(json)));
  }

  #checked(value: number): number {
    if (Number.isSafeInteger(value) && value >= 0 && value <= this.#max) return value;
    throw new Error(`${value} is not in 0 .. ${this.#max}`);
  }
}

class BigNaturalType extends UintBigintType {
  readonly #max: bigint;

  constructor(byteLength: 8 | 16) {
    super(byteLength);
    this.#max = (1n << BigInt(8 * byteLength)) - 1n;
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: bigint): number {
    return super.value_serializeToBytes(output, offset, this.#checked(value));
  }

  override fromJson(json: unknown): bigint {
    return this.#checked(BigInt(decimal(json)));
  }

  #checked(value: bigint): bigint {
    if (typeof value === "bigint" && value >= 0n && value <= this.#max) return value;
    throw new Error(`${value} is not in 0 .. ${this.#max}`);
  }
}

class FixedBytesType extends ByteVectorType {
  override value_serializeToBytes(output: ByteViews, offset: number, value: Uint8Array): number {
    if (!(value instanceof Uint8Array) || value.length !== this.lengthBytes) {
      throw new Error(`expected ${this.lengthBytes} bytes, got ${value?.length}`);
    }
    return super.value_serializeToBytes(output, offset, value);
  }
}

class BoundedBytesType extends ByteListType {
  override value_serializeToBytes(output: ByteViews, offset: number, value: Uint8Array): number {
    if (!(value instanceof Uint8Array) || value.length > this.limitBytes) {
      throw new Error(`expected at most ${this.limitBytes} bytes, got ${value?.length}`);
    }
    return super.value_serializeToBytes(output, offset, value);
  }
}

/** SSZ `uint8 .. uint64` as a safe integer in `0 .. max`; `max` defaults to all that fits. */
export function natural<T extends number = number>(
  byteLength: 1 | 2 | 4 | 8,
  max: number = byteLength === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * byteLength) - 1,
): Codec<T> {
  return leaf<T>(`uint${8 * byteLength}`, new NaturalType(byteLength, max));
}

/** SSZ `uint64` or `uint128` as a bigint. */
export function bigNatural<T extends bigint = bigint>(byteLength: 8 | 16): Codec<T> {
  return leaf<T>(`uint${8 * byteLength}`, new BigNaturalType(byteLength));
}

/** SSZ `boolean`: one byte, 0 or 1. */
export const boolean: Codec<boolean> = leaf("boolean", new BooleanType());

/** SSZ `ByteVector[length]`. */
export function fixedBytes<T extends Uint8Array = Uint8Array>(length: number): Codec<T> {
  return leaf<T>(`bytes${length}`, new FixedBytesType(length));
}

/** SSZ `ByteList[limit]`. */
export function boundedBytes(limit: number): Codec<Uint8Array> {
  return leaf(`bytes up to ${limit}`, new BoundedBytesType(limit));
}

class BitsType extends BitListType {
  override value_serializedSize(value: never): number {
    return Math.floor(bitsOf(value).length / 8) + 1;
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: never): number {
    const bits = bitsOf(value);
    if (bits.length > this.limitBits) throw new Error(`more than ${this.limitBits} bits`);
    return super.value_serializeToBytes(output, offset, BitArray.fromBoolArray([...bits]));
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): never {
    if (end <= start) throw new Error("a bit list has at least its end bit");
    return bitsAs(super.value_deserializeFromBytes(data, start, end).toBoolArray());
  }

  override fromJson(json: unknown): never {
    return bitsAs(Array.from(String(json), toBit));
  }

  override toJson(value: never): unknown {
    return bitsOf(value)
      .map((bit) => (bit ? "1" : "0"))
      .join("");
  }
}

/** SSZ `Bitlist[limit]` as an array of booleans; JSON is a string of 0 and 1. */
export function bits(limit: number): Codec<readonly boolean[]> {
  return leaf(`bits up to ${limit}`, new BitsType(limit));
}

class EnumerationType extends UintNumberType {
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    super(1);
    this.#names = names;
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: never): number {
    const code = this.#names.indexOf(value);
    if (code < 0) throw new Error(`expected one of ${this.#names.join(", ")}`);
    return super.value_serializeToBytes(output, offset, code);
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): never {
    const name = this.#names[super.value_deserializeFromBytes(data, start, end)];
    if (name === undefined) throw new Error(`expected a code below ${this.#names.length}`);
    return name as never;
  }

  override fromJson(json: unknown): never {
    return json as never;
  }

  override toJson(value: never): unknown {
    return value;
  }
}

/** One byte that stands for one of `names`, in their order. Order is wire format: only append. */
export function enumeration<const N extends readonly string[]>(names: N): Codec<N[number]> {
  return leaf<N[number]>(names.join(" | "), new EnumerationType(names));
}

// The casts below are the boundary between SSZ's value types and the brands of this package.

function leaf<T>(name: string, ssz: unknown): Codec<T> {
  return codecOf<T>(name, ssz as Type<T>);
}

function bitsOf(value: unknown): readonly boolean[] {
  if (Array.isArray(value)) return value as readonly boolean[];
  throw new Error("expected an array of booleans");
}

function bitsAs(value: readonly boolean[]): never {
  return value as never;
}

function toBit(text: string): boolean {
  if (text === "0" || text === "1") return text === "1";
  throw new Error("expected a string of 0 and 1");
}

function decimal(json: unknown): string {
  if (typeof json === "string" && /^(0|[1-9]\d{0,39})$/.test(json)) return json;
  if (typeof json === "number" && Number.isSafeInteger(json)) return String(json);
  throw new Error("expected a decimal integer");
}
