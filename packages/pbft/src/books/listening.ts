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
  /** It was no more than one block further when its answer came. */
  readonly near: boolean;
}

/** Answers that a replica waits for while it listens. */
export interface Listening {
  readonly cause: ListeningCause;
  readonly since: Timestamp;
  /** The lowest head that each validator named. */
  readonly answers: readonly HeadAnswer[];
  /** Number of times that the question was asked. */
  readonly rounds: number;
}
