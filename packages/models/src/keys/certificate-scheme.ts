import type { Codec } from "../codec/index.ts";
import type { AccountId, PublicKey, Signature } from "../ids.ts";
import type { Signable } from "./signer.ts";

/**
 * Check of one signature. A caller may replace it, for example to count or cache checks or to use
 * more threads.
 */
export type VerifySigned = (key: PublicKey, object: Signable, signature: Signature) => boolean;

/** Id and consensus key of a validator: all that a certificate scheme needs. */
export interface KeyHolder {
  readonly id: AccountId;
  readonly key: PublicKey;
}

/** Reason why a seal (the part of a certificate that proves who signed) is invalid. */
export type SealDefect = "signature-count" | "bad-signature";

/**
 * Way in which a certificate proves that its signers signed, such as a list of signatures or one
 * aggregate signature.
 *
 * To add a scheme, implement this interface and add it to `certificate-schemes.ts`. A validator set
 * names its scheme, so the code that makes, checks, sends or stores certificates does not change.
 */
export interface CertificateScheme<Body extends object = object> {
  /** Codec of this scheme's seals: a struct that is a member of the union `Seal`. */
  readonly body: Codec<Body>;
  /**
   * Makes a seal from verified votes. There is one signature for each signer, in the same order.
   */
  seal(votes: {
    readonly signers: readonly KeyHolder[];
    readonly signatures: readonly Signature[];
  }): Body;
  /**
   * Checks a seal. Returns undefined if each of `signers` signed `object`. MUST verify all signers,
   * not only a quorum, because each of them is paid (B10 in docs/known-bugs.md).
   */
  findDefect(claim: {
    readonly body: Body;
    readonly signers: readonly KeyHolder[];
    readonly object: Signable;
    readonly verify: VerifySigned;
  }): SealDefect | undefined;
}
