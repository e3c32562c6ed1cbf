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

/** Where the ledger stands. */
export interface LedgerHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly certificate: QuorumCertificate | undefined;
  /** Votes on the next sequence. */
  readonly validators: ValidatorSet;
  /** Voted on the head: it verifies `certificate`. */
  readonly previousValidators: ValidatorSet;
  /** Consensus' record of leaders, as the last `commit` was given it; no bytes at genesis. */
  readonly leadership?: Uint8Array | undefined;
}

/** What a leader asks for. */
export interface BlockRequest {
  readonly sequence: Sequence;
  readonly timestamp: Timestamp;
  readonly proposer: AccountId;
  readonly parentCertificate: QuorumCertificate | undefined;
  readonly evidence: readonly Evidence[];
  /** Hash of consensus' record of leaders, for the header. Default: the parent's. */
  readonly leadership?: Digest;
  readonly reason: "work" | "heartbeat";
  readonly signal: AbortSignal;
}

/** What a voter asks for. */
export interface VerdictRequest {
  readonly block: Block;
  readonly digest: Digest;
  readonly patience: "watchdog" | "none";
  readonly signal: AbortSignal;
}

/** Only `refused` is a vote against. */
export type BlockVerdict =
  | { readonly type: "accepted" }
  | {
      readonly type: "refused";
      readonly reason: string;
      /** Encoded `FalseClaim`: shows that a result in the block's annex is false. */
      readonly claim?: Uint8Array;
    }
  | { readonly type: "abstained"; readonly reason: string };
