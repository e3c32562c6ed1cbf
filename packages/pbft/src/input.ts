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

/** Name of a timer of a replica. Starting a timer that runs restarts it. */
export type TimerName = "view" | "deadline" | "clock" | "propose" | "heartbeat" | "resend";

/** Everything that can happen to a replica. Nothing else changes its state. */
export type Occurrence =
  /**
   * A message arrived. Messages of the current and the next sequence, and votes of the last one,
   * were authenticated. All others are only hints. `from`: peer that delivered it; undefined if it
   * was relayed.
   */
  | {
      readonly type: "message";
      readonly message: ConsensusMessage;
      readonly from: AccountId | undefined;
    }
  /** Answer of the application to the effect `verify`. */
  | {
      readonly type: "verdict";
      readonly digest: Digest;
      readonly verdict: ApplicationVerdict;
    }
  /** Answer of the application to the effect `find-claim`. Undefined: no claim was found. */
  | {
      readonly type: "claim";
      readonly digest: Digest;
      readonly claim: Uint8Array | undefined;
    }
  /** Answer of the application to the effect `propose`. Undefined: there was nothing to propose. */
  | {
      readonly type: "proposed";
      readonly sequence: Sequence;
      readonly view: View;
      readonly block: Block | undefined;
    }
  /** Answer to the effect `fetch-block`: a block in which `findBlockDefect` found no defect. */
  | { readonly type: "block"; readonly digest: Digest; readonly block: Block }
  /** Part of the answer to the effect `fetch-blocks`. Its certificate was verified. */
  | { readonly type: "finalized"; readonly finalized: FinalizedBlock }
  /** Answer to the effect `commit`: the application has applied the block durably. */
  | { readonly type: "committed"; readonly head: ApplicationHead; readonly hasWork: boolean }
  /** Answer to the effect `commit`: the application refuses the block. */
  | { readonly type: "contradicted"; readonly reason: string }
  /** The signing log began to fail, or works again. While it fails, nothing is signed. */
  | { readonly type: "signing"; readonly possible: boolean }
  /** The application has something to propose (`pending`), or has nothing any more. */
  | { readonly type: "work"; readonly pending: boolean }
  /** A timer that `start-timer` started has fired. */
  | { readonly type: "timeout"; readonly timer: TimerName }
  /** A validator has sent evidence. `isWelcomeEvidence` has accepted it. */
  | { readonly type: "evidence"; readonly evidence: Evidence; readonly from: AccountId }
  /** Answer of a validator to the effect `ask-signed-heads`. Its signature was verified. */
  | {
      readonly type: "signed-head";
      readonly validator: AccountId;
      readonly sequence: Sequence;
    }
  /**
   * A validator that listens (follows without signing) has asked for signed heads. The transport
   * has authenticated it.
   */
  | { readonly type: "listener"; readonly validator: AccountId }
  /**
   * A peer claims to have finalized `sequence`. This is only a hint to ask for blocks. `peer` is
   * undefined if no authenticated peer made the claim itself.
   */
  | { readonly type: "ahead"; readonly sequence: Sequence; readonly peer: AccountId | undefined };

/**
 * Occurrence with the times at which it was seen, in milliseconds. `now` is the time of day, which
 * may jump; it is used only to date and check proposals. `elapsed` never decreases; all waiting and
 * measuring uses it. Without `elapsed`, `now` is used for both.
 */
export type Input = Occurrence & { readonly now: number; readonly elapsed?: number };
