import { copyBytes } from "./copy.ts";
import { decodeFault } from "./decode-fault.ts";

/**
 * Reader that takes bytes from front to back. Reading past the end throws `DECODE` with the name of
 * the field.
 */
export interface ByteReader {
  /** Copies the next `length` bytes. */
  readonly bytes: (field: string, length: number) => Uint8Array;
  /** Reads the next `length` bytes as an unsigned big-endian number. */
  readonly number: (field: string, length: number) => number;
  readonly isAtEnd: () => boolean;
  /** Number of bytes that are left. */
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
