import type { Load } from "../metering/meter.ts";

/**
 * Code of a refusal: no block that holds such a proof here and now is valid, and the mempool does
 * not take it. Codes are public API; messages are not.
 */
export type RefusalCode =
  /** The proof is larger than a block. */
  | "size"
  /** Signers are out of order, the author is among its cosigners, or a zero is negative. */
  | "shape"
  | "signature"
  /** The limit is 0, or above the chain's limit for one proof. */
  | "resource-limit"
  /** The fee limit does not cover the whole resource limit and the bytes. */
  | "fee-limit"
  /** The fee limit covers the lowest base fee, and not that of this block. */
  | "base-fee"
  /** The author cannot pay the fee limit. */
  | "balance"
  | "nonce-used"
  /** An earlier nonce of the author has not been used yet. */
  | "nonce-gap"
  | "cosigner-nonce"
  | "expired"
  | "unknown-intent"
  /**
   * The transaction makes several calls or states spending limits, which this version does not run.
   */
  | "calls"
  /** The arguments do not fit the intent's parameters. */
  | "arguments"
  /** An account for a `signer` parameter did not sign. */
  | "signers"
  /** Screening or typing failed, so that the Judge saw no claim. */
  | "rejected"
  /** The proof needs a judgement, and none was given. */
  | "unjudged"
  /** The block has too few bytes or units left for it. */
  | "block-full";

/** Refusal of a proof, with a message for people. */
export interface Refusal<Code extends string = RefusalCode> {
  readonly code: Code;
  readonly message: string;
  /** Room that the record of the proof takes, when the block has too little for it. */
  readonly needs?: Load;
}

/** Creates a refusal. */
export function refusal<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { code, message };
}
