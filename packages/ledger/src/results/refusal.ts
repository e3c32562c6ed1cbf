import type { Load } from "../metering/meter.ts";

/**
 * Why a proof cannot be in a block here and now. No block that holds such a proof is valid, and the
 * mempool does not take it. Public API, unlike the messages.
 */
export type RefusalCode =
  /** Larger than a block may be. */
  | "size"
  /** Signers out of order, an author among its cosigners, a negative zero. */
  | "shape"
  | "signature"
  /** A limit of 0, or above the chain's for one proof. */
  | "resource-limit"
  /** The fee limit does not cover the whole resource limit and the bytes. */
  | "fee-limit"
  /** The fee limit covers the floor of the base fee, and not the base fee of this block. */
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
   * Several calls, or spending limits: the wire has room for them, this version does not run them.
   */
  | "calls"
  /** Arguments that the intent's parameters do not ask for. */
  | "arguments"
  /** An account that a `signer` parameter names did not sign. */
  | "signers"
  /** Screening or typing failed: the Judge never saw a claim. */
  | "rejected"
  /** No judgement was given for a proof that needs one. */
  | "unjudged"
  /** The block has no bytes or resource left for it. */
  | "block-full";

/** A refusal, with a sentence for people. */
export interface Refusal<Code extends string = RefusalCode> {
  readonly code: Code;
  readonly message: string;
  /** Room that a record takes beside its proof, when a block has too little for it. */
  readonly needs?: Load;
}

/** A refusal as a value. */
export function refusal<Code extends string>(code: Code, message: string): Refusal<Code> {
  return { code, message };
}
