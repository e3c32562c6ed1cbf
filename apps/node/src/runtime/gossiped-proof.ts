import type { Ledger } from "@aethel/ledger";
import { itemOf, itemProof, type Proof } from "@aethel/models";
import type { ItemVerdict } from "@aethel/p2p";
import type { Regossip } from "./regossip.ts";

/**
 * Cache of `decodeGossiped` by the bytes. Each gossiped item is decoded twice: for its cost, then
 * for the mempool.
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
 * Returns the number of signatures of a gossiped item, which is the cost of verifying it. Undefined
 * if the bytes are not a proof.
 */
export function costOfGossiped(bytes: Uint8Array): number | undefined {
  return decodeGossiped(bytes)?.signatures.length;
}

/**
 * Adds a proof from gossip to the mempool. The result `reject` counts against the peer and is given
 * only for proofs that no honest peer relays. Other refused proofs get `ignore`.
 */
export function admitGossip(
  { ledger, regossip }: { readonly ledger: Pick<Ledger, "submit">; readonly regossip: Regossip },
  bytes: Uint8Array,
): ItemVerdict {
  const proof = decodeGossiped(bytes);
  if (proof === undefined) return "reject";
  const added = ledger.submit(proof);
  if (added.type === "accepted") {
    if (added.replaced !== undefined) regossip.remove(added.replaced);
    regossip.add(proof);
    return "accept";
  }
  return added.code === "signature" || added.code === "shape" ? "reject" : "ignore";
}
