import { MerkleError } from "../errors.ts";
import { copyBytes } from "./copy.ts";

/** Reads bytes from the front to the back; whatever is not there is a `DECODE` fault. */
export interface ByteReader {
  /** The next bytes, as a copy. */
  readonly bytes: (field: string, length: number) => Uint8Array;
  /** The next bytes as an unsigned big-endian number; at most 4. */
  readonly number: (field: string, length: number) => number;
  readonly isAtEnd: () => boolean;
  /** How many bytes are left. */
  readonly left: () => number;
}

export function createByteReader(source: Uint8Array): ByteReader {
  let at = 0;
  const step = (field: string, length: number): number => {
    if (source.length - at < length) throw decodeFault(field, "the bytes end within it");
    at += length;
    return at - length;
  };
  return {
    bytes: (field, length) => {
      const from = step(field, length);
      return copyBytes(source, from, from + length);
    },
    number: (field, length) => {
      let number = 0;
      const from = step(field, length);
      for (let byte = from; byte < from + length; byte++)
        number = number * 256 + (source[byte] ?? 0);
      return number;
    },
    isAtEnd: () => at === source.length,
    left: () => source.length - at,
  };
}

export function decodeFault(field: string, reason: string): MerkleError {
  return new MerkleError({ code: "DECODE", field, reason });
}
