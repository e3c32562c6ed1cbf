import type { Refusal, RefusalCode } from "../results/refusal.ts";

/** Code of a refusal by the mempool: those of a block, and its own. */
export type SubmitRefusalCode =
  | RefusalCode
  /** The same proof waits already. */
  | "duplicate"
  /** The bounds of this node are reached, and no other proof gives way to this one. */
  | "pool-full"
  /** Too many judgements of the author are not charged by any block. */
  | "too-many-rejected"
  /** The author has as many proofs in the mempool, or waiting, as one author may have. */
  | "author-quota"
  /**
   * Another proof has this nonce, and this one has a lower fee limit or no price that is a tenth
   * higher.
   */
  | "replacement-fee"
  /** Another proof with this nonce could be in the next block, and this one could not. */
  | "replacement-waits"
  /** The Judge is at work on the proof with this nonce. */
  | "under-judgement"
  /** A proof with the same nonce, of another author, pays a tenth more. */
  | "displaced"
  /** The author replaced it by another proof with this nonce. */
  | "replaced"
  /** The Judge of this node abstained too often, or did not come to it in time. */
  | "abstained";

/** Reason for which the mempool refused or dropped a proof. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;
