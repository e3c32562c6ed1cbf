import {
  type BlockHeader,
  type Digest,
  equalBytes,
  findCertificateDefect,
  type QuorumCertificate,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import type { LedgerState } from "../state/ledger-state.ts";

/**
 * Defect of the parent's certificate in a block. `missing`: there is none. `of-genesis`: the parent
 * is the genesis block, which has no certificate. `other-block`: it is for another block.
 * `not-certified`: it is not a valid certificate.
 */
export type ParentCertificateDefect = "missing" | "of-genesis" | "other-block" | "not-certified";

/**
 * Checks that a certificate makes the parent final: COMMIT phase, the parent's digest and sequence,
 * and valid signatures of the set that voted on the parent. Verifies every signature, not only a
 * quorum, since every signer is paid (B10). Returns undefined if there is no defect.
 */
export function findParentCertificateDefect(
  certificate: QuorumCertificate | undefined,
  state: LedgerState,
  verify?: VerifySigned,
): ParentCertificateDefect | undefined {
  const { header, digest, previousSet, chain } = state;
  if (header.sequence === 0) return certificate === undefined ? undefined : "of-genesis";
  if (certificate === undefined) return "missing";
  const block = { header, digest, set: previousSet, chain };
  if (!isCommitOf(certificate, block)) return "other-block";
  return isCommitCertificate(certificate, block, verify) ? undefined : "not-certified";
}

/** Block, with the set that voted on it and the genesis digest of its chain. */
interface CertifiedBlock {
  readonly header: BlockHeader;
  readonly digest: Digest;
  readonly set: ValidatorSet;
  readonly chain: Digest;
}

function isCommitOf(
  certificate: QuorumCertificate,
  { header, digest }: Pick<CertifiedBlock, "header" | "digest">,
): boolean {
  const { phase, sequence } = certificate;
  const isSame = sequence === header.sequence && equalBytes(certificate.digest, digest);
  return phase === "commit" && isSame;
}

/** Whether a certificate makes this block final. Verifies every signature. */
export function isCommitCertificate(
  certificate: QuorumCertificate,
  block: CertifiedBlock,
  verify?: VerifySigned,
): boolean {
  if (!isCommitOf(certificate, block)) return false;
  const about = { certificate, set: block.set, genesis: block.chain };
  const defect = findCertificateDefect(verify === undefined ? about : { ...about, verify });
  return defect === undefined;
}
