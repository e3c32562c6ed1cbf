import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { ModelsError } from "./errors.ts";

/** Whether two byte strings are equal. Not constant time: never use it on secrets. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** Lexicographic order of byte strings: negative, zero or positive. The only order used on keys. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Lower-case hex without a prefix: the form in which bytes key a `Map` and appear in JSON. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** @throws ModelsError `RANGE` unless `text` is hex of even length, with or without `0x`. */
export function fromHex(text: string): Uint8Array {
  try {
    return hexToBytes(text.startsWith("0x") ? text.slice(2) : text);
  } catch (cause) {
    const reason = "expected an even number of hexadecimal digits";
    throw new ModelsError({ code: "RANGE", what: "hex", reason }, { cause });
  }
}

export { concatBytes };
