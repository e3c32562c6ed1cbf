import type {
  AccountId,
  Block,
  ConsensusMessage,
  Digest,
  Evidence,
  FinalizedBlock,
  Sequence,
  View,
} from "@aethel/models";
import type { ApplicationHead, ApplicationVerdict } from "./ports.ts";

/** The timers of a replica. Starting one that runs starts it anew. */
export type TimerName = "view" | "deadline" | "clock" | "propose" | "heartbeat" | "resend";

/** Everything that can happen to a replica; nothing else changes its state. */
export type Occurrence =
  /**
   * A message. Those of the current sequence and the next, and votes of the last, were
   * authenticated; all others are no more than hints. `from` is the peer that delivered it;
   * undefined if it was relayed.
   */
  | {
      readonly type: "message";
      readonly message: ConsensusMessage;
      readonly from: AccountId | undefined;
    }
  /** Answer to `verify`. */
  | {
      readonly type: "verdict";
      readonly digest: Digest;
      readonly verdict: ApplicationVerdict;
    }
  /** Answer to `find-claim`; `undefined`: nothing was found. */
  | {
      readonly type: "claim";
      readonly digest: Digest;
      readonly claim: Uint8Array | undefined;
    }
  /** Answer to `propose`; `undefined`: there was nothing to propose. */
  | {
      readonly type: "proposed";
      readonly sequence: Sequence;
      readonly view: View;
      readonly block: Block | undefined;
    }
  /** Answer to `fetch-block`: a block that `findBlockDefect` found nothing wrong with. */
  | { readonly type: "block"; readonly digest: Digest; readonly block: Block }
  /** Part of the answer to `fetch-blocks`, its certificate verified. */
  | { readonly type: "finalized"; readonly finalized: FinalizedBlock }
  /** Answer to `commit`: the application has applied the block durably. */
  | { readonly type: "committed"; readonly head: ApplicationHead; readonly hasWork: boolean }
  /** Answer to `commit`: the application contradicts the block. */
  | { readonly type: "contradicted"; readonly reason: string }
  /** Whether the signing log takes entries: while it does not, nothing is signed. */
  | { readonly type: "signing"; readonly possible: boolean }
  /** Whether the application has something to propose. */
  | { readonly type: "work"; readonly pending: boolean }
  /** A timer that `start-timer` started ran out. */
  | { readonly type: "timeout"; readonly timer: TimerName }
  /** A validator has sent evidence, which `isWelcomeEvidence` says may be kept. */
  | { readonly type: "evidence"; readonly evidence: Evidence; readonly from: AccountId }
  /** Answer to `ask-signed-heads`, its signature verified. */
  | {
      readonly type: "signed-head";
      readonly validator: AccountId;
      readonly sequence: Sequence;
    }
  /**
   * A validator has asked for signed heads because it listens; the transport has authenticated it.
   */
  | { readonly type: "listener"; readonly validator: AccountId }
  /** A peer says that it has finalized `sequence`: a hint to ask for blocks, nothing more. */
  | { readonly type: "ahead"; readonly sequence: Sequence; readonly peer: AccountId | undefined };

/**
 * An occurrence with the times at which it was seen, in milliseconds. `now` is the time of day: it
 * may jump, and only dates and checks proposals. `elapsed` never decreases and is what waiting and
 * measuring go by; without it `now` has to serve for both.
 */
export type Input = Occurrence & { readonly now: number; readonly elapsed?: number };
