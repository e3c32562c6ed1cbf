import { equalBytes, sha256 } from "@aethel/models";
import { joinBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";

const SEAL = 32;

/** Concatenates the parts and appends their SHA-256, which reveals damage on the disk. */
export function seal(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = joinBytes(parts);
  return joinBytes([bytes, sha256(bytes)]);
}

/** Returns the bytes before the hash as a copy. Undefined if the hash is wrong. */
export function unseal(sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < SEAL) return undefined;
  const bytes = copyBytes(sealed, 0, sealed.length - SEAL);
  return equalBytes(sha256(bytes), sealed.subarray(bytes.length)) ? bytes : undefined;
}
