import { type Digest, type Sequence, type SnapshotOffer, toHex } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/** Snapshot that some peers offer, with these peers. */
export interface Candidate {
  readonly sequence: Sequence;
  readonly digest: Digest;
  /** Median of the bytes that its peers state. */
  readonly bytes: number;
  /** Peers that offer it, by name in hexadecimal. */
  readonly peers: ReadonlyMap<string, PeerName>;
}

/** Offers of one peer. */
export interface PeerOffers {
  readonly peer: PeerName;
  readonly offers: readonly SnapshotOffer[];
}

/**
 * Groups offers by snapshot, in the order in which they should be tried: first the snapshot whose
 * import is unfinished, then those that more than a third of the peers offer, the newest first,
 * then the others.
 */
export function candidatesOf(
  all: readonly PeerOffers[],
  unfinished: Sequence | undefined,
): readonly Candidate[] {
  const groups = new Map<
    string,
    { readonly offer: SnapshotOffer; bytes: number[]; peers: Map<string, PeerName> }
  >();
  for (const { peer, offers } of all) {
    for (const offer of offers) {
      const name = `${offer.sequence} ${toHex(offer.digest)}`;
      const group = groups.get(name) ?? { offer, bytes: [], peers: new Map<string, PeerName>() };
      group.bytes.push(offer.bytes);
      group.peers.set(toHex(peer), peer);
      groups.set(name, group);
    }
  }
  const offering = all.filter(({ offers }) => offers.length > 0).length;
  const candidates = [...groups.values()].map(({ offer, bytes, peers }): Candidate => {
    const { sequence, digest } = offer;
    return { sequence, digest, bytes: median(bytes), peers };
  });
  const rank = ({ sequence, peers }: Candidate): number => {
    if (peers.size <= offering / 3) return 2;
    return sequence === unfinished ? 0 : 1;
  };
  return candidates.toSorted(
    (left, right) =>
      rank(left) - rank(right) ||
      right.sequence - left.sequence ||
      right.peers.size - left.peers.size ||
      (toHex(left.digest) < toHex(right.digest) ? -1 : 1),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
