/** Ban of a peer or of a host: until it ends, its connections are refused. */
export interface Ban {
  /** Peer id, or IP address of a host, as text. */
  readonly target: string;
  /** Beginning, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** End, in milliseconds since 1970. A ban that has ended is kept for a while, to count again. */
  readonly untilMs: number;
  /** Reason, for the operator. */
  readonly reason: string;
  /** Author of the ban: this node because of the conduct of the peer, or its operator. */
  readonly by: "node" | "operator";
  /** Number of offences so far, this one included. Each makes the ban longer. */
  readonly times: number;
}

/** Storage of bans, so that they last over restarts. */
export interface BanStore {
  /** Returns the bans that were saved last. An empty list if there are none. */
  load(): Promise<readonly Ban[]>;
  /** Saves all bans in place of the earlier ones. Calls do not overlap. */
  save(bans: readonly Ban[]): Promise<void>;
}

/** Bans that an operator sees and changes. */
export interface OperatorBans {
  /** Returns the bans in force, those that end first at the beginning. */
  list(): readonly Ban[];
  /**
   * Bans a peer id or an IP address for a time, and closes its connections. Returns the ban.
   * @throws P2pError `OPTION` if the target is neither, or if the time is not positive.
   */
  ban(order: { readonly target: string; readonly forMs: number; readonly reason: string }): Ban;
  /** Ends a ban, and forgets its offences. Returns false if there is none. */
  unban(target: string): boolean;
}
