import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { ModelsError } from "./errors.ts";

/** Whether two byte strings are equal. Not constant time: MUST NOT be used on secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** Lexicographic order of byte strings: negative, zero or positive. All keys are ordered by it. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/**
 * Lower-case hex without a prefix. This form is used as a key of a `Map` and in texts; codecs add
 * `0x` in JSON.
 */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/**
 * Converts hex to bytes.
 * @throws ModelsError `RANGE` unless `text` is hex of even length, with or without `0x`.
 */
export function fromHex(text: string): Uint8Array {
  try {
    return hexToBytes(text.startsWith("0x") ? text.slice(2) : text);
  } catch (cause) {
    const reason = "expected an even number of hexadecimal digits";
    throw new ModelsError({ code: "RANGE", what: "hex", reason }, { cause });
  }
}

export { concatBytes };
