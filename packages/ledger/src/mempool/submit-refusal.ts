import type { Refusal, RefusalCode } from "../results/refusal.ts";

/**
 * Code of a refusal by the mempool. Some codes are also reasons for which a block is invalid,
 * others exist in the mempool only.
 */
export type SubmitRefusalCode =
  | RefusalCode
  /** The same proof is in the mempool already. */
  | "duplicate"
  /** The mempool of this node is full, and this proof may not evict others; or it was evicted. */
  | "pool-full"
  /** The author has too many judgements for which no block has charged. */
  | "too-many-rejected"
  /** The author has as many proofs in the mempool, or waiting proofs, as one author may have. */
  | "author-quota"
  /**
   * The author's earlier proof with this nonce is kept: the new one has a lower fee limit, or its
   * price is not at least a tenth higher.
   */
  | "replacement-fee"
  /**
   * The author's earlier proof with this nonce is kept: it could be in the next block, and the new
   * one could not.
   */
  | "replacement-waits"
  /** The Judge is judging the author's proof with this nonce. */
  | "under-judgement"
  /** A proof of another author uses the same nonce of a cosigner and pays at least a tenth more. */
  | "displaced"
  /** The author submitted another proof with this nonce, which replaced this one. */
  | "replaced"
  /** The Judge of this node abstained too often, or did not judge the proof in time. */
  | "abstained";

/** Reason for which the mempool refused or dropped a proof. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;
