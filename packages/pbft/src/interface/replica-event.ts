import {
  type AccountId,
  type ConsensusMessage,
  type Digest,
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

/** Method of an application whose failure is not fatal. */
export type FallibleCall = "propose" | "verify" | "findClaim" | "hasWork" | "item" | "finalized";

/** Method of a transport. It must not throw, but the replica survives if it does. */
export type TransportCall = "broadcast" | "send" | "peers" | "blame";

/** Event of a replica for logs and metrics. The replica works the same without listeners. */
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
       * Milliseconds from the sequence's first accepted proposal until the block was applied.
       * Undefined if no proposal was accepted, as in catch-up.
       */
      readonly milliseconds: number | undefined;
      readonly items: number;
      /** Number of validators in the COMMIT certificate. */
      readonly signers: number;
    }
  /**
   * An input was ignored. Either the engine ignored it, or a message was not authentic, or its
   * sender has too many waiting messages or has used up its verifications.
   */
  | {
      readonly type: "discarded";
      readonly input: Occurrence["type"] | ConsensusMessage["type"];
      readonly reason: DiscardReason | AuthenticationDefect | "queue-full" | "over-budget";
      readonly from: AccountId | undefined;
    }
  /**
   * The application threw in a call whose failure is not fatal. The replica continues without the
   * answer.
   */
  | {
      readonly type: "application-failed";
      readonly call: FallibleCall;
      readonly error: unknown;
    }
  /**
   * The application could not apply a final block because of a disk. The replica repeats the call.
   */
  | { readonly type: "commit-failed"; readonly sequence: Sequence; readonly error: unknown }
  /**
   * The signing log failed. The replica signs nothing until the log works, and tries again and
   * again.
   */
  | {
      readonly type: "signing-suspended";
      readonly call: "append" | "compact";
      readonly error: unknown;
    }
  /** The signing log was rewritten, and everything that was signed is durable. */
  | { readonly type: "signing-resumed" }
  /** The transport threw. The message that it was to send counts as lost. */
  | { readonly type: "transport-failed"; readonly call: TransportCall; readonly error: unknown }
  /** Progress of joining: following history that this replica did not see happen. */
  | JoiningNews
  /**
   * No peer gives the block `sequence`, which this replica needs, and `peers` of them say that they
   * have deleted it. `head`: highest sequence that one of these claims. The replica can continue
   * only from a snapshot (`createSnapshotSync`).
   */
  | {
      readonly type: "snapshot-needed";
      readonly sequence: Sequence;
      readonly head: Sequence;
      readonly peers: number;
    }
  /**
   * `JUDGE_DIVERGENCE`: the replica has stopped. An operator must find out whether its application
   * or the quorum is wrong.
   */
  | { readonly type: "diverged"; readonly error: PbftError }
  /**
   * An invariant was broken, or another process took over the signing log. The replica has stopped.
   */
  | { readonly type: "failed"; readonly error: unknown };

/**
 * Returns the event for a final block that the application has applied. `before`: the state just
 * before that. Undefined if that state has no certificate of the block.
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
