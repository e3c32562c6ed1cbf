import { toHex } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import type { PeerPage } from "./peer-pages.ts";

/**
 * Returns peers in the order in which they should be asked. The criteria are, one after the other:
 * strikes, whether the peer is `hint`, the number of pending requests, and a pseudorandom number
 * for each turn.
 */
export function inOrder(
  peers: readonly { readonly peer: PeerName; readonly page: PeerPage }[],
  options: {
    readonly hint: PeerName | undefined;
    readonly isUrgent: boolean;
    readonly at: number;
    readonly turn: number;
  },
): readonly PeerName[] {
  const { hint, isUrgent, at, turn } = options;
  const first = hint === undefined ? undefined : toHex(hint);
  const retry = isUrgent ? 1 : -1;
  const ranked = peers.map(({ peer, page: { strikes, passedOverUntil, open } }) => {
    const name = toHex(peer);
    const rank = at < passedOverUntil ? 2 : strikes > 0 ? retry : 0;
    return { peer, rank, open, hinted: name === first ? 0 : 1, lot: lotOf(name, turn) };
  });
  return ranked
    .toSorted(
      (left, right) =>
        left.rank - right.rank ||
        left.hinted - right.hinted ||
        left.open - right.open ||
        left.lot - right.lot,
    )
    .map(({ peer }) => peer);
}

/**
 * Returns a pseudorandom number of a peer for this turn (FNV-1a). A peer that chooses its name
 * cannot choose its place in every turn with it.
 */
function lotOf(name: string, turn: number): number {
  let hash = 0x811c9dc5 ^ turn;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
