import type {
  AccountId,
  ConsensusMessage,
  Digest,
  NotYetError,
  Sequence,
  View,
} from "@aethel/models";
import type { AuthenticationDefect } from "../authenticate.ts";
import type { DiscardReason, EngineEvent } from "../effect.ts";
import type { PbftError } from "../errors.ts";
import type { Occurrence } from "../input.ts";

/** What a replica tells logs and metrics. Nothing depends on anyone listening. */
export type ReplicaEvent =
  | EngineEvent
  /** This replica, as leader, sent a proposal. */
  | {
      readonly type: "proposed";
      readonly sequence: Sequence;
      readonly view: View;
      readonly digest: Digest;
    }
  /** A block is final and applied (R8.1). */
  | {
      readonly type: "finalized";
      readonly sequence: Sequence;
      readonly view: View;
      readonly digest: Digest;
      /** From the sequence's first accepted proposal to the block applied; undefined for catch-up. */
      readonly milliseconds: number | undefined;
      readonly proofs: number;
      readonly difficulty: number;
      /** Validators in the commit certificate. */
      readonly signers: number;
    }
  /** An input was ignored, or a message did not authenticate, or its sender has too many waiting. */
  | {
      readonly type: "discarded";
      readonly input: Occurrence["type"] | ConsensusMessage["type"];
      readonly reason: DiscardReason | AuthenticationDefect | "queue-full";
      readonly from: AccountId | undefined;
    }
  /** The application threw while proposing or judging; the replica goes on without its answer. */
  | {
      readonly type: "application-failed";
      readonly call: "propose" | "verify";
      readonly error: unknown;
    }
  /** Peers no longer keep the blocks that this replica needs; a snapshot would be needed. */
  | { readonly type: "snapshot-needed"; readonly head: Sequence; readonly error: NotYetError }
  /** `JUDGE_DIVERGENCE`: the replica has stopped. An operator must find out which side is wrong. */
  | { readonly type: "diverged"; readonly error: PbftError }
  /** A broken invariant or a failing signing log: the replica has stopped. */
  | { readonly type: "failed"; readonly error: unknown };
