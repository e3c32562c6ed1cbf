import { itemOf, itemProof, type Proof } from "@aethel/models";

/**
 * Results of `decodeGossiped`: the same bytes are asked about for their cost, then for their proof.
 */
const decoded = new WeakMap<Uint8Array, Proof>();

/** Decodes a gossiped item; undefined for bytes that are no proof. */
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

/** Returns the signatures of a gossiped proof, each of which is verified before all else. */
export function costOfGossiped(bytes: Uint8Array): number | undefined {
  return decodeGossiped(bytes)?.signatures.length;
}
