import type {
  AccountId,
  Block,
  BlockOutline,
  ConsensusMessage,
  Digest,
  Evidence,
  FinalizedBlock,
  QuorumCertificate,
  Sequence,
  Timestamp,
  View,
} from "@aethel/models";
import type { OwnStatement } from "./books/own-statements.ts";
import type { Occurrence, TimerName } from "./input.ts";
import type { SigningEntry } from "./record.ts";
import type { Statement } from "./statement.ts";

/**
 * Action for the driver, which performs effects in the order of the list.
 *
 * `persist` is a barrier: no later effect may leave the replica before the entries are durable.
 * Otherwise a restarted replica could contradict a vote that its peers already have.
 */
export type Effect =
  /** Appends the entries to the signing log as one record, and waits until it is durable. */
  | { readonly type: "persist"; readonly entries: readonly SigningEntry[] }
  /**
   * Drops all entries of the signing log except `entries`. The driver skips this while the log is
   * small. When the driver does compact the log, the effect is a barrier like `persist`.
   */
  | { readonly type: "forget"; readonly entries: readonly SigningEntry[] }
  /** Signs and broadcasts a statement, and returns the message as an input like any other. */
  | { readonly type: "sign-and-send"; readonly statement: Statement }
  /** Sends a signed message to one replica. */
  | { readonly type: "send"; readonly to: AccountId; readonly message: ConsensusMessage }
  /** Sends evidence that no final block includes to all peers. */
  | { readonly type: "share-evidence"; readonly evidence: Evidence }
  /** Sends a signed message to all replicas again. */
  | { readonly type: "broadcast"; readonly message: ConsensusMessage }
  /** Handles messages that came too early again, as if they had just arrived. */
  | { readonly type: "reconsider"; readonly messages: readonly ConsensusMessage[] }
  /**
   * Requests a block from the application, which answers with the input `proposed`. A later
   * `propose` aborts it.
   */
  | {
      readonly type: "propose";
      readonly sequence: Sequence;
      readonly view: View;
      readonly timestamp: Timestamp;
      readonly parentCertificate: QuorumCertificate | undefined;
      readonly evidence: readonly Evidence[];
      readonly leadership: Digest;
      readonly reason: "work" | "heartbeat";
    }
  /**
   * Requests a verdict from the application, which answers with the input `verdict`. A later
   * `verify` aborts it.
   */
  | {
      readonly type: "verify";
      readonly digest: Digest;
      readonly block: Block;
      readonly patience: "watchdog" | "none";
    }
  /**
   * Has the application search a block for proof that its header is false. It answers with the
   * input `claim`.
   */
  | { readonly type: "find-claim"; readonly digest: Digest; readonly block: Block }
  /**
   * Has the application apply a final block. It answers with the input `committed` or
   * `contradicted`.
   */
  | {
      readonly type: "commit";
      readonly finalized: FinalizedBlock;
      readonly view: View;
      /** Leaders' record after the block. Undefined if the application keeps none. */
      readonly leadership: Uint8Array | undefined;
    }
  /**
   * Fetches a block from any peer, beginning with `hint`, until this replica has it or its sequence
   * is over. With an outline (the block with hashes in place of items), fetches only the items that
   * the application does not have. The outline was checked.
   */
  | {
      readonly type: "fetch-block";
      readonly digest: Digest;
      readonly hint: AccountId | undefined;
      readonly outline: BlockOutline | undefined;
    }
  /**
   * Fetches final blocks from sequence `from` on, beginning with the peer `hint`. Each block
   * becomes a `finalized` input.
   */
  | {
      readonly type: "fetch-blocks";
      readonly from: Sequence;
      readonly hint: AccountId | undefined;
    }
  /**
   * Asks some peers for their heads. An answer above this replica's head becomes an `ahead` input.
   */
  | { readonly type: "ask-heads"; readonly known: Sequence }
  /**
   * Asks validators for signed heads. Each answer becomes a `signed-head` input, after inputs for
   * the messages that came with it. `fresh`: use a new nonce, so that no earlier answer counts.
   */
  | {
      readonly type: "ask-signed-heads";
      readonly of: readonly AccountId[];
      readonly listening: boolean;
      readonly fresh: boolean;
    }
  /**
   * Tells this replica's head to a peer that seems to be behind, so that the peer fetches blocks.
   */
  | { readonly type: "tell-head"; readonly to: AccountId; readonly known: Sequence }
  | { readonly type: "start-timer"; readonly timer: TimerName; readonly delayMs: number }
  | { readonly type: "stop-timer"; readonly timer: TimerName }
  /** Stops the replica and its signing, and raises `JUDGE_DIVERGENCE`. */
  | {
      readonly type: "diverge";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly reason: string;
    }
  /** Reports an event for logs and metrics. */
  | { readonly type: "report"; readonly event: EngineEvent }
  /**
   * Reports that a well-formed input was ignored. Byzantine peers cause this, so it is no error.
   */
  | {
      readonly type: "discard";
      readonly input: Occurrence["type"] | ConsensusMessage["type"];
      readonly reason: DiscardReason;
    };

/** Event of the engine's own progress. */
export type EngineEvent =
  | {
      readonly type: "proposal-accepted";
      readonly sequence: Sequence;
      readonly view: View;
      readonly digest: Digest;
    }
  | {
      readonly type: "prepared";
      readonly sequence: Sequence;
      readonly view: View;
      readonly digest: Digest;
    }
  | {
      readonly type: "view-changed";
      readonly sequence: Sequence;
      readonly view: View;
      readonly cause: ViewChangeCause;
    }
  | { readonly type: "evidence"; readonly evidence: Evidence }
  /**
   * This replica did not vote for a proposal because of its timestamp. `differenceMs` is the
   * timestamp minus the time of this replica's clock. If the proposals of several leaders in a row
   * are untimely, this replica's clock is probably wrong.
   */
  | {
      readonly type: "proposal-untimely";
      readonly sequence: Sequence;
      readonly view: View;
      readonly differenceMs: number;
    }
  /**
   * The head, or genesis, is dated in the future of this replica's clock, so nothing can be
   * proposed yet. Either genesis has a time in the future, or a clock is wrong. Reported again as
   * long as it is so.
   */
  | { readonly type: "head-ahead"; readonly sequence: Sequence; readonly aheadMs: number }
  | {
      readonly type: "verdict";
      readonly digest: Digest;
      readonly verdict: "accepted" | "refused" | "abstained";
      readonly reason: string;
    }
  /**
   * The replica listens, that is, follows without signing (`started`), or signs again from
   * `signsFrom` on (`ended`).
   */
  | {
      readonly type: "listening";
      readonly sequence: Sequence;
      readonly state: "started" | "ended";
      readonly signsFrom: Sequence | undefined;
    }
  /**
   * A peer has this signature of the replica's key, but the replica's log does not. Another
   * instance runs with the key, or this machine was restored from an older copy. The replica
   * listens (follows without signing) from now on.
   */
  | {
      readonly type: "own-signature";
      readonly statement: OwnStatement["type"];
      readonly sequence: Sequence;
      readonly view: View;
      readonly digest: Digest | undefined;
    }
  /** The replica signs nothing from now on, for this reason. Undefined: it signs again. */
  | {
      readonly type: "quiet";
      readonly reason: QuietReason | undefined;
      readonly sequence: Sequence;
    };

/**
 * Reason for which a replica signs nothing now.
 * - `not-in-set`: its validator is not in the current set.
 * - `key-not-in-set`: the current set has a key for it that this replica does not have.
 * - `listening`: its signing log was lost, or somebody has signatures of its key that its log
 *   lacks.
 * - `starting`: it asks the others which of its signatures they have; this takes a moment.
 * - `log-ahead`: by its log it may have signed at this sequence, but the log does not tell what.
 * - `suspended`: the signing log cannot be written.
 * - `stopped`: the replica has stopped, and never signs again.
 */
export type QuietReason =
  | "not-in-set"
  | "key-not-in-set"
  | "listening"
  | "starting"
  | "log-ahead"
  | "suspended"
  | "stopped";

/** Cause of a move to a later view. */
export type ViewChangeCause =
  | "timeout"
  /** The deadline for the proposal passed, and there was none that could be voted for. */
  | "no-proposal"
  /**
   * A block took longer than most, and another voter has requested a later view or voted for
   * another block.
   */
  | "overdue"
  | "refused-proposal"
  | "joined"
  | "new-view"
  | "certificate";

/** Reason for which a well-formed input changed nothing. */
export type DiscardReason =
  | "old-sequence"
  | "future-sequence"
  | "old-view"
  | "wrong-view"
  | "not-the-leader"
  | "duplicate"
  | "superseded"
  | "conflict"
  | "wrong-parent"
  | "wrong-set"
  | "bad-justification"
  | "not-asked-for"
  | "stopped";
