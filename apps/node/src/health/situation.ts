/** Facts from which a node derives its findings, all of the same moment. */
export interface Situation {
  readonly role: "validator" | "sentry" | "observer";
  /** Time of the machine's clock, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly genesisMs: number;
  readonly head: { readonly sequence: number; readonly timestampMs: number };
  /** Status of the replica. Undefined until the replica runs. */
  readonly consensus: ConsensusSituation | undefined;
  /**
   * Whether a block is due: for proofs that can be included, or an empty block on an idle chain.
   */
  readonly hasWork: boolean;
  /** Number of proofs in the mempool. */
  readonly proofs: number;
  /**
   * Milliseconds since this node finalized its last block, or since the node's start, by a
   * monotonic clock.
   */
  readonly quietMs: number;
  /** Milliseconds without a final block after which a finding says so. */
  readonly patienceMs: number;
  /** Number of connected peers, validators or not. */
  readonly peers: number;
  /**
   * Members of the validator set, and whether they are connected. This node itself counts as
   * connected.
   */
  readonly members: readonly Member[];
  /**
   * Timestamp minus this clock's time, in milliseconds, of recent proposals that were refused
   * because of their timestamp. Positive: the proposal was dated ahead of this clock.
   */
  readonly untimelyMs: readonly number[];
  /**
   * Number of proposals since the last final block that were refused because of their timestamp.
   */
  readonly untimelySinceFinal: number;
  /** Stake record of this node's validator. Undefined if it has never staked, or on an observer. */
  readonly record?: StakeRecord | undefined;
  /**
   * Sequence of the checkpoint whose headers this node is fetching, and the milliseconds since it
   * began. Undefined if it fetches none.
   */
  readonly seeking: { readonly sequence: number; readonly forMs: number } | undefined;
}

/** Stake record of a validator. The validator need not be in the set. */
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
  /** Reason for which this node accepts no further block. Undefined while it follows the chain. */
  readonly joining: "checkpoint-needed" | "history-forked" | "checkpoint-contradicted" | undefined;
  readonly headAheadMs: number;
  /** Whether this node refused a block because of its timestamp although a quorum accepted it. */
  readonly clockDoubted: boolean;
  /** Error of the disk; undefined while writes succeed. */
  readonly disk: string | undefined;
  /**
   * Error because of which the Judge gives no verdict on a final block. Undefined if there is none.
   */
  readonly noVerdict: string | undefined;
  readonly listening: ListeningSituation | undefined;
}

/** Progress of listening: following without signing, after the signing state was lost. */
export interface ListeningSituation {
  readonly cause: string;
  readonly sinceMs: number;
  readonly heardPower: bigint;
  /** Voting power that `heardPower` must exceed. */
  readonly neededPower: bigint;
  readonly totalPower: bigint;
  readonly highest: number | undefined;
  /**
   * Whether the other validators have a quorum without this one. If not, the operators must agree
   * on a sequence from which this validator signs.
   */
  readonly possible: boolean;
}
