import type { AccountId, Sequence, Timestamp } from "@aethel/models";

/**
 * Reason for which a replica listens before it signs.
 *
 * - `log-lost`: its signing log was lost.
 * - `own-signature`: somebody holds a signature of its key that its log does not hold. Another
 *   instance runs with the key, or the machine was restored from an older copy, log and all.
 * - `starting`: it has just started, and cannot know yet that neither is the case.
 */
export type ListeningCause = "log-lost" | "own-signature" | "starting";

/** A head that a validator signed together with this replica's nonce. */
export interface HeadAnswer {
  readonly validator: AccountId;
  readonly sequence: Sequence;
  /** Whether it was no more than one block ahead when an answer of this validator came. */
  readonly near: boolean;
}

/** Progress of a replica that listens. */
export interface Listening {
  readonly cause: ListeningCause;
  readonly since: Timestamp;
  /** One answer of each validator: its lowest head, or its last one at a start. */
  readonly answers: readonly HeadAnswer[];
  /** Number of times that the question was asked. */
  readonly rounds: number;
}
