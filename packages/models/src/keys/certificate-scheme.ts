import type { Codec } from "../codec/index.ts";
import type { AccountId, PublicKey, Signature } from "../ids.ts";
import type { Signable } from "./signer.ts";

/** Check of one signature. A caller may replace it, to count, to cache or to use more threads. */
export type VerifySigned = (key: PublicKey, object: Signable, signature: Signature) => boolean;

/** Validator's id and consensus key, which are all that a scheme needs. */
export interface KeyHolder {
  readonly id: AccountId;
  readonly key: PublicKey;
}

/** Reason for which a seal is invalid. */
export type SealDefect = "signature-count" | "bad-signature";

/**
 * Scheme by which a certificate shows that its signers signed: a list of signatures, an aggregate,
 * ...
 *
 * To add a scheme, implement this interface and add it to `certificate-schemes.ts`. The code that
 * makes, checks, sends or stores certificates does not change: a validator set names its scheme.
 */
export interface CertificateScheme<Body extends object = object> {
  /** Struct of a seal of this scheme, the member of the union `Seal`. */
  readonly body: Codec<Body>;
  /** Seals verified votes, one for each signer, in the order of `signers`. */
  seal(votes: {
    readonly signers: readonly KeyHolder[];
    readonly signatures: readonly Signature[];
  }): Body;
  /**
   * Gives `undefined` if each of `signers` signed `object`. MUST verify every signer, not only a
   * quorum, because each one is paid for (B10).
   */
  findDefect(claim: {
    readonly body: Body;
    readonly signers: readonly KeyHolder[];
    readonly object: Signable;
    readonly verify: VerifySigned;
  }): SealDefect | undefined;
}
