import { equalBytes } from "../bytes.ts";
import {
  bits,
  type Codec,
  digest,
  enumeration,
  type Infer,
  sequence,
  struct,
  union,
  view,
} from "../codec/index.ts";
import type { Digest, Sequence, Signature, ValidatorIndex, View } from "../ids.ts";
import { toValidatorIndex } from "../ids.ts";
import type { CertificateScheme, SealDefect, VerifySigned } from "../keys/certificate-scheme.ts";
import {
  CERTIFICATE_SCHEMES,
  type CertificateSchemeName,
  DEFAULT_SCHEME,
} from "../keys/certificate-schemes.ts";
import { type Signable, verifySigned } from "../keys/signer.ts";
import { VALIDATORS_MAX } from "../limits.ts";
import { isQuorum, type ValidatorSet } from "./validator-set.ts";

/** The two phases in which replicas vote. */
export const Phase = enumeration(["prepare", "commit"]);
export type Phase = Infer<typeof Phase>;

/**
 * Signed body of a vote. It does not contain the voter, so all votes for one block sign the same
 * bytes.
 */
export const VoteBody: Codec<{
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
}> = struct("VoteBody", { sequence, view, digest });
export type VoteBody = Infer<typeof VoteBody>;

/**
 * Part of a certificate that proves that the signers signed. Each certificate scheme has its own.
 */
export const Seal = union("Seal", bodiesOf(CERTIFICATE_SCHEMES));
export type Seal = Infer<typeof Seal>;

/**
 * Quorum certificate: a quorum's signatures for one block in one phase, sequence and view. Everyone
 * who knows the validator set can check it, so it does not matter who sends it.
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
  /** One bit for each validator of the set, 1 for a signer. */
  signers: bits(VALIDATORS_MAX),
  seal: Seal,
});
export type QuorumCertificate = Infer<typeof QuorumCertificate>;

/** Reason why a certificate is invalid. */
export type CertificateDefect = "signer-bits-length" | "wrong-scheme" | "no-quorum" | SealDefect;

/** Returns the object that a validator signs to vote in `phase`, on the chain `genesis`. */
export function signableVote(phase: Phase, genesis: Digest, vote: VoteBody): Signable {
  const { sequence: at, view: inView, digest: of } = vote;
  return {
    tag: phase,
    genesis,
    bytes: VoteBody.encode({ sequence: at, view: inView, digest: of }),
  };
}

/**
 * Builds a certificate from verified votes, with the certificate scheme of the set. If a voter has
 * several votes, the first one counts. Votes of voters outside the set are ignored.
 */
export function createCertificate(options: {
  readonly phase: Phase;
  readonly vote: VoteBody;
  readonly set: ValidatorSet;
  readonly votes: Iterable<{ readonly voter: ValidatorIndex; readonly signature: Signature }>;
}): QuorumCertificate {
  const { phase, vote, set } = options;
  const byVoter = new Map<number, Signature>();
  for (const { voter, signature } of options.votes) {
    if (!byVoter.has(voter)) byVoter.set(voter, signature);
  }
  const bits = set.validators.map((_, index) => byVoter.has(index));
  const signatures = bits.flatMap((_, index) => byVoter.get(index) ?? []);
  const signers = set.validators.filter((_, index) => bits[index]);
  const scheme = schemeOf(set);
  const body = CERTIFICATE_SCHEMES[scheme].seal({ signers, signatures });
  return {
    phase,
    sequence: vote.sequence,
    view: vote.view,
    digest: vote.digest,
    signers: bits,
    seal: { type: scheme, ...body },
  };
}

/** Returns the indices of the validators whose bit is set, ascending. */
export function signersOfCertificate(certificate: QuorumCertificate): readonly ValidatorIndex[] {
  return certificate.signers.flatMap((signed, index) => (signed ? [toValidatorIndex(index)] : []));
}

/**
 * Checks a certificate against the validator set. Returns the reason if it is invalid.
 *
 * It verifies all signers, not only a quorum, because each of them is paid (B10 in
 * docs/known-bugs.md). Signatures are bound to chain, phase, sequence, view and digest (B9 in
 * docs/known-bugs.md).
 */
export function findCertificateDefect(options: {
  readonly certificate: QuorumCertificate;
  readonly set: ValidatorSet;
  readonly genesis: Digest;
  readonly verify?: VerifySigned;
}): CertificateDefect | undefined {
  const { certificate, set, genesis, verify = verifySigned } = options;
  if (certificate.signers.length !== set.validators.length) return "signer-bits-length";
  if (certificate.seal.type !== schemeOf(set)) return "wrong-scheme";
  const signers = set.validators.filter((_, index) => certificate.signers[index]);
  const power = signers.reduce((sum, validator) => sum + validator.power, 0n);
  if (!isQuorum(power, set)) return "no-quorum";
  const object = signableVote(certificate.phase, genesis, certificate);
  const { seal: body } = certificate;
  return CERTIFICATE_SCHEMES[body.type].findDefect({ body, signers, object, verify });
}

/** Whether two votes or certificates are for the same block in the same sequence and view. */
export function sameVote(left: VoteBody, right: VoteBody): boolean {
  return (
    left.sequence === right.sequence &&
    left.view === right.view &&
    equalBytes(left.digest, right.digest)
  );
}

function schemeOf(set: ValidatorSet): CertificateSchemeName {
  return set.scheme ?? DEFAULT_SCHEME;
}

type Bodies<S> = {
  readonly [K in keyof S]: S[K] extends CertificateScheme<infer B> ? Codec<B> : never;
};

function bodiesOf<S extends Readonly<Record<string, CertificateScheme>>>(schemes: S): Bodies<S> {
  const bodies = Object.entries(schemes).map(([name, scheme]) => [name, scheme.body]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one body for each name
  return Object.fromEntries(bodies) as Bodies<S>;
}
