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
 * Block as it is proposed, voted on and stored. Its bytes are bounded, and those of its annex and
 * of its evidence separately: the decoder refuses more.
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
    /** Ordered byte strings, which the application alone interprets. */
    items: list(Item, ITEMS_MAX),
    /** Entries that the application of the proposer adds to the items. */
    annex: withinBytes(list(boundedBytes(ANNEX_ENTRY_BYTES_MAX), ITEMS_MAX), ANNEX_BYTES_MAX),
    evidence: withinBytes(list(Evidence, EVIDENCE_MAX), EVIDENCE_BYTES_MAX),
    /**
     * Commit certificate of the parent, whose signers are rewarded. None in the block at sequence
     * 1.
     */
    parentCertificate: optional(QuorumCertificate),
  }),
  BLOCK_BYTES_MAX,
);
export type Block = Infer<typeof Block>;

/** Block with the commit certificate that makes it final. */
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

/** Digest of the parent's certificate, or zero for none. */
export function parentCertificateRoot(certificate: QuorumCertificate | undefined): Digest {
  return certificate === undefined ? ZERO_DIGEST : QuorumCertificate.digest(certificate);
}

/** Root in a header that does not match the body. */
export type BodyDefect =
  | "payload-root"
  | "annex-root"
  | "evidence-root"
  | "parent-certificate-root";

/** Blocks whose bodies were checked, by identity, so that each is checked once. */
const sound = new WeakSet<Block>();

/** Finds the root of the header that the body does not match; undefined if all match. */
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

/** Most bytes of a block without its items, annex and evidence. */
export function blockBytesBesides(parentCertificate: QuorumCertificate | undefined): number {
  const certificate =
    parentCertificate === undefined ? 0 : 1 + QuorumCertificate.encode(parentCertificate).length;
  return EMPTY_BLOCK_BYTES + certificate;
}

/** Bytes of a version, the longest header, and the offsets of the five other parts. */
const EMPTY_BLOCK_BYTES = WireVersion.maxBytes + BlockHeader.maxBytes + 5 * OFFSET_BYTES;
