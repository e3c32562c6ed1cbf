import { MerkleError } from "../errors.ts";
import { DIGEST_LENGTH } from "../limits.ts";

/** Returns the error for bytes or JSON that are not in canonical form. */
export function decodeFault(field: string, reason: string): MerkleError {
  return new MerkleError({ code: "DECODE", field, reason });
}

/**
 * Returns `digest` after checking its length.
 * @throws MerkleError `DECODE` unless it has 32 bytes.
 */
export function checkDigest(field: string, digest: Uint8Array): Uint8Array {
  if (digest.length === DIGEST_LENGTH) return digest;
  throw decodeFault(field, `expected ${DIGEST_LENGTH} bytes, got ${digest.length}`);
}
