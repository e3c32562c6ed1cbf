import { equalBytes } from "../bytes.ts";
import { type Codec, type Infer, list, optional, struct, withinBytes } from "../codec/index.ts";
import { type Digest, type Root, ZERO_DIGEST } from "../ids.ts";
import { Proof, proofsRoot } from "../ledger/proof.ts";
import {
  BLOCK_BYTES_MAX,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_MAX,
  OFFSET_BYTES,
  PROOFS_MAX,
} from "../limits.ts";
import { listRoot } from "../list-root.ts";
import { QuorumCertificate } from "./certificate.ts";
import { Evidence } from "./evidence.ts";
import { BlockHeader } from "./header.ts";

/**
 * A block as it is proposed, voted on and stored. All of it has a bound in bytes, and its evidence
 * one of its own: the decoder refuses more.
 */
export const ProofBlock: Codec<{
  readonly header: BlockHeader;
  readonly proofs: readonly Proof[];
  readonly evidence: readonly Evidence[];
  readonly parentCertificate: QuorumCertificate | undefined;
}> = withinBytes(
  struct("ProofBlock", {
    header: BlockHeader,
    proofs: list(Proof, PROOFS_MAX),
    evidence: withinBytes(list(Evidence, EVIDENCE_MAX), EVIDENCE_BYTES_MAX),
    /** Commit certificate of the parent: who is rewarded for it. None in the block at sequence 1. */
    parentCertificate: optional(QuorumCertificate),
  }),
  BLOCK_BYTES_MAX,
);
export type ProofBlock = Infer<typeof ProofBlock>;

/** A block with the commit certificate that makes it final. */
export const FinalizedBlock: Codec<{
  readonly block: ProofBlock;
  readonly certificate: QuorumCertificate;
}> = struct("FinalizedBlock", { block: ProofBlock, certificate: QuorumCertificate });
export type FinalizedBlock = Infer<typeof FinalizedBlock>;

/** Root of the evidence in a block's body. */
export function evidenceRoot(evidence: readonly Evidence[]): Root {
  return listRoot(evidence.map((item) => Evidence.encode(item)));
}

/** Digest of the parent's certificate, or zero. */
export function parentCertificateRoot(certificate: QuorumCertificate | undefined): Digest {
  return certificate === undefined ? ZERO_DIGEST : QuorumCertificate.digest(certificate);
}

/** Which commitment of the header the body breaks, or undefined: the body is the header's. */
export function findBodyDefect(
  block: ProofBlock,
): "proofs-root" | "evidence-root" | "parent-certificate-root" | undefined {
  const { header } = block;
  if (!equalBytes(header.proofsRoot, proofsRoot(block.proofs))) return "proofs-root";
  if (!equalBytes(header.evidenceRoot, evidenceRoot(block.evidence))) return "evidence-root";
  const certificate = parentCertificateRoot(block.parentCertificate);
  if (!equalBytes(header.parentCertificateRoot, certificate)) return "parent-certificate-root";
  return undefined;
}

/** Bytes of a block beside its proofs and its evidence, and what each item of both takes is not in it. */
export function blockBytesBesides(parentCertificate: QuorumCertificate | undefined): number {
  const certificate =
    parentCertificate === undefined ? 0 : 1 + QuorumCertificate.encode(parentCertificate).length;
  return EMPTY_BLOCK_BYTES + certificate;
}

/** A header, and the offsets of the three other parts. */
const EMPTY_BLOCK_BYTES = BlockHeader.maxBytes + 3 * OFFSET_BYTES;
