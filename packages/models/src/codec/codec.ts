import type { Type } from "@chainsafe/ssz";
import { equalBytes } from "../bytes.ts";
import { ModelsError } from "../errors.ts";
import { sha256 } from "../hash.ts";
import type { Digest } from "../ids.ts";
import { FieldError } from "./field-error.ts";

/**
 * A wire type: its canonical bytes (SSZ), digest and JSON form.
 *
 * `encode` and `decode` are inverse to each other: one value, one encoding, and bytes that would
 * not re-encode to themselves are refused.
 */
export interface Codec<T> {
  /** Name of the type, as errors give it. */
  readonly name: string;
  /** Largest number of bytes an encoding can have. */
  readonly maxBytes: number;
  /** @throws ModelsError `ENCODE`, naming the field, if the value is out of its range. */
  encode(value: T): Uint8Array;
  /** Copies what it keeps. @throws ModelsError `DECODE`, naming the field, unless canonical. */
  decode(bytes: Uint8Array): T;
  /** SHA-256 of the canonical bytes. */
  digest(value: T): Digest;
  /** For people: bytes as `0x` hex, integers as decimal strings. Never hashed or signed. */
  toJson(value: T): unknown;
  /** The inverse of `toJson`. @throws ModelsError `DECODE`. */
  fromJson(json: unknown): T;
  /** The SSZ type, to compose codecs of; not for callers. @internal */
  readonly ssz: Type<T>;
}

/** The value type of a codec: `Infer<typeof Prepare>` is `Prepare`. */
export type Infer<C> = C extends Codec<infer T> ? T : never;

/** Wraps an SSZ type, whose leaves check ranges, with strictness and typed errors. @internal */
export function codecOf<T>(name: string, ssz: Type<T>): Codec<T> {
  const encode = (value: T): Uint8Array => guarded("ENCODE", name, () => ssz.serialize(value));
  return {
    name,
    ssz,
    maxBytes: ssz.maxSize,
    encode,
    decode(bytes) {
      const value = guarded("DECODE", name, () => {
        if (bytes.length > ssz.maxSize) throw new Error(`more than ${ssz.maxSize} bytes`);
        return ssz.deserialize(plainBytes(bytes));
      });
      const canonical = guarded("DECODE", name, () => ssz.serialize(value));
      if (equalBytes(canonical, bytes)) return value;
      throw new ModelsError({ code: "DECODE", type: name, field: "", reason: "not canonical" });
    },
    digest: (value) => sha256(encode(value)),
    toJson: (value) => guarded("ENCODE", name, () => ssz.toJson(value)),
    fromJson: (json) =>
      guarded("DECODE", name, () => {
        const value = ssz.fromJson(json);
        ssz.serialize(value);
        return value;
      }),
  };
}

/** A Node `Buffer` slices into views; of a plain array of the same memory, decoding copies. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function guarded<T>(code: "ENCODE" | "DECODE", type: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const field = cause instanceof FieldError ? cause.path.join(".") : "";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelsError({ code, type, field, reason }, { cause });
  }
}
