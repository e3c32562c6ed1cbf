import type { AccountId, Sequence, Timestamp } from "@aethel/models";

/**
 * Reason for which a replica listens (follows without signing) before it signs.
 * - `log-lost`: its signing log was lost.
 * - `own-signature`: somebody holds a signature of its key that is not in its log. Another instance
 *   runs with the key, or the machine with its log was restored from an older copy.
 * - `starting`: it has just started, and does not know yet whether one of the other two is the case.
 */
export type ListeningCause = "log-lost" | "own-signature" | "starting";

/** Head that a validator signed together with this replica's nonce. */
export interface HeadAnswer {
  readonly validator: AccountId;
  readonly sequence: Sequence;
  /**
   * Whether the head was at most one block ahead of this replica's head when the validator
   * answered, at least once.
   */
  readonly near: boolean;
}

/** Progress of a replica that listens (follows without signing). */
export interface Listening {
  readonly cause: ListeningCause;
  readonly since: Timestamp;
  /**
   * One answer of each validator. A replica that has just started keeps the last answer. A replica
   * that lost its log, or whose signature somebody else holds, keeps the one with the lowest head.
   */
  readonly answers: readonly HeadAnswer[];
  /** Number of times that this replica has asked the other validators so far. */
  readonly rounds: number;
}
