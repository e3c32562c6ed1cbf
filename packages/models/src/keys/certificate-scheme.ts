import type { Codec } from "../codec/index.ts";
import type { AccountId, PublicKey, Signature } from "../ids.ts";
import type { Signable } from "./signer.ts";

/** The check of one signature; a caller may replace it, to count, to cache or to use more threads. */
export type VerifySigned = (key: PublicKey, object: Signable, signature: Signature) => boolean;

/** A validator as a scheme sees it: its name, and the key with which it votes. */
export interface KeyHolder {
  readonly id: AccountId;
  readonly key: PublicKey;
}

/** Why a seal does not show that the signers signed. */
export type SealDefect = "signature-count" | "bad-signature";

/**
 * How the consent of a certificate's signers is shown: a list of signatures, an aggregate, ...
 *
 * To add one: write it, and add it to `certificate-schemes.ts`. Nobody who makes, checks, sends or
 * stores certificates changes, since a validator set says by which scheme it certifies.
 */
export interface CertificateScheme<Body extends object = object> {
  /** What a seal of this scheme holds; a struct, the member of the union `Seal`. */
  readonly body: Codec<Body>;
  /** Seals votes that were verified already: one for each signer, in the order of `signers`. */
  seal(votes: {
    readonly signers: readonly KeyHolder[];
    readonly signatures: readonly Signature[];
  }): Body;
  /**
   * `undefined` when each of `signers` signed `object`. MUST verify the consent of every one of
   * them, not only of as many as make a quorum: each one is paid for (B10).
   */
  findDefect(claim: {
    readonly body: Body;
    readonly signers: readonly KeyHolder[];
    readonly object: Signable;
    readonly verify: VerifySigned;
  }): SealDefect | undefined;
}
