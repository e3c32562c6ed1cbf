import type { Schema } from "./schema.ts";

/** Memory as bytes and as numbers. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Encoding of the values of one type in memory (SSZ's `serialize`).
 *
 * Canonical by structure: each `read` consumes exactly `start .. end` and accepts only what its
 * `write` produces, given that the layouts inside it do.
 */
export interface Layout<T> {
  readonly schema: Schema;
  /**
   * Bytes of every value; `undefined` if they vary: a container then holds an offset to the value.
   */
  readonly fixedSize: number | undefined;
  readonly minSize: number;
  readonly maxSize: number;
  /** Bytes of `value`. Checks only what it needs to measure it. */
  sizeOf(value: T): number;
  /** Checks and writes `value`, and gives its end, `at + sizeOf(value)`. */
  write(memory: Memory, at: number, value: T): number;
  /** Reads a value, copying its bytes. Callers use `readExactly`. */
  read(memory: Memory, start: number, end: number): T;
  toJson(value: T): unknown;
  /** Converts JSON to a value, of which `write` checks the range. */
  fromJson(json: unknown): T;
}

/** Reads a value that takes exactly the bytes `start .. end-1`. */
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

/** Copies bytes of `memory`. */
export function copyOf({ bytes }: Memory, start: number, end: number): Uint8Array {
  return bytes.slice(start, end);
}

/**
 * Memory over the same bytes, as a plain `Uint8Array`: `slice` of a Node `Buffer` would not copy.
 */
export function memoryOf(bytes: Uint8Array): Memory {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
  };
}
