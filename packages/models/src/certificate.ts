import { equalBytes } from "./bytes.ts";
import {
  bits,
  type Codec,
  digest,
  enumeration,
  type Infer,
  list,
  sequence,
  signature,
  struct,
  union,
  view,
} from "./codec/index.ts";
import type { Digest, PublicKey, Sequence, Signature, ValidatorIndex, View } from "./ids.ts";
import { toValidatorIndex } from "./ids.ts";
import { VALIDATORS_MAX } from "./limits.ts";
import { type Signable, verifySigned } from "./signer.ts";
import { isQuorum, type ValidatorSet, validatorAt } from "./validator-set.ts";

/** The two phases that vote. */
export const Phase = enumeration(["prepare", "commit"]);
export type Phase = Infer<typeof Phase>;

/** What every vote of one phase signs. Not the voter: equal bytes can be aggregated later. */
export const VoteBody: Codec<{
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
}> = struct("VoteBody", { sequence, view, digest });
export type VoteBody = Infer<typeof VoteBody>;

/** How the signers' consent is shown; a union, so that an aggregated scheme can join it. */
export const Seal = union("Seal", {
  /** One signature for each set bit, in ascending order of index. */
  ed25519: struct("Ed25519Seal", { signatures: list(signature, VALIDATORS_MAX) }),
});
export type Seal = Infer<typeof Seal>;

/**
 * Quorum certificate: a quorum's signatures for one block in one phase, sequence and view.
 * A value: whoever holds it can convince anyone who knows the validator set.
 */
export const QuorumCertificate: Codec<{
  readonly phase: Phase;
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
  readonly signers: readonly boolean[];
  readonly seal: Seal;
}> = struct("QuorumCertificate", {
  phase: Phase,
  sequence,
  view,
  digest,
  /** One bit for each validator of the set, set for those who signed. */
  signers: bits(VALIDATORS_MAX),
  seal: Seal,
});
export type QuorumCertificate = Infer<typeof QuorumCertificate>;

/** Why a certificate convinces nobody. */
export type CertificateDefect =
  | "signer-bits-length"
  | "signature-count"
  | "no-quorum"
  | "bad-signature";

/** What a vote in `phase` signs on the chain `genesis`. */
export function signableVote(phase: Phase, genesis: Digest, vote: VoteBody): Signable {
  const { sequence: at, view: inView, digest: of } = vote;
  return {
    tag: phase,
    genesis,
    bytes: VoteBody.encode({ sequence: at, view: inView, digest: of }),
  };
}

/** Builds a certificate from votes that were verified already; later duplicates of a voter are ignored. */
export function createCertificate(options: {
  readonly phase: Phase;
  readonly vote: VoteBody;
  readonly set: ValidatorSet;
  readonly votes: Iterable<{ readonly voter: ValidatorIndex; readonly signature: Signature }>;
}): QuorumCertificate {
  const byVoter = new Map<number, Signature>();
  for (const { voter, signature: seal } of options.votes) {
    if (!byVoter.has(voter)) byVoter.set(voter, seal);
  }
  const signers = options.set.validators.map((_, index) => byVoter.has(index));
  const signatures = signers.flatMap((_, index) => byVoter.get(index) ?? []);
  const { sequence: at, view: inView, digest: of } = options.vote;
  return {
    phase: options.phase,
    sequence: at,
    view: inView,
    digest: of,
    signers,
    seal: { type: "ed25519", signatures },
  };
}

/** Indices of the validators whose bit is set, ascending. */
export function signersOfCertificate(certificate: QuorumCertificate): readonly ValidatorIndex[] {
  return certificate.signers.flatMap((signed, index) => (signed ? [toValidatorIndex(index)] : []));
}

/** The check that a caller may replace, to count, to cache or to spread over threads. */
export type VerifySigned = (key: PublicKey, object: Signable, signature: Signature) => boolean;

/**
 * `undefined` when the certificate holds for `set`; else why not.
 *
 * Every signature is verified, not only as many as make a quorum: each one is paid for (B10). They
 * are bound to chain, phase, sequence, view and digest (B9).
 */
export function findCertificateDefect(options: {
  readonly certificate: QuorumCertificate;
  readonly set: ValidatorSet;
  readonly genesis: Digest;
  readonly verify?: VerifySigned;
}): CertificateDefect | undefined {
  const { certificate, set, genesis, verify = verifySigned } = options;
  if (certificate.signers.length !== set.validators.length) return "signer-bits-length";
  const signers = signersOfCertificate(certificate);
  const { signatures } = certificate.seal;
  if (signatures.length !== signers.length) return "signature-count";
  const power = signers.reduce((sum, at) => sum + (validatorAt(set, at)?.power ?? 0n), 0n);
  if (!isQuorum(power, set)) return "no-quorum";
  const object = signableVote(certificate.phase, genesis, certificate);
  const allSigned = signers.every((index, at) => {
    const [validator, seal] = [validatorAt(set, index), signatures[at]];
    return validator !== undefined && seal !== undefined && verify(validator.key, object, seal);
  });
  return allSigned ? undefined : "bad-signature";
}

/** Whether two votes or certificates are for the same block in the same sequence and view. */
export function sameVote(left: VoteBody, right: VoteBody): boolean {
  return (
    left.sequence === right.sequence &&
    left.view === right.view &&
    equalBytes(left.digest, right.digest)
  );
}
