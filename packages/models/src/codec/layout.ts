import type { Schema } from "./schema.ts";

/** One stretch of memory, as bytes and as numbers. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * How the values of one type lie in memory (SSZ's `serialize`).
 *
 * Canonical by structure: each `read` consumes exactly `start .. end` and accepts only what its
 * `write` produces, given that the layouts inside it do.
 */
export interface Layout<T> {
  readonly schema: Schema;
  /** Bytes of every value; `undefined` when they differ: then an offset stands in its place. */
  readonly fixedSize: number | undefined;
  readonly minSize: number;
  readonly maxSize: number;
  /** Bytes that `value` takes. Throws on what it needs in order to measure, no more. */
  sizeOf(value: T): number;
  /** Checks and writes `value`; answers where it ends, `at + sizeOf(value)`. */
  write(memory: Memory, at: number, value: T): number;
  /** Callers go through `readExactly`. Copies what it keeps. */
  read(memory: Memory, start: number, end: number): T;
  toJson(value: T): unknown;
  /** Converts; whether the value is in range is for `write` to say. */
  fromJson(json: unknown): T;
}

/** Reads a value that has exactly these bytes to itself. */
export function readExactly<T>(layout: Layout<T>, memory: Memory, start: number, end: number): T {
  const size = end - start;
  if (layout.fixedSize !== undefined && size !== layout.fixedSize) {
    throw new Error(`expected ${layout.fixedSize} bytes, got ${size}`);
  }
  if (size < layout.minSize) {
    throw new Error(`expected at least ${layout.minSize} bytes, got ${size}`);
  }
  if (size > layout.maxSize) {
    throw new Error(`expected at most ${layout.maxSize} bytes, got ${size}`);
  }
  return layout.read(memory, start, end);
}

/** The bytes of `memory` copied, whatever subclass of `Uint8Array` they came in. */
export function copyOf({ bytes }: Memory, start: number, end: number): Uint8Array {
  return bytes.slice(start, end);
}

/** Memory over the same bytes. A Node `Buffer` becomes plain, so that `slice` copies. */
export function memoryOf(bytes: Uint8Array): Memory {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
  };
}
