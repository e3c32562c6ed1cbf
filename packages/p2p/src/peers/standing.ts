/** Trust between a private validator and its sentries, and what members of the set vouch for. */
export interface Standing {
  /** Whether this node is a validator that speaks only to its own sentries. */
  readonly isPrivate: boolean;
  /** Whether a peer is a sentry of this private validator. */
  isOwnSentry(peer: string): boolean;
  /** Whether a peer is a private validator behind this sentry. */
  isPrivatePeer(peer: string): boolean;
  /**
   * Whether a peer has budgets and places of its own although it is no validator: this operator
   * named it, or the record of a member of the set names it.
   */
  isTrusted(peer: string): boolean;
}

/** Creates a `Standing`. */
export function createStanding(options: {
  /** Peer ids of the sentries of a private validator. Empty on all other nodes. */
  readonly sentries: readonly string[];
  /** Peer ids of the private validators behind this sentry. */
  readonly privatePeers: readonly string[];
  vouchesFor(peer: string): boolean;
}): Standing {
  const sentries = new Set(options.sentries);
  const privatePeers = new Set(options.privatePeers);
  return {
    isPrivate: sentries.size > 0,
    isOwnSentry: (peer) => sentries.has(peer),
    isPrivatePeer: (peer) => privatePeers.has(peer),
    isTrusted: (peer) => sentries.has(peer) || privatePeers.has(peer) || options.vouchesFor(peer),
  };
}
