/** Facts of one moment from which a node derives its findings. */
export interface Situation {
  readonly role: "validator" | "observer";
  /** Time of the machine's clock. */
  readonly nowMs: number;
  readonly genesisMs: number;
  readonly head: { readonly sequence: number; readonly timestampMs: number };
  /** Undefined until the replica runs. */
  readonly consensus: ConsensusSituation | undefined;
  /** Something waits to become final: proofs, or an empty block that is due on an idle chain. */
  readonly hasWork: boolean;
  /** Proofs that wait. */
  readonly proofs: number;
  /** Monotonic time since the last block became final here, or since the start. */
  readonly quietMs: number;
  /** Time that a round may take before its silence means something. */
  readonly patienceMs: number;
  /** Connected peers, validators or not. */
  readonly peers: number;
  /** Members of the set, and whether they are connected; this node counts as connected. */
  readonly members: readonly Member[];
  /**
   * Differences between recent proposals that were refused for their date and this clock. Positive: the
   * proposal was dated ahead of the clock.
   */
  readonly untimelyMs: readonly number[];
  /** Number of such proposals since a block became final. */
  readonly untimelySinceFinal: number;
  /** Record of this node's validator; undefined when it has never staked. */
  readonly record?: StakeRecord | undefined;
  /** The checkpoint whose headers are fetched, and for how long by now. */
  readonly seeking: { readonly sequence: number; readonly forMs: number } | undefined;
}

/** Record of a validator in the state, in the set or not. */
export interface StakeRecord {
  readonly status: "active" | "ejected" | "jailed" | "leaving";
  readonly stake: bigint;
  readonly minimumStake: bigint;
}

/** A validator of the current set. */
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
  /** Reason for which no further block is followed, if none is. */
  readonly joining: "checkpoint-needed" | "history-forked" | "checkpoint-contradicted" | undefined;
  readonly headAheadMs: number;
  /** This node refused for its date a block that a quorum accepted. */
  readonly clockDoubted: boolean;
  /** Error of the disk, while it takes no writes. */
  readonly disk: string | undefined;
  /** Error of the Judge, while it gives no verdict on a final block. */
  readonly noVerdict: string | undefined;
  readonly listening: ListeningSituation | undefined;
}

/** Progress of listening. */
export interface ListeningSituation {
  readonly cause: string;
  readonly sinceMs: number;
  readonly heardPower: bigint;
  /** Power that must be exceeded. */
  readonly neededPower: bigint;
  readonly totalPower: bigint;
  readonly highest: number | undefined;
  /** False when the other validators have no quorum without this one: operators must name a sequence. */
  readonly possible: boolean;
}
