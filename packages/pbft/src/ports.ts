import type {
  AccountId,
  Block,
  BlockHeader,
  ConsensusMessage,
  Digest,
  Evidence,
  FinalizedBlock,
  Item,
  QuorumCertificate,
  Sequence,
  SyncRequest,
  SyncResponse,
  Timestamp,
  ValidatorSet,
} from "@aethel/models";

/**
 * A deterministic state machine that replicas keep equal. Consensus orders items, which are byte
 * strings to it. Only the application reads items, annex and its own part of the header.
 *
 * Calls for one sequence never overlap, except for `findClaim`, but `verify` and `propose` may be
 * aborted at any time. All of it must be deterministic in the block: two honest replicas must never
 * differ on `verify` except by abstaining.
 */
export interface Application {
  /**
   * Returns the last block that this application has applied durably, with the certificate that
   * made it final (none for genesis), and the set that votes on the next sequence.
   */
  head(): ApplicationHead;
  /** Whether a block is due now: work is pending, or something must be settled by one. */
  hasWork(): boolean;
  /**
   * Builds, validates and executes a block on top of the head. It need not be proposed in the end.
   * Undefined if there is nothing to propose and `request.reason` is `work`.
   */
  propose(request: ProposeRequest): Promise<Block | undefined>;
  /**
   * Validates every item and executes the block on top of the head, without making it durable.
   * `accepted` only if execution gives everything that the header says.
   */
  verify(request: VerifyRequest): Promise<ApplicationVerdict>;
  /**
   * Searches a block that will not be validated, or was refused, for what shows its header to be
   * false; resolves to undefined if it finds nothing. The block has the roots of its header, and
   * may have any other defect. Somebody may have sent it only to make others search it, so the work
   * MUST be bounded. One search runs at a time, beside other calls, and it may outlast the block's
   * sequence. An application without claims leaves it out.
   */
  findClaim?(request: ClaimRequest): Promise<Uint8Array | undefined>;
  /**
   * Applies a final block, durably, before it resolves; idempotent for the head. Blocks come in
   * order of sequence. A block that `verify` did not see is executed first.
   *
   * `leadership` is the record of leaders after this block: kept with it, durably, and given back
   * as `head().leadership`. Undefined if the head before has none.
   *
   * @throws PbftError `STORAGE`, an error of the system, or an error whose `isTransient` is true,
   * when a disk does not take the block: nothing of it counts as applied, and the same call is made
   * again until it works.
   * @throws anything else when the block contradicts this application's own execution: the replica
   * stops.
   */
  commit(block: FinalizedBlock, leadership?: Uint8Array): Promise<ApplicationHead>;
  /**
   * Returns an item that waits here to be proposed, by its hash; undefined if it is not here. A
   * proposal names its items by hash, and those that are not found here are fetched from peers.
   * Must be cheap. An application without a mempool leaves it out.
   */
  item?(hash: Digest): Item | undefined;
  /**
   * Returns a final block that this application keeps, for peers that catch up; undefined if it
   * keeps none at that sequence.
   */
  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /**
   * Returns the header of a final block that this application keeps; undefined if it keeps none at
   * that sequence. MUST cost about as much as the header is long: peers ask for many at a time, and
   * pay for headers.
   */
  header(sequence: Sequence): Promise<BlockHeader | undefined>;
}

/** Head of an application. */
export interface ApplicationHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
  /** The set that votes on sequence `header.sequence + 1`; its hash is `header.nextValidators`. */
  readonly validators: ValidatorSet;
  /** The set that voted on the head itself: it verifies `certificate`. */
  readonly previousValidators: ValidatorSet;
  /**
   * Record of leaders after the head, as `commit` was given it; no bytes at genesis. If an
   * application gives none, from the start, the plain schedule holds, in which nobody is passed
   * over.
   */
  readonly leadership?: Uint8Array | undefined;
}

/** Request of a leader to its application. */
export interface ProposeRequest {
  readonly sequence: Sequence;
  /**
   * Time of the block: at least the parent's plus the minimum interval. The application takes it as
   * it is.
   */
  readonly timestamp: Timestamp;
  readonly proposer: AccountId;
  /**
   * Commit certificate of the head; undefined for genesis. It goes into the block, and its signers
   * are rewarded.
   */
  readonly parentCertificate: QuorumCertificate | undefined;
  readonly evidence: readonly Evidence[];
  /** Hash of the record of leaders after this block; goes into the header. */
  readonly leadership: Digest;
  /** `heartbeat`: propose even if there is nothing to do. */
  readonly reason: "work" | "heartbeat";
  readonly signal: AbortSignal;
}

/** Request of a voter to its application. */
export interface VerifyRequest {
  readonly block: Block;
  readonly digest: Digest;
  /**
   * `watchdog`: the application may give up after its own time limit and abstain.
   * `none`: the block has a certificate; validation goes on for as long as it takes.
   */
  readonly patience: "watchdog" | "none";
  readonly signal: AbortSignal;
}

/** Request for the bytes that show the header of a block to be false, as `refused` has them. */
export interface ClaimRequest {
  readonly block: Block;
  readonly digest: Digest;
  readonly signal: AbortSignal;
}

/**
 * Verdict of the application on a block. Only `refused` is a vote against it; an abstention is not.
 */
export type ApplicationVerdict =
  | { readonly type: "accepted" }
  | {
      readonly type: "refused";
      readonly reason: string;
      /**
       * Bytes that show, without validation, that the header is false; at most `CLAIM_BYTES_MAX`.
       * Each voter for the block is accused with them, in evidence of the kind `false-header`,
       * which the application punishes once it stands in a block. MUST be confirmed by a plain
       * computation. Undefined: nobody is accused.
       */
      readonly claim?: Uint8Array;
    }
  | { readonly type: "abstained"; readonly reason: string };

/** A validator as the transport addresses it: by identity, since its index changes with the set. */
export type PeerName = AccountId;

/**
 * Delivers messages between replicas. It may lose, delay, repeat and reorder them, but never forges
 * `from`.
 */
export interface Transport {
  /**
   * Sends a message to all other replicas. Returns at once; never throws because of the network's
   * state.
   */
  broadcast(message: ConsensusMessage): void;
  /** Sends a message to one replica. */
  send(to: PeerName, message: ConsensusMessage): void;
  /**
   * Asks one replica; rejects when it does not answer in time or `signal` aborts.
   * The answer is decoded but not otherwise trusted.
   */
  request(to: PeerName, request: SyncRequest, signal: AbortSignal): Promise<SyncResponse>;
  /** Returns the replicas that can be asked now. */
  peers(): readonly PeerName[];
  /** Sets the handlers of incoming messages and requests; called once, before all other calls. */
  attach(handlers: TransportHandlers): void;
}

/** Handlers that a transport calls. `from` is authenticated; undefined if a message was relayed. */
export interface TransportHandlers {
  /** Takes a decoded message. The replica finds out whether it is authentic. */
  message(message: ConsensusMessage, from: PeerName | undefined): void;
  /** Answers a decoded request; never rejects for what the peer asked. */
  request(request: SyncRequest, from: PeerName | undefined): Promise<SyncResponse>;
  /** Tells that a peer became reachable: it may need what it missed. */
  connected(peer: PeerName): void;
}

/** Time as the replica sees it; virtual in simulation. */
export interface Clock {
  /**
   * Returns milliseconds since 1970. They may be wrong and jump: only proposals are dated and
   * checked by them.
   */
  now(): number;
  /**
   * Returns milliseconds from an arbitrary beginning, never decreasing and never corrected: a
   * monotonic clock. All waiting and measuring goes by it. Without it the forward steps of `now`
   * are added up.
   */
  elapsed?(): number;
  /** Calls `action` once after `delayMs`, unless the function that is returned is called before. */
  schedule(delayMs: number, action: () => void): () => void;
}

/**
 * The signing state: an append-only log of its own. No rollback, snapshot or backup of anything
 * else touches it. Calls never overlap. While it rejects, the replica follows and signs nothing;
 * PbftError `SIGNING_STATE_TAKEN` stops it.
 */
export interface SigningLog {
  /**
   * Returns all intact records, in order of appending. Rejects when the log is damaged in the
   * middle.
   */
  load(): Promise<readonly Uint8Array[]>;
  /**
   * Resolves when the whole record is durable. Nothing that depends on it may be sent before. When
   * it rejects, the record may be there after a restart or not; `compact` is called next.
   */
  append(record: Uint8Array): Promise<void>;
  /**
   * Replaces the log by `records`, atomically: for dropping what finalized sequences made obsolete,
   * and after a failure, when nothing of the old file is trusted. When it rejects, the log is the
   * old one or the new one, and `compact` is called again.
   */
  compact(records: readonly Uint8Array[]): Promise<void>;
}
