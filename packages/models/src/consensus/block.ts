import { equalBytes } from "../bytes.ts";
import {
  boundedBytes,
  type Codec,
  type Infer,
  list,
  optional,
  struct,
  withinBytes,
} from "../codec/index.ts";
import { type Digest, type Root, ZERO_DIGEST } from "../ids.ts";
import {
  ANNEX_BYTES_MAX,
  ANNEX_ENTRY_BYTES_MAX,
  BLOCK_BYTES_MAX,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_MAX,
  ITEMS_MAX,
  OFFSET_BYTES,
} from "../limits.ts";
import { listRoot } from "../list-root.ts";
import { QuorumCertificate } from "./certificate.ts";
import { Evidence } from "./evidence.ts";
import { BlockHeader, WireVersion } from "./header.ts";
import { Item, payloadRoot } from "./item.ts";

/**
 * A block as it is proposed, voted on and stored. All of it has a bound in bytes, and its annex and
 * its evidence have one of their own: the decoder refuses more.
 */
export const Block: Codec<{
  readonly version: WireVersion;
  readonly header: BlockHeader;
  readonly items: readonly Item[];
  readonly annex: readonly Uint8Array[];
  readonly evidence: readonly Evidence[];
  readonly parentCertificate: QuorumCertificate | undefined;
}> = withinBytes(
  struct("Block", {
    version: WireVersion,
    header: BlockHeader,
    /** What is ordered: byte strings that the application alone reads. */
    items: list(Item, ITEMS_MAX),
    /** What the proposer's application adds to the items, entry by entry. */
    annex: withinBytes(list(boundedBytes(ANNEX_ENTRY_BYTES_MAX), ITEMS_MAX), ANNEX_BYTES_MAX),
    evidence: withinBytes(list(Evidence, EVIDENCE_MAX), EVIDENCE_BYTES_MAX),
    /** Commit certificate of the parent: who is rewarded for it. None in the block at sequence 1. */
    parentCertificate: optional(QuorumCertificate),
  }),
  BLOCK_BYTES_MAX,
);
export type Block = Infer<typeof Block>;

/** A block with the commit certificate that makes it final. */
export const FinalizedBlock: Codec<{
  readonly block: Block;
  readonly certificate: QuorumCertificate;
}> = struct("FinalizedBlock", { block: Block, certificate: QuorumCertificate });
export type FinalizedBlock = Infer<typeof FinalizedBlock>;

/** Root of the annex in a block's body. */
export function annexRoot(annex: readonly Uint8Array[]): Root {
  return listRoot(annex);
}

/** Root of the evidence in a block's body. */
export function evidenceRoot(evidence: readonly Evidence[]): Root {
  return listRoot(evidence.map((item) => Evidence.encode(item)));
}

/** Digest of the parent's certificate, or zero. */
export function parentCertificateRoot(certificate: QuorumCertificate | undefined): Digest {
  return certificate === undefined ? ZERO_DIGEST : QuorumCertificate.digest(certificate);
}

/** Commitment of a header that a body breaks. */
export type BodyDefect =
  | "payload-root"
  | "annex-root"
  | "evidence-root"
  | "parent-certificate-root";

/** Bodies that were checked, by identity: a block is looked at once, whoever asks. */
const sound = new WeakSet<Block>();

/** Which commitment of the header the body breaks, or undefined: the body is the header's. */
export function findBodyDefect(block: Block): BodyDefect | undefined {
  if (sound.has(block)) return undefined;
  const defect = compareRoots(block);
  if (defect === undefined) sound.add(block);
  return defect;
}

function compareRoots(block: Block): BodyDefect | undefined {
  const { header } = block;
  if (!equalBytes(header.payloadRoot, payloadRoot(block.items))) return "payload-root";
  if (!equalBytes(header.annexRoot, annexRoot(block.annex))) return "annex-root";
  if (!equalBytes(header.evidenceRoot, evidenceRoot(block.evidence))) return "evidence-root";
  const certificate = parentCertificateRoot(block.parentCertificate);
  if (!equalBytes(header.parentCertificateRoot, certificate)) return "parent-certificate-root";
  return undefined;
}

/** Most bytes of a block beside its items, annex and evidence, and what each of them takes is not in it. */
export function blockBytesBesides(parentCertificate: QuorumCertificate | undefined): number {
  const certificate =
    parentCertificate === undefined ? 0 : 1 + QuorumCertificate.encode(parentCertificate).length;
  return EMPTY_BLOCK_BYTES + certificate;
}

/** A version, the longest header, and the offsets of the five other parts. */
const EMPTY_BLOCK_BYTES = WireVersion.maxBytes + BlockHeader.maxBytes + 5 * OFFSET_BYTES;
