import { isBytes } from "@noble/hashes/utils.js";
import { fromHex, toHex } from "../bytes.ts";
import { type Codec, codecOf } from "./codec.ts";
import { copyOf, type Layout } from "./layout.ts";

/** SSZ `ByteVector[length]`. */
export function fixedBytes<T extends Uint8Array = Uint8Array>(length: number): Codec<T> {
  const layout: Layout<Uint8Array> = {
    schema: { type: "fixed-bytes", length },
    fixedSize: length,
    minSize: length,
    maxSize: length,
    sizeOf: () => length,
    write({ bytes }, at, value) {
      if (sizeOfBytes(value) !== length) {
        throw new Error(`expected ${length} bytes, got ${value.length}`);
      }
      bytes.set(value, at);
      return at + length;
    },
    read: copyOf,
    toJson: bytesToJson,
    fromJson: bytesFromJson,
  };
  return codecOf<T>(`bytes${length}`, layout as Layout<T>);
}

/** SSZ `ByteList[limit]`. */
export function boundedBytes(limit: number): Codec<Uint8Array> {
  return codecOf(`bytes up to ${limit}`, {
    schema: { type: "bounded-bytes", limit },
    fixedSize: undefined,
    minSize: 0,
    maxSize: limit,
    sizeOf: sizeOfBytes,
    write({ bytes }, at, value) {
      if (value.length > limit) {
        throw new Error(`expected at most ${limit} bytes, got ${value.length}`);
      }
      bytes.set(value, at);
      return at + value.length;
    },
    read: copyOf,
    toJson: bytesToJson,
    fromJson: bytesFromJson,
  });
}

function sizeOfBytes(value: Uint8Array): number {
  if (isBytes(value)) return value.length;
  throw new Error("expected bytes");
}

function bytesToJson(value: Uint8Array): string {
  return `0x${toHex(value)}`;
}

function bytesFromJson(json: unknown): Uint8Array {
  if (typeof json === "string" && /^(0x)?([0-9a-fA-F]{2})*$/.test(json)) return fromHex(json);
  throw new Error("expected bytes as 0x and an even number of hexadecimal digits");
}
