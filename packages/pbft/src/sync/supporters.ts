import { equalBytes, toHex } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import type { Candidate, PeerOffers } from "./candidates.ts";

/** Peers that offer the snapshot which is being fetched. */
export interface Supporters {
  has(peer: PeerName): boolean;
  count(): number;
  drop(peer: PeerName): void;
  /** Adds the peers that offer it now. */
  learn(all: readonly PeerOffers[]): void;
}

/** Creates the set of the peers of one candidate. */
export function createSupporters(candidate: Candidate): Supporters {
  const { sequence, digest } = candidate;
  const peers = new Set(candidate.peers.keys());
  return {
    has: (peer) => peers.has(toHex(peer)),
    count: () => peers.size,
    drop: (peer) => void peers.delete(toHex(peer)),
    learn(all) {
      for (const { peer, offers } of all) {
        const isServed = offers.some(
          (offer) => offer.sequence === sequence && equalBytes(offer.digest, digest),
        );
        if (isServed) peers.add(toHex(peer));
      }
    },
  };
}
