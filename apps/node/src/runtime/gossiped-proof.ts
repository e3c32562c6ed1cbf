import type { Ledger } from "@aethel/ledger";
import { itemOf, itemProof, type Proof } from "@aethel/models";
import type { ItemVerdict } from "@aethel/p2p";
import type { Regossip } from "./regossip.ts";
import type { Turns } from "./turns.ts";

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
 * Returns the cost of a gossiped item, in verifications of a signature: what the ledger would
 * verify, and 1 for an item that is refused before. Undefined if the bytes are not a proof.
 */
export function costOfGossiped(
  ledger: Pick<Ledger, "submitCost">,
  bytes: Uint8Array,
): number | undefined {
  const proof = decodeGossiped(bytes);
  return proof === undefined ? undefined : Math.max(1, ledger.submitCost(proof));
}

/** Parts of the node that add gossiped proofs. */
export interface GossipParts {
  readonly ledger: Pick<Ledger, "submit" | "submitCost">;
  readonly regossip: Regossip;
  readonly turns: Turns;
}

/**
 * Adds a proof from gossip to the mempool. The result `reject` counts against the peer and is given
 * only for proofs that no honest peer relays. Other refused proofs get `ignore`. A proof with
 * signatures to verify waits for its turn; when too many wait, it gets `later` unverified.
 */
export async function admitGossip(parts: GossipParts, bytes: Uint8Array): Promise<ItemVerdict> {
  const proof = decodeGossiped(bytes);
  if (proof === undefined) return "reject";
  const cost = parts.ledger.submitCost(proof);
  if (cost === 0) return add(parts, proof);
  return (await parts.turns.run(cost, () => add(parts, proof))) ?? "later";
}

function add({ ledger, regossip }: GossipParts, proof: Proof): ItemVerdict {
  const added = ledger.submit(proof);
  if (added.type === "accepted") {
    if (added.replaced !== undefined) regossip.remove(added.replaced);
    regossip.add(proof);
    return "accept";
  }
  return added.code === "signature" || added.code === "shape" ? "reject" : "ignore";
}
