import { isBytes } from "@noble/hashes/utils.js";
import { ModelsError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import type { Digest } from "../ids.ts";
import { pathOf } from "./field-error.ts";
import { type Layout, type Memory, memoryOf, readExactly } from "./layout.ts";
import type { Schema } from "./schema.ts";

/**
 * A wire type: its canonical bytes (SSZ), its digest and its JSON form.
 *
 * `encode` and `decode` are inverse to each other: each value has one encoding, and bytes that are
 * not the encoding of their value are refused.
 */
export interface Codec<T> {
  /** Name of the type in errors. */
  readonly name: string;
  /** Greatest number of bytes that an encoding can have. */
  readonly maxBytes: number;
  /** Shape of the type as data. */
  readonly schema: Schema;
  /**
   * Encodes a value.
   * @throws ModelsError `ENCODE` with the field that is out of range.
   */
  encode(value: T): Uint8Array;
  /**
   * Returns the number of bytes of the encoding, without writing them.
   * @throws ModelsError `ENCODE` for a value that is too long to be encoded.
   */
  size(value: T): number;
  /**
   * Decodes canonical bytes into a copy. The memory that this takes is in proportion to the length
   * of `bytes`, never to a length that the bytes claim.
   * @throws ModelsError `DECODE` with the field.
   */
  decode(bytes: Uint8Array): T;
  /**
   * Returns the SHA-256 of the canonical bytes.
   * @throws ModelsError as `encode`.
   */
  digest(value: T): Digest;
  /**
   * Returns length and SHA-256 of the canonical bytes.
   * @throws ModelsError as `encode`.
   */
  measure(value: T): Measure;
  /**
   * Converts a value to JSON: bytes as `0x` hex, integers as decimal strings. JSON is never hashed
   * or signed.
   */
  toJson(value: T): unknown;
  /**
   * Converts JSON, as from `toJson`, to a value. Unknown fields are refused.
   * @throws ModelsError `DECODE`.
   */
  fromJson(json: unknown): T;
  /** Layout, from which codecs of compound types are made. @internal */
  readonly layout: Layout<T>;
}

/** Length and SHA-256 of an encoding. */
export interface Measure {
  readonly bytes: number;
  readonly digest: Digest;
}

/** Value type of a codec: `Infer<typeof Prepare>` is `Prepare`. */
export type Infer<C> = C extends Codec<infer T> ? T : never;

/** Greatest number of bytes of an encoding, since SSZ offsets have 32 bits. */
const SIZE_MAX = 0xffff_ffff;

/** Makes a codec from a layout. It adds the name of the type and the errors. @internal */
export function codecOf<T>(name: string, layout: Layout<T>): Codec<T> {
  const encode = (value: T): Uint8Array => guarded("ENCODE", name, () => bytesOf(layout, value));
  const measure = (value: T): Measure => guarded("ENCODE", name, () => measureOf(layout, value));
  return {
    name,
    layout,
    schema: layout.schema,
    maxBytes: layout.maxSize,
    encode,
    size: (value) => guarded("ENCODE", name, () => sizeOf(layout, value)),
    decode: (bytes) =>
      guarded("DECODE", name, () => {
        if (!isBytes(bytes)) throw new Error("expected bytes");
        return readExactly(layout, memoryOf(bytes), 0, bytes.length);
      }),
    digest: (value) => measure(value).digest,
    measure,
    toJson: (value) => guarded("ENCODE", name, () => layout.toJson(value)),
    fromJson: (json) =>
      guarded("DECODE", name, () => {
        const value = layout.fromJson(json);
        bytesOf(layout, value);
        return value;
      }),
  };
}

function bytesOf<T>(layout: Layout<T>, value: T): Uint8Array {
  const size = sizeOf(layout, value);
  const bytes = new Uint8Array(size);
  writeExactly(layout, value, { memory: { bytes, view: new DataView(bytes.buffer) }, size });
  return bytes;
}

/** Buffer for encodings that are hashed and not kept, as most are. */
const scratch = memoryOf(new Uint8Array(4_096));

function measureOf<T>(layout: Layout<T>, value: T): Measure {
  const bytes = sizeOf(layout, value);
  if (bytes > scratch.bytes.length) return { bytes, digest: sha256(bytesOf(layout, value)) };
  // A list of bits sets those that are true and leaves the others as they are.
  scratch.bytes.fill(0, 0, bytes);
  writeExactly(layout, value, { memory: scratch, size: bytes });
  return { bytes, digest: sha256(scratch.bytes.subarray(0, bytes)) };
}

function sizeOf<T>(layout: Layout<T>, value: T): number {
  const size = layout.sizeOf(value);
  if (size > SIZE_MAX) throw new Error(`more than ${SIZE_MAX} bytes`);
  return size;
}

function writeExactly<T>(
  layout: Layout<T>,
  value: T,
  { memory, size }: { readonly memory: Memory; readonly size: number },
): void {
  const end = layout.write(memory, 0, value);
  if (end !== size) throw new Error("the value changed while it was encoded");
}

function guarded<T>(code: "ENCODE" | "DECODE", type: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelsError({ code, type, field: pathOf(cause), reason }, { cause });
  }
}
