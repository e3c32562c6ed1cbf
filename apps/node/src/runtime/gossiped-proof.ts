import { itemOf, itemProof, type Proof } from "@aethel/models";

/**
 * Results of `decodeGossiped`, by the bytes: each item is decoded for its cost first, then for its
 * proof.
 */
const decoded = new WeakMap<Uint8Array, Proof>();

/** Decodes a gossiped item; undefined for bytes that are not a proof. */
export function decodeGossiped(bytes: Uint8Array): Proof | undefined {
  const known = decoded.get(bytes);
  if (known !== undefined) return known;
  try {
    // A copy: the bytes may be part of a larger message, which would be kept as long as the proof.
    const proof = itemProof(itemOf(bytes.slice()));
    decoded.set(bytes, proof);
    return proof;
  } catch {
    return undefined;
  }
}

/**
 * Returns the cost of a gossiped item: the number of its signatures, which are verified before
 * anything else. Undefined for bytes that are not a proof.
 */
export function costOfGossiped(bytes: Uint8Array): number | undefined {
  return decodeGossiped(bytes)?.signatures.length;
}
