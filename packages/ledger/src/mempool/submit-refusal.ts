import type { Refusal, RefusalCode } from "../results/refusal.ts";

/** Code of a refusal by the mempool: a code that a block has too, or one of the mempool alone. */
export type SubmitRefusalCode =
  | RefusalCode
  /** The same proof is in the mempool already. */
  | "duplicate"
  /**
   * The bounds of this node are reached, and this proof may not evict others; or it was evicted.
   */
  | "pool-full"
  /** Too many judgements of the author were not charged for by any block. */
  | "too-many-rejected"
  /** The author has as many proofs in the mempool, or waiting, as one author may have. */
  | "author-quota"
  /**
   * The author's proof with this nonce stays: the new one has a lower fee limit, or its price is
   * not at least a tenth higher.
   */
  | "replacement-fee"
  /** The author's proof with this nonce could be in the next block, and the new one could not. */
  | "replacement-waits"
  /** The Judge is at work on the proof with this nonce. */
  | "under-judgement"
  /** A proof of another author uses the same nonce and pays at least a tenth more. */
  | "displaced"
  /** The author replaced it by another proof with this nonce. */
  | "replaced"
  /** The Judge of this node abstained too often, or did not judge the proof in time. */
  | "abstained";

/** Reason for which the mempool refused or dropped a proof. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;
