import type {
  AccountId,
  Block,
  BlockHeader,
  CertifiedHeader,
  ConsensusMessage,
  Digest,
  Evidence,
  FinalizedBlock,
  Item,
  QuorumCertificate,
  Sequence,
  SnapshotHead,
  SnapshotOffer,
  SyncRequest,
  SyncResponse,
  Timestamp,
  ValidatorSet,
} from "@aethel/models";

/**
 * Deterministic state machine that replicas keep equal. Consensus orders items, which are byte
 * strings to it. Only the application reads items, the annex, and its own part of the header.
 *
 * Calls for one sequence never overlap, except for `findClaim`, but `verify` and `propose` may be
 * aborted at any time. All of it must be deterministic in the block: two honest replicas must never
 * differ on `verify` except by abstaining.
 */
export interface Application {
  /**
   * Returns the last block that this application has applied durably. With it come the certificate
   * that made it final (none for genesis) and the set that votes on the next sequence.
   */
  head(): ApplicationHead;
  /** Whether a block is due now, because items wait or the state needs a block. */
  hasWork(): boolean;
  /**
   * Builds, validates and executes a block on top of the head. Consensus need not propose it.
   * Resolves to undefined if there is nothing to propose and `request.reason` is `work`.
   */
  propose(request: ProposeRequest): Promise<Block | undefined>;
  /**
   * Validates every item and executes the block on top of the head, without making it durable. The
   * result is `accepted` only if every field of the header equals the result of the execution.
   */
  verify(request: VerifyRequest): Promise<ApplicationVerdict>;
  /**
   * Searches a block that was refused, or that will not be validated, for proof that its header is
   * false. Resolves to undefined if it finds none. The block's body matches the roots in its
   * header, but the block may have any other defect. Somebody may have sent it only to make others
   * search it, so the work MUST be bounded. One search runs at a time, beside other calls, and it
   * may take longer than the block's sequence. An application without such claims omits the method.
   */
  findClaim?(request: ClaimRequest): Promise<Uint8Array | undefined>;
  /**
   * Applies a final block. It is durable when this resolves. Does nothing if the block is the head
   * already. Blocks come in order of sequence. A block that `verify` did not get is executed first.
   *
   * `leadership` is the leaders' record after this block. The application stores it with the block
   * and returns it as `head().leadership`. Undefined if the head before has none.
   * @throws PbftError `STORAGE`, an error of the system, or an error whose `isTransient` is true,
   * if a disk does not accept the block. Nothing of it then counts as applied, and the same call is
   * repeated until it works.
   * @throws any other error if the block contradicts this application's own execution. The replica
   * then stops.
   */
  commit(block: FinalizedBlock, leadership?: Uint8Array): Promise<ApplicationHead>;
  /**
   * Returns an item of this application's mempool by its hash; undefined if it is not there. A
   * proposal names its items by hash, and items that are not found here are fetched from peers.
   * Must be cheap. An application without a mempool omits the method.
   */
  item?(hash: Digest): Item | undefined;
  /**
   * Returns a stored final block, for peers that catch up. Undefined if none is stored at that
   * sequence.
   */
  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /**
   * Returns the header of a stored final block. Undefined if none is stored at that sequence. The
   * call MUST cost about as much as reading the header alone, since peers request many at a time
   * and are charged for headers only.
   */
  header(sequence: Sequence): Promise<BlockHeader | undefined>;
  /**
   * Returns the lowest sequence from which on all final blocks are stored. Must be cheap. An
   * application that stores all blocks omits the method.
   */
  oldest?(): Sequence;
  /**
   * Returns the final headers after `after` that change the validator set, ascending, each with its
   * certificate and the next set. The last one returned is the head, without a next set unless it
   * changes the set. If all of them have more than `SYNC_UPDATES_MAX` entries or
   * `SYNC_UPDATES_BYTES_MAX` bytes, returns as many from the beginning as fit. An application that
   * cannot serve them omits the method.
   */
  updates?(after: Sequence): Promise<readonly CertifiedHeader[]>;
  /** Snapshots that peers can fetch. An application that makes none omits it. */
  readonly snapshots?: SnapshotSource | undefined;
}

/**
 * Snapshots of an application's state, each taken after one final block. They are served while they
 * exist. One may be deleted at any time, also between two chunks.
 */
export interface SnapshotSource {
  /**
   * Returns the snapshots that can be served now, at most `SNAPSHOT_OFFERS_MAX`, ascending. Must be
   * cheap.
   */
  offers(): readonly SnapshotOffer[];
  /** Returns the block of a snapshot. Undefined if there is no snapshot of that sequence. */
  head(sequence: Sequence): Promise<SnapshotHead | undefined>;
  /**
   * Returns the chunk of a snapshot that begins at the path `from`, at most
   * `SNAPSHOT_CHUNK_BYTES_MAX` bytes. Undefined if there is no snapshot of that sequence. Two calls
   * may overlap.
   */
  chunk(sequence: Sequence, from: Uint8Array): Promise<Uint8Array | undefined>;
}

/**
 * Receiver of a snapshot. It checks each chunk against the state's root in the header, and stores
 * it. Its progress is durable, so another process can continue.
 */
export interface SnapshotSink {
  /**
   * Returns the sequence of the block whose state is imported in part, by an earlier process too.
   * Undefined if there is none. It is preferred among the snapshots that peers offer.
   */
  unfinished?(): Sequence | undefined;
  /**
   * Begins the import of the state after a block that is certain, or continues it. An unfinished
   * import of another state is dropped. Returns the ranges that are missing.
   */
  begin(head: SnapshotHead): Promise<readonly PathRange[]>;
  /**
   * Takes the chunk that was requested at the path `from`. Calls may overlap. A refused chunk
   * changes nothing.
   * @throws any error if the storage fails. The import can be continued later.
   */
  accept(from: Uint8Array, chunk: Uint8Array): Promise<ChunkVerdict>;
  /**
   * Returns the ranges that no accepted chunk covers, ascending by `from`. A chunk may be requested
   * at the `from` of any of them, and may reach beyond the range.
   */
  missing(): readonly PathRange[];
  /**
   * Makes the imported state the application's own. Called when nothing is missing. It is durable
   * when this resolves.
   * @throws any error if the storage fails, or if the whole state is not the one in the header.
   */
  finish(): Promise<void>;
}

/** Range of paths in the state's tree: 32 bytes each, both included. */
export interface PathRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Verdict of the receiver of a snapshot on one chunk. */
export type ChunkVerdict =
  /** The chunk is right. `entries` and `bytes` (of keys and values) are those that it added. */
  | { readonly type: "accepted"; readonly entries: number; readonly bytes: number }
  /** The chunk is right, but other chunks have covered its range meanwhile. Nobody's fault. */
  | { readonly type: "repeated" }
  /** The chunk is wrong, or does not begin at `from`. No honest peer sends it. */
  | { readonly type: "refused"; readonly reason: string };

/** Last applied block of an application. */
export interface ApplicationHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
  /** The set that votes on sequence `header.sequence + 1`; its hash is `header.nextValidators`. */
  readonly validators: ValidatorSet;
  /** Set that voted on the head itself. `certificate` is verified against it. */
  readonly previousValidators: ValidatorSet;
  /**
   * Leaders' record after the head, as `commit` got it. Empty at genesis. An application that never
   * stores one leaves it undefined. The plain schedule then holds, in which no leader is passed
   * over.
   */
  readonly leadership?: Uint8Array | undefined;
}

/** Request of a leader to its application. */
export interface ProposeRequest {
  readonly sequence: Sequence;
  /**
   * Timestamp of the block: at least the parent's plus the minimum block interval. The application
   * must use it unchanged.
   */
  readonly timestamp: Timestamp;
  readonly proposer: AccountId;
  /**
   * COMMIT certificate of the head; undefined for genesis. It becomes part of the block, and its
   * signers are rewarded.
   */
  readonly parentCertificate: QuorumCertificate | undefined;
  readonly evidence: readonly Evidence[];
  /** Hash of the leaders' record after this block, for the header. */
  readonly leadership: Digest;
  /**
   * Reason for the request. `work`: there may be something to propose. `heartbeat`: build a block
   * even if there is nothing to propose.
   */
  readonly reason: "work" | "heartbeat";
  readonly signal: AbortSignal;
}

/** Request of a voter to its application. */
export interface VerifyRequest {
  readonly block: Block;
  readonly digest: Digest;
  /**
   * `watchdog`: the application may abstain after its own time limit. `none`: the block has a
   * certificate, and validation must continue for as long as it takes.
   */
  readonly patience: "watchdog" | "none";
  readonly signal: AbortSignal;
}

/**
 * Request to search a block for proof that its header is false. The answer has the form of the
 * field `claim` of a `refused` verdict.
 */
export interface ClaimRequest {
  readonly block: Block;
  readonly digest: Digest;
  readonly signal: AbortSignal;
}

/**
 * Verdict of the application on a block. Only `refused` rejects the block; an abstention does not.
 */
export type ApplicationVerdict =
  | { readonly type: "accepted" }
  | {
      readonly type: "refused";
      readonly reason: string;
      /**
       * Bytes that prove, without validation, that the header is false; at most `CLAIM_BYTES_MAX`.
       * Each voter for the block is accused with them, in evidence of the type `false-header`. The
       * application punishes the offence when a block includes the evidence. A plain computation
       * MUST be able to confirm the bytes. Undefined: nobody is accused.
       */
      readonly claim?: Uint8Array;
    }
  | { readonly type: "abstained"; readonly reason: string };

/** Name of a validator for the transport: its id, since its index changes with the set. */
export type PeerName = AccountId;

/**
 * Transport of messages between replicas. It may lose, delay, repeat and reorder them, but never
 * forges `from`.
 */
export interface Transport {
  /**
   * Sends a message to all other replicas. Returns immediately, and never throws because of the
   * network's state.
   */
  broadcast(message: ConsensusMessage): void;
  /** Sends a message to one replica. */
  send(to: PeerName, message: ConsensusMessage): void;
  /**
   * Sends a request to one replica. Rejects if the replica does not answer in time or `signal`
   * aborts. The answer is decoded, but nothing in it was checked.
   */
  request(to: PeerName, request: SyncRequest, signal: AbortSignal): Promise<SyncResponse>;
  /** Returns the replicas to which a request can be sent now. */
  peers(): readonly PeerName[];
  /**
   * Reports that a replica gave an answer that no honest one gives, such as a block whose body does
   * not match its header. The transport can hold that against the peer that sent it. Undefined: it
   * keeps no account of peers.
   */
  blame?(peer: PeerName): void;
  /** Sets the handlers of incoming messages and requests. Called once, before all other calls. */
  attach(handlers: TransportHandlers): void;
}

/**
 * Handlers that a transport calls. `from` is authenticated. It is undefined for a message that was
 * relayed.
 */
export interface TransportHandlers {
  /** Takes a decoded message. The replica checks whether it is authentic. */
  message(message: ConsensusMessage, from: PeerName | undefined): void;
  /** Answers a decoded request. Never rejects because of the request's content. */
  request(request: SyncRequest, from: PeerName | undefined): Promise<SyncResponse>;
  /** Handles that a peer became reachable. The peer may need messages that it missed. */
  connected(peer: PeerName): void;
}

/** Clock of a replica. In simulations it is virtual. */
export interface Clock {
  /**
   * Returns milliseconds since 1970. They may be wrong and jump: they are used only to date and
   * check proposals.
   */
  now(): number;
  /**
   * Returns milliseconds from an arbitrary beginning, never decreasing and never corrected: a
   * monotonic clock. All waiting and measuring uses it. Without this method, the forward steps of
   * `now` are added up instead.
   */
  elapsed?(): number;
  /** Calls `action` once after `delayMs` milliseconds. The returned function cancels that. */
  schedule(delayMs: number, action: () => void): () => void;
}

/**
 * Storage of the signing state: an append-only log, separate from all other data. No rollback,
 * snapshot or backup of anything else may change it. Calls never overlap. While it rejects, the
 * replica follows and signs nothing. PbftError `SIGNING_STATE_TAKEN` stops the replica.
 */
export interface SigningLog {
  /**
   * Returns all intact records, in the order in which they were appended. Rejects if the log is
   * damaged before its end.
   */
  load(): Promise<readonly Uint8Array[]>;
  /**
   * Appends a record. Resolves when the whole record is durable. The replica sends nothing that
   * depends on the record before that. If this rejects, the log may have the record or not, and
   * `compact` is called next.
   */
  append(record: Uint8Array): Promise<void>;
  /**
   * Replaces all records by `records`, atomically. It is called to drop the records of finalized
   * sequences, and after a failure, when nothing in the old file is trusted. If it rejects, the log
   * is the old one or the new one, and `compact` is called again.
   */
  compact(records: readonly Uint8Array[]): Promise<void>;
}
