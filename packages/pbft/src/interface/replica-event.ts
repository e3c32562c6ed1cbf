import {
  type AccountId,
  type ConsensusMessage,
  type Digest,
  type NotYetError,
  type Sequence,
  signersOfCertificate,
  type View,
} from "@aethel/models";
import type { AuthenticationDefect } from "../authenticate.ts";
import type { DiscardReason, EngineEvent } from "../effect.ts";
import type { PbftError } from "../errors.ts";
import type { Occurrence } from "../input.ts";
import type { JoiningNews } from "../joining/joining.ts";
import type { ApplicationHead } from "../ports.ts";
import type { State } from "../state.ts";

/** Calls of an application whose failure is not fatal. */
export type FallibleCall = "propose" | "verify" | "findClaim" | "hasWork" | "item" | "finalized";

/** Calls of a transport that must not throw, and may all the same. */
export type TransportCall = "broadcast" | "send" | "peers";

/** Event of a replica for logs and metrics. Nothing depends on anyone listening. */
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
      /**
       * Milliseconds from the sequence's first accepted proposal to the block applied; undefined if
       * no proposal was accepted, as in catch-up.
       */
      readonly milliseconds: number | undefined;
      readonly items: number;
      /** Validators in the commit certificate. */
      readonly signers: number;
    }
  /**
   * An input was ignored. Or a message was not authentic, or its sender has too many waiting or has
   * used up its verifications.
   */
  | {
      readonly type: "discarded";
      readonly input: Occurrence["type"] | ConsensusMessage["type"];
      readonly reason: DiscardReason | AuthenticationDefect | "queue-full" | "over-budget";
      readonly from: AccountId | undefined;
    }
  /** The application threw where that is not fatal; the replica goes on without its answer. */
  | {
      readonly type: "application-failed";
      readonly call: FallibleCall;
      readonly error: unknown;
    }
  /** The application could not apply a final block because of a disk. It is asked again. */
  | { readonly type: "commit-failed"; readonly sequence: Sequence; readonly error: unknown }
  /** The signing log failed: nothing is signed until it works, which is tried again and again. */
  | {
      readonly type: "signing-suspended";
      readonly call: "append" | "compact";
      readonly error: unknown;
    }
  /** The signing log has been written anew: all that was signed is durable. */
  | { readonly type: "signing-resumed" }
  /** The transport threw; what it was to send counts as lost. */
  | { readonly type: "transport-failed"; readonly call: TransportCall; readonly error: unknown }
  /** Progress of following history that this replica did not see happen. */
  | JoiningNews
  /** Peers no longer keep the blocks that this replica needs; a snapshot would be needed. */
  | { readonly type: "snapshot-needed"; readonly head: Sequence; readonly error: NotYetError }
  /** `JUDGE_DIVERGENCE`: the replica has stopped. An operator must find out which side is wrong. */
  | { readonly type: "diverged"; readonly error: PbftError }
  /** A broken invariant, or a signing log that somebody else took: the replica has stopped. */
  | { readonly type: "failed"; readonly error: unknown };

/**
 * Returns the event at the end of a sequence; undefined if nothing was committed. `before` is the
 * state while the application applied the block.
 */
export function finalizedEvent(options: {
  readonly before: State;
  readonly head: ApplicationHead;
  readonly milliseconds: number | undefined;
}): ReplicaEvent | undefined {
  const { before, head, milliseconds } = options;
  const certificate = before.committed;
  if (certificate === undefined) return undefined;
  return {
    type: "finalized",
    sequence: head.header.sequence,
    view: certificate.view,
    digest: certificate.digest,
    milliseconds,
    items: before.committing?.items.length ?? 0,
    signers: signersOfCertificate(certificate).length,
  };
}
