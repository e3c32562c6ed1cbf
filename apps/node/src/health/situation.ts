/** Facts of one moment from which a node derives its findings. */
export interface Situation {
  readonly role: "validator" | "observer";
  /** Time of the machine's clock, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly genesisMs: number;
  readonly head: { readonly sequence: number; readonly timestampMs: number };
  /** Status of the replica; undefined until it runs. */
  readonly consensus: ConsensusSituation | undefined;
  /**
   * Whether something waits to become final: proofs that can be included, or an empty block that is
   * due on an idle chain.
   */
  readonly hasWork: boolean;
  /** Number of proofs in the mempool. */
  readonly proofs: number;
  /**
   * Milliseconds since the last block became final on this node, or since the node's start, by a
   * monotonic clock.
   */
  readonly quietMs: number;
  /** Milliseconds that may pass without a final block before that is reported. */
  readonly patienceMs: number;
  /** Number of connected peers, validators or not. */
  readonly peers: number;
  /** Members of the set, and whether they are connected; this node counts as connected. */
  readonly members: readonly Member[];
  /**
   * Milliseconds between this clock and the dates of recent proposals that were refused for their
   * date. Positive: the proposal was dated ahead of the clock.
   */
  readonly untimelyMs: readonly number[];
  /** Number of proposals that were refused for their date since a block became final. */
  readonly untimelySinceFinal: number;
  /** Record of this node's validator; undefined if it has never staked, or on an observer. */
  readonly record?: StakeRecord | undefined;
  /**
   * Sequence of the checkpoint whose headers are being fetched, and for how many milliseconds;
   * undefined if none is.
   */
  readonly seeking: { readonly sequence: number; readonly forMs: number } | undefined;
}

/** Record of a validator in the state, in the set or not. */
export interface StakeRecord {
  readonly status: "active" | "ejected" | "jailed" | "leaving";
  readonly stake: bigint;
  readonly minimumStake: bigint;
}

/** Validator of the current set. */
export interface Member {
  readonly id: string;
  readonly power: bigint;
  readonly connected: boolean;
  readonly self: boolean;
}

/** Status of the replica. */
export interface ConsensusSituation {
  readonly view: number;
  readonly leader: string | undefined;
  readonly running: boolean;
  readonly quiet: string | undefined;
  readonly signsFrom: number | undefined;
  readonly behind: number | undefined;
  /** Reason for which this node follows no further block; undefined while it follows. */
  readonly joining: "checkpoint-needed" | "history-forked" | "checkpoint-contradicted" | undefined;
  readonly headAheadMs: number;
  /** Whether this node refused a block for its date although a quorum accepted it. */
  readonly clockDoubted: boolean;
  /** Error of the disk; undefined while writes succeed. */
  readonly disk: string | undefined;
  /**
   * Error of the Judge, which gives no verdict on a final block; undefined without such an error.
   */
  readonly noVerdict: string | undefined;
  readonly listening: ListeningSituation | undefined;
}

/** Progress of listening. */
export interface ListeningSituation {
  readonly cause: string;
  readonly sinceMs: number;
  readonly heardPower: bigint;
  /** Voting power that `heardPower` must exceed. */
  readonly neededPower: bigint;
  readonly totalPower: bigint;
  readonly highest: number | undefined;
  /**
   * Whether the other validators have a quorum without this one. If not, operators must agree on a
   * sequence.
   */
  readonly possible: boolean;
}
