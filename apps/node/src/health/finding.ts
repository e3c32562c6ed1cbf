/** Reason why this node finalizes no blocks or takes no part in consensus, with the next step. */
export interface Finding {
  readonly code: FindingCode;
  /** Fact with its numbers, for people. */
  readonly message: string;
  readonly next: string;
}

/** Kinds of findings, the most serious first. */
export type FindingCode =
  | "stopped"
  | "disk"
  | "no-verdict"
  | "no-peers"
  | "no-quorum"
  | "clock"
  | "joining"
  | "listening"
  | "log-ahead"
  | "key-not-in-set"
  | "not-in-set"
  | "behind"
  | "no-progress";
