import type { Load } from "../metering/meter.ts";

/**
 * Code of a refusal. A block with this proof at this place would be invalid, and the mempool does
 * not accept the proof. Codes are public API; messages are not.
 */
export type RefusalCode =
  /** The proof is larger than a block. */
  | "size"
  /**
   * Signers are out of order, the author is among its own cosigners, or a zero has a minus sign.
   */
  | "shape"
  | "signature"
  /**
   * The resource limit is 0, above the chain's limit for one proof, too low for any run of the
   * call, or with the signatures more than a proof may take of a block.
   */
  | "resource-limit"
  /** The fee limit does not cover what the proof may be charged even at the lowest base fee. */
  | "fee-limit"
  /** The fee limit covers the lowest base fee, but not that of this block. */
  | "base-fee"
  /** The author cannot pay the fee limit. */
  | "balance"
  | "nonce-used"
  /** An earlier nonce of the author has not been used yet. */
  | "nonce-gap"
  | "cosigner-nonce"
  | "expired"
  | "unknown-intent"
  /** The invoke makes several calls or states spending limits, which this version does not run. */
  | "calls"
  /** The arguments do not fit the intent's parameters. */
  | "arguments"
  /** An account for a `signer` parameter did not sign. */
  | "signers"
  /** The Judge rejected the text as no legal source or script, so there is no claim to judge. */
  | "rejected"
  /** The proof needs a judgement, and none was given. */
  | "unjudged"
  /**
   * The block has too few bytes or units left for the proof, or may not grow the state enough for
   * it.
   */
  | "block-full";

/** Refusal of a proof, with a message for people. */
export interface Refusal<Code extends string = RefusalCode> {
  readonly code: Code;
  readonly message: string;
  /**
   * Room that the record of the proof takes, if the block has too little left for it. Else absent.
   */
  readonly needs?: Load;
}

/** Creates a refusal. */
export function refusal<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { code, message };
}
