import { equalBytes, sha256 } from "@aethel/models";
import { joinBytes } from "../bytes/byte-writer.ts";
import { copyBytes } from "../bytes/copy.ts";

const SEAL = 32;

/** The bytes, and their SHA-256: what a disk changes by itself does not pass for what was written. */
export function seal(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = joinBytes(parts);
  return joinBytes([bytes, sha256(bytes)]);
}

/** A copy of what was sealed; undefined unless the hash is there and right. */
export function unseal(sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < SEAL) return undefined;
  const bytes = copyBytes(sealed, 0, sealed.length - SEAL);
  return equalBytes(sha256(bytes), sealed.subarray(bytes.length)) ? bytes : undefined;
}
