import type { Load } from "../metering/meter.ts";

/**
 * Code of a refusal. A refused proof is not accepted by the mempool, and makes a block invalid that
 * includes it at this place. Codes are public API; messages are not.
 */
export type RefusalCode =
  /** The proof has more bytes than a block may have. */
  | "size"
  /**
   * Signers or spending limits are out of order, the author is among its own cosigners, a zero has a
   * minus sign, an invoke has no call, or a spending limit names no signer.
   */
  | "shape"
  | "signature"
  /**
   * The resource limit is out of range: it is 0, above the chain's limit for one proof, or too low
   * for any run of the calls. Also: the proof with its signatures and the programs that it loads
   * needs more than one proof may take of a block.
   */
  | "resource-limit"
  /** The fee limit is below the possible charge of the proof, even at the lowest base fee. */
  | "fee-limit"
  /** The fee limit suffices at the lowest base fee, but not at the base fee of this block. */
  | "base-fee"
  /** The author's balance is below the fee limit. */
  | "balance"
  | "nonce-used"
  /** The author has not used an earlier nonce yet. */
  | "nonce-gap"
  | "cosigner-nonce"
  | "expired"
  | "unknown-intent"
  /** A call that writes stake, or that acts for a validator, stands beside other calls. */
  | "calls"
  /** The invoke calls a contract and states no spending limits. */
  | "spending"
  /** The arguments do not fit the intent's parameters. */
  | "arguments"
  /** An account that is the argument for a `signer` parameter did not sign. */
  | "signers"
  /**
   * The Judge rejected the text, since it is not a legal source or script. So there is no claim to
   * judge.
   */
  | "rejected"
  /** The proof needs a judgement, and the caller gave none. */
  | "unjudged"
  /**
   * The block has too few bytes or units left for the proof, or may not grow the state by as much
   * as the proof does.
   */
  | "block-full";

/** Refusal of a proof, with a message for people. */
export interface Refusal<Code extends string = RefusalCode> {
  readonly code: Code;
  readonly message: string;
  /**
   * Units and growth that the record of the proof takes, if the block has too little left for the
   * record. Else absent.
   */
  readonly needs?: Load;
}

/** Creates a refusal. */
export function refusal<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { code, message };
}
