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
  /** The set that votes on the header is not the one in `set`. */
  | "wrong-set"
  /** The certificate shows only that the block was prepared, not that it is final. */
  | "wrong-phase"
  /** The certificate is for another sequence or another header. */
  | "digest-mismatch";

/**
 * Returns the reason for which a certificate does not make a header final. Undefined if it does:
 * everything under the header's roots is then certain. `set` MUST be the set that votes on the
 * header's sequence.
 */
export function verifyHeader(options: {
  readonly genesis: Digest;
  readonly set: ValidatorSet;
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  /** Function that checks one signature, for example with a cache. Default: `verifySigned`. */
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
