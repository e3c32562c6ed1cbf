import {
  type BlockHeader,
  blockDigest,
  type CertificateDefect,
  type Digest,
  equalBytes,
  findCertificateDefect,
  type QuorumCertificate,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";

/** Reason for which a certificate does not make a header final. */
export type HeaderDefect =
  | CertificateDefect
  /** The header is of a chain with another genesis. */
  | "wrong-chain"
  /** Another set votes on the header than the one it was checked against. */
  | "wrong-set"
  /** The certificate shows that a block was prepared, not that it is final. */
  | "wrong-phase"
  /** The certificate is for another sequence or another header. */
  | "digest-mismatch";

/**
 * Says why a certificate does not make a header final; undefined if it does. `set`, the set of the
 * header's sequence, must be known. Everything under the header's roots is then certain.
 */
export function verifyHeader(options: {
  readonly genesis: Digest;
  readonly set: ValidatorSet;
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  /** Another way to check one signature. */
  readonly verify?: VerifySigned;
}): HeaderDefect | undefined {
  const { genesis, set, header, certificate } = options;
  if (!equalBytes(header.chain, genesis)) return "wrong-chain";
  if (!equalBytes(header.validators, set.hash)) return "wrong-set";
  if (certificate.phase !== "commit") return "wrong-phase";
  if (certificate.sequence !== header.sequence) return "digest-mismatch";
  if (!equalBytes(certificate.digest, blockDigest(header))) return "digest-mismatch";
  return findCertificateDefect(options);
}
