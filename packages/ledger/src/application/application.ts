import type {
  AccountId,
  Block,
  BlockHeader,
  Digest,
  Evidence,
  QuorumCertificate,
  Sequence,
  Timestamp,
  ValidatorSet,
} from "@aethel/models";

// The shapes that `@aethel/pbft` asks of an application. They are stated here again, because
// neither package may know the other; an app that joins them has the compiler compare them.

/** Last durable block of a ledger. */
export interface LedgerHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
  /** Set that votes on the next sequence. */
  readonly validators: ValidatorSet;
  /**
   * Set that voted on the head block. The signatures of `certificate` are verified against this
   * set.
   */
  readonly previousValidators: ValidatorSet;
  /**
   * Encoded leaders' record (facts of consensus about past leaders), as it was given to the last
   * `commit`. Empty at genesis. Undefined if that `commit` got none.
   */
  readonly leadership?: Uint8Array | undefined;
}

/** Request of a leader for a block. */
export interface BlockRequest {
  readonly sequence: Sequence;
  readonly timestamp: Timestamp;
  readonly proposer: AccountId;
  readonly parentCertificate: QuorumCertificate | undefined;
  readonly evidence: readonly Evidence[];
  /**
   * Hash of the leaders' record (facts of consensus about past leaders), for the header. Default:
   * the hash in the parent's header.
   */
  readonly leadership?: Digest;
  readonly reason: "work" | "heartbeat";
  readonly signal: AbortSignal;
}

/** Request of a voter to validate a block. */
export interface VerdictRequest {
  readonly block: Block;
  readonly digest: Digest;
  readonly patience: "watchdog" | "none";
  readonly signal: AbortSignal;
}

/**
 * Answer of the ledger about a block. `refused`: the block is invalid. `abstained`: this node
 * cannot decide, for example because the Judge gave no verdict.
 */
export type BlockVerdict =
  | { readonly type: "accepted" }
  | {
      readonly type: "refused";
      readonly reason: string;
      /**
       * Encoded `FalseClaim`, which proves that the block's annex is false. Absent if the block was
       * not refused for that.
       */
      readonly claim?: Uint8Array;
    }
  | { readonly type: "abstained"; readonly reason: string };

/**
 * Request to search a block for a refuted intent that its annex does not report as refuted. Such an
 * intent shows the header to be false, whatever other defects the block has.
 */
export interface ClaimRequest {
  readonly block: Block;
  readonly digest: Digest;
  readonly signal: AbortSignal;
}
