import type { Refusal, RefusalCode } from "../results/refusal.ts";

/** Why the mempool does not take a proof; the codes of a block, and its own. */
export type SubmitRefusalCode =
  | RefusalCode
  /** The same proof waits already. */
  | "duplicate"
  /** As many proofs or bytes wait as this node holds, and none gives way to this one. */
  | "pool-full"
  /** Too much was judged for the author that no block has charged for. */
  | "too-many-rejected"
  /** The author has as many proofs here, or waiting, as one may have. */
  | "author-quota"
  /**
   * Another proof has this nonce, and neither its fee limit is a tenth lower nor its price no
   * higher.
   */
  | "replacement-fee"
  /** Another proof has this nonce that could be in the next block, which this one could not. */
  | "replacement-waits"
  /** The proof with this nonce is with the Judge. */
  | "under-judgement"
  /** A proof that another account's nonce is part of took this nonce, for a tenth more. */
  | "displaced"
  /** The author submitted another one with this nonce, which took its place. */
  | "replaced"
  /** The Judge abstained too often on this node, or did not come to it. */
  | "abstained";

/** Why a proof was not taken, or was dropped later. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;
