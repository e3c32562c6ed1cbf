import { MerkleError } from "./errors.ts";

/** Longest key, in bytes. The shortest key has 1 byte. */
export const KEY_LENGTH_MAX = 256;

/** Longest value, in bytes: 1 MiB. The shortest value has 1 byte. */
export const VALUE_LENGTH_MAX = 1_048_576;

/** Largest depth of a leaf: a path has 256 bits. */
export const DEPTH_MAX = 256;

/** Number of bytes of a digest, and of a path. */
export const DIGEST_LENGTH = 32;

export function isKeyLength(length: number): boolean {
  return length >= 1 && length <= KEY_LENGTH_MAX;
}

export function isValueLength(length: number): boolean {
  return length >= 1 && length <= VALUE_LENGTH_MAX;
}

/**
 * Checks the length of a key, which must be 1 to `KEY_LENGTH_MAX` bytes.
 * @throws MerkleError `KEY_LENGTH`.
 */
export function checkKey(key: Uint8Array): void {
  if (!isKeyLength(key.length)) throw new MerkleError({ code: "KEY_LENGTH", length: key.length });
}

/**
 * Checks the length of a value, which must be 1 to `VALUE_LENGTH_MAX` bytes.
 * @throws MerkleError `VALUE_LENGTH`.
 */
export function checkValue(value: Uint8Array): void {
  if (isValueLength(value.length)) return;
  throw new MerkleError({ code: "VALUE_LENGTH", length: value.length });
}
