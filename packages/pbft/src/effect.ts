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
 * Action for the driver; actions are done in list order.
 *
 * `persist` is a barrier: nothing after it may leave the replica before it is durable, or a
 * restarted replica could contradict a vote that its peers already hold.
 */
export type Effect =
  /** Appends the entries to the signing log as one record, and waits until it is durable. */
  | { readonly type: "persist"; readonly entries: readonly SigningEntry[] }
  /**
   * Drops all entries of the signing log except `entries`. The driver skips this while the log is
   * small. When the driver does compact the log, the effect is a barrier like `persist`.
   */
  | { readonly type: "forget"; readonly entries: readonly SigningEntry[] }
  /** Signs and broadcasts a statement, and gives the message back as an input like any other. */
  | { readonly type: "sign-and-send"; readonly statement: Statement }
  /** Sends a signed message to one replica. */
  | { readonly type: "send"; readonly to: AccountId; readonly message: ConsensusMessage }
  /** Tells all peers of evidence that no final block holds. */
  | { readonly type: "share-evidence"; readonly evidence: Evidence }
  /** Sends a signed message to all, again. */
  | { readonly type: "broadcast"; readonly message: ConsensusMessage }
  /** Handles these messages again as if they had just arrived: they were early. */
  | { readonly type: "reconsider"; readonly messages: readonly ConsensusMessage[] }
  /** Asks the application for a block; answered by `proposed`. A later `propose` aborts it. */
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
  /** Asks the application for a verdict; answered by `verdict`. A later `verify` aborts it. */
  | {
      readonly type: "verify";
      readonly digest: Digest;
      readonly block: Block;
      readonly patience: "watchdog" | "none";
    }
  /** Has the application search a block for what shows it to be false; answered by `claim`. */
  | { readonly type: "find-claim"; readonly digest: Digest; readonly block: Block }
  /** Applies a final block; answered by `committed` or `contradicted`. */
  | {
      readonly type: "commit";
      readonly finalized: FinalizedBlock;
      readonly view: View;
      /** Record of leaders after the block; undefined if none is kept. */
      readonly leadership: Uint8Array | undefined;
    }
  /**
   * Gets a block from any peer, `hint` first, until it is there or the sequence is over; with an
   * outline only the items that the application does not have. The outline was checked.
   */
  | {
      readonly type: "fetch-block";
      readonly digest: Digest;
      readonly hint: AccountId | undefined;
      readonly outline: BlockOutline | undefined;
    }
  /** Gets finalized blocks from `from` on, `hint` first; each one becomes a `finalized` input. */
  | {
      readonly type: "fetch-blocks";
      readonly from: Sequence;
      readonly hint: AccountId | undefined;
    }
  /** Asks some peers for their heads; an answer above ours becomes `ahead`. */
  | { readonly type: "ask-heads"; readonly known: Sequence }
  /**
   * Asks validators for signed heads; each answer becomes `signed-head`, after the messages that
   * came with it. `fresh`: with a new nonce, so that no earlier answer counts.
   */
  | {
      readonly type: "ask-signed-heads";
      readonly of: readonly AccountId[];
      readonly listening: boolean;
      readonly fresh: boolean;
    }
  /** Tells a peer that seems to be behind where we are, so that it fetches blocks. */
  | { readonly type: "tell-head"; readonly to: AccountId; readonly known: Sequence }
  | { readonly type: "start-timer"; readonly timer: TimerName; readonly delayMs: number }
  | { readonly type: "stop-timer"; readonly timer: TimerName }
  /** Signs nothing more, stops, and raises `JUDGE_DIVERGENCE`. */
  | {
      readonly type: "diverge";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly reason: string;
    }
  /** Event for logs and metrics. */
  | { readonly type: "report"; readonly event: EngineEvent }
  /** A well-formed input was ignored; expected under Byzantine peers, hence not an error. */
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
   * The head, or genesis, is dated in the future of the own clock: by this clock nothing can be
   * proposed yet. Either genesis has a time that has not come, or a clock is wrong. Reported again
   * while it is so.
   */
  | { readonly type: "head-ahead"; readonly sequence: Sequence; readonly aheadMs: number }
  | {
      readonly type: "verdict";
      readonly digest: Digest;
      readonly verdict: "accepted" | "refused" | "abstained";
      readonly reason: string;
    }
  /**
   * The replica listens and signs nothing (`started`), or signs again from `signsFrom` on
   * (`ended`).
   */
  | {
      readonly type: "listening";
      readonly sequence: Sequence;
      readonly state: "started" | "ended";
      readonly signsFrom: Sequence | undefined;
    }
  /**
   * A peer holds this signature of an own key, and the own log does not. Another instance runs with
   * the key, or this machine was restored from an older copy. The replica listens from now on.
   */
  | {
      readonly type: "own-signature";
      readonly statement: OwnStatement["type"];
      readonly sequence: Sequence;
      readonly view: View;
      readonly digest: Digest | undefined;
    }
  /** The replica signs nothing from here on, for this reason; undefined: it signs again. */
  | {
      readonly type: "quiet";
      readonly reason: QuietReason | undefined;
      readonly sequence: Sequence;
    };

/**
 * Reason for which a replica signs nothing now.
 *
 * - `not-in-set`: the current set does not name it.
 * - `key-not-in-set`: the set names another key for it than those that it holds.
 * - `listening`: its signing log was lost, or somebody holds signatures that it does not know.
 * - `starting`: it asks what others hold of it; this takes a moment.
 * - `log-ahead`: its log says that it may have signed at this sequence, but not what.
 * - `suspended`: the signing log cannot be written.
 * - `stopped`: for good.
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
  /** The proposal deadline passed without a proposal to vote for. */
  | "no-proposal"
  /**
   * A block took longer than most, and another voter gave the view up or voted for another block.
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
