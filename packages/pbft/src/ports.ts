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
 * strings to it; items, annex and the application's part of the header are read by the application
 * alone.
 *
 * Calls never overlap for one sequence but `verify` and `propose` may be aborted at any time. All
 * of it must be deterministic in the block: two honest replicas must never differ on `verify`
 * except by abstaining.
 */
export interface Application {
  /**
   * The last block this application has applied durably, with the certificate that made it final
   * (none for genesis), and the set that votes on the next sequence.
   */
  head(): ApplicationHead;
  /** Whether a block is due now: work is pending, or something must be settled by one. */
  hasWork(): boolean;
  /**
   * Builds, validates and executes a block on top of the head. It need not be proposed in the end.
   * `undefined`: there is nothing to propose and `request.reason` is `work`.
   */
  propose(request: ProposeRequest): Promise<Block | undefined>;
  /**
   * Validates every proof and executes the block on top of the head, without making it durable.
   * `accepted` only when everything in the header is what execution gave.
   */
  verify(request: VerifyRequest): Promise<ApplicationVerdict>;
  /**
   * Applies a final block, durably, before it resolves; idempotent for the head. Blocks come in
   * order of sequence. A block that `verify` did not see is executed first.
   *
   * `leadership` is the record of leaders after this block: kept with it, durably, and given back
   * as `head().leadership`. Undefined where the head before has none.
   *
   * @throws PbftError `STORAGE`, or an error of the system, when a disk does not take the block:
   * nothing of it counts as applied, and the same call is made again until it works. So it is for
   * an error whose `isTransient` is true.
   * @throws anything else when the block contradicts this application's own execution: the replica
   * stops.
   */
  commit(block: FinalizedBlock, leadership?: Uint8Array): Promise<ApplicationHead>;
  /**
   * An item that waits to be proposed here, by its hash: a proposal names its items, and what is
   * not found here is asked of peers. Cheap; an application that keeps no such pool leaves it out.
   */
  item?(hash: Digest): Item | undefined;
  /** A final block this application keeps, for peers that catch up. */
  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined>;
}

/** Head of an application. */
export interface ApplicationHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
  /** Votes on sequence `header.sequence + 1`; its hash is `header.nextValidators`. */
  readonly validators: ValidatorSet;
  /** The set that voted on the head itself: it verifies `certificate`. */
  readonly previousValidators: ValidatorSet;
  /**
   * Record of leaders after the head, as `commit` was given it; no bytes at genesis. An application
   * that gives none, from the start, has the plain schedule, in which nobody is passed over.
   */
  readonly leadership?: Uint8Array | undefined;
}

/** Request of a leader to its application. */
export interface ProposeRequest {
  readonly sequence: Sequence;
  /** At least the parent's plus the minimum interval; the application takes it as it is. */
  readonly timestamp: Timestamp;
  readonly proposer: AccountId;
  /** Commit certificate of the head; goes into the block, and its signers are rewarded. */
  readonly parentCertificate: QuorumCertificate | undefined;
  readonly evidence: readonly Evidence[];
  /** Goes into the header: the hash of the record of leaders after this block. */
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

/** An abstention is never a vote against: only `refused` is. */
export type ApplicationVerdict =
  | { readonly type: "accepted" }
  | {
      readonly type: "refused";
      readonly reason: string;
      /**
       * Bytes that show the header to be false, without validation; at most `CLAIM_BYTES_MAX`. Each
       * voter for the block is accused with them, in evidence of the kind `false-header`, which the
       * application punishes once it stands in a block. MUST be confirmed by a plain computation.
       */
      readonly claim?: Uint8Array;
    }
  | { readonly type: "abstained"; readonly reason: string };

/** A validator as the transport addresses it: by identity, since its index changes with the set. */
export type PeerName = AccountId;

/**
 * Delivers messages between replicas; may lose, delay, repeat and reorder them, never forge `from`.
 */
export interface Transport {
  /** To all other replicas. Returns at once; never throws for the state of the network. */
  broadcast(message: ConsensusMessage): void;
  /** To one replica. */
  send(to: PeerName, message: ConsensusMessage): void;
  /**
   * Asks one replica; rejects when it does not answer in time or `signal` aborts.
   * The answer is decoded but not otherwise trusted.
   */
  request(to: PeerName, request: SyncRequest, signal: AbortSignal): Promise<SyncResponse>;
  /** Replicas that can be asked now. */
  peers(): readonly PeerName[];
  /**
   * Sets the handlers of incoming messages and requests; called once, before anything else is
   * called.
   */
  attach(handlers: TransportHandlers): void;
}

/**
 * Handlers that a transport calls. `from` is authenticated, or undefined when a message was
 * relayed.
 */
export interface TransportHandlers {
  /** A decoded message; whether it is authentic is for the replica to find out. */
  message(message: ConsensusMessage, from: PeerName | undefined): void;
  /** Answers a decoded request; never rejects for what the peer asked. */
  request(request: SyncRequest, from: PeerName | undefined): Promise<SyncResponse>;
  /** A peer became reachable: it may need what it missed. */
  connected(peer: PeerName): void;
}

/** Time as the replica sees it; virtual in simulation. */
export interface Clock {
  /**
   * Milliseconds since 1970. It may be wrong and jump: proposals are dated and checked by it only.
   */
  now(): number;
  /**
   * Milliseconds from an arbitrary beginning, never decreasing and never corrected: a monotonic
   * clock. All waiting and measuring goes by it. Without it the steps of `now` are added up.
   */
  elapsed?(): number;
  /** Calls `action` once after `delayMs`; the result cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

/**
 * The signing state: an append-only log of its own. No rollback, snapshot or backup of anything
 * else touches it. Calls never overlap. While it rejects, the replica follows and signs nothing;
 * PbftError `SIGNING_STATE_TAKEN` stops it.
 */
export interface SigningLog {
  /** All intact records, in order of appending. Rejects when the log is damaged in the middle. */
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
