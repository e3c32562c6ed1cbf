/** Outbound connection that could become an anchor. */
export interface AnchorCandidate {
  readonly peer: string;
  readonly address: string;
  /** Milliseconds for which the connection has lasted. */
  readonly lastedMs: number;
  /** Whether the peer is a proven validator, or one that the record of a validator names. */
  readonly isVouched: boolean;
}

/**
 * Chooses the anchors: connections that a node dials first after a restart, whatever its address
 * book has learnt meanwhile. Those that were anchors and are still connected stay. Then come vouched
 * peers, then the longest connections of at least `leastMs`, one of each address group.
 */
export function chooseAnchors(options: {
  readonly connected: readonly AnchorCandidate[];
  readonly anchors: readonly string[];
  readonly groupOf: (address: string) => string;
  readonly count: number;
  readonly leastMs: number;
}): readonly string[] {
  const { anchors, groupOf, count, leastMs } = options;
  const groups = new Set<string>();
  const chosen: string[] = [];
  const ranked = options.connected
    .filter(({ peer, lastedMs }) => anchors.includes(peer) || lastedMs >= leastMs)
    .toSorted(
      (left, right) =>
        Number(anchors.includes(right.peer)) - Number(anchors.includes(left.peer)) ||
        Number(right.isVouched) - Number(left.isVouched) ||
        right.lastedMs - left.lastedMs,
    );
  for (const { peer, address } of ranked) {
    const group = groupOf(address);
    if (chosen.length >= count || groups.has(group) || chosen.includes(peer)) continue;
    groups.add(group);
    chosen.push(peer);
  }
  return chosen;
}

/**
 * Chooses the outbound connection that gives way to another one, so that no mix of peers stays for
 * ever: the oldest that is no anchor and older than `everyMs`. Undefined while a slot is free or
 * none is that old.
 */
export function chooseRotated(options: {
  readonly connected: readonly AnchorCandidate[];
  readonly anchors: readonly string[];
  readonly slots: number;
  readonly everyMs: number;
}): string | undefined {
  const { connected, anchors, slots, everyMs } = options;
  if (connected.length < slots) return undefined;
  return connected
    .filter(({ peer, lastedMs }) => !anchors.includes(peer) && lastedMs >= everyMs)
    .toSorted((left, right) => right.lastedMs - left.lastedMs)[0]?.peer;
}
