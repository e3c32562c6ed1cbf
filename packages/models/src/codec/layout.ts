import type { Schema } from "./schema.ts";

/** Memory, seen as bytes and through a DataView. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/**
 * Encoding of the values of one type in memory (SSZ's `serialize`).
 *
 * Encodings are canonical by construction: `read` consumes exactly `start .. end`, and it accepts
 * only what `write` produces, if the same is true of the layouts inside.
 */
export interface Layout<T> {
  readonly schema: Schema;
  /**
   * Number of bytes of every value. `undefined` if it varies: then a container holds an offset to
   * the value.
   */
  readonly fixedSize: number | undefined;
  readonly minSize: number;
  readonly maxSize: number;
  /** Returns the number of bytes of `value`. Checks only what it needs for that. */
  sizeOf(value: T): number;
  /** Checks and writes `value`. Returns the position after it, `at + sizeOf(value)`. */
  write(memory: Memory, at: number, value: T): number;
  /** Reads a value and copies its bytes. Callers use `readExactly`, which checks the size. */
  read(memory: Memory, start: number, end: number): T;
  toJson(value: T): unknown;
  /** Converts JSON to a value. Its range is not checked here but by `write`. */
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
 * Returns the same bytes as `Memory`. The bytes become a plain `Uint8Array`, since `slice` of a
 * Node `Buffer` would not copy.
 */
export function memoryOf(bytes: Uint8Array): Memory {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    bytes: new Uint8Array(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
  };
}
