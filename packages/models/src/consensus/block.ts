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
 * Block as it is proposed, voted on and stored. The bytes of the block are limited, and also those
 * of its annex and those of its evidence. The decoder refuses more.
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
    /** Ordered byte strings. Only the application interprets them. */
    items: list(Item, ITEMS_MAX),
    /** Entries that the proposer's application adds, such as results of the items. */
    annex: withinBytes(list(boundedBytes(ANNEX_ENTRY_BYTES_MAX), ITEMS_MAX), ANNEX_BYTES_MAX),
    evidence: withinBytes(list(Evidence, EVIDENCE_MAX), EVIDENCE_BYTES_MAX),
    /**
     * Commit certificate of the parent, whose signers are rewarded. Undefined in the block at
     * sequence 1.
     */
    parentCertificate: optional(QuorumCertificate),
  }),
  BLOCK_BYTES_MAX,
);
export type Block = Infer<typeof Block>;

/** Block together with the commit certificate that makes it final. */
export const FinalizedBlock: Codec<{
  readonly block: Block;
  readonly certificate: QuorumCertificate;
}> = struct("FinalizedBlock", { block: Block, certificate: QuorumCertificate });
export type FinalizedBlock = Infer<typeof FinalizedBlock>;

/** Returns the root of a block's annex, which its header must have. */
export function annexRoot(annex: readonly Uint8Array[]): Root {
  return listRoot(annex);
}

/** Returns the root of a block's evidence, which its header must have. */
export function evidenceRoot(evidence: readonly Evidence[]): Root {
  return listRoot(evidence.map((item) => Evidence.encode(item)));
}

/** Returns the digest of the parent's certificate, or zero bytes if there is none. */
export function parentCertificateRoot(certificate: QuorumCertificate | undefined): Digest {
  return certificate === undefined ? ZERO_DIGEST : QuorumCertificate.digest(certificate);
}

/** Root in a header that does not fit the body. */
export type BodyDefect =
  | "payload-root"
  | "annex-root"
  | "evidence-root"
  | "parent-certificate-root";

/** Parts that a block and its outline have in common. */
export type BlockParts = Pick<Block, "header" | "annex" | "evidence" | "parentCertificate">;

/** Blocks and outlines whose bodies fit their headers, so that each is checked only once. */
const sound = new WeakSet<BlockParts>();

/** Whether a block or an outline was found to fit its header. */
export function isSound(parts: BlockParts): boolean {
  return sound.has(parts);
}

/** Remembers that a block or an outline fits its header. It MUST NOT be changed. */
export function markSound(parts: BlockParts): void {
  sound.add(parts);
}

/**
 * Returns the first root in the header that does not match the body. Undefined if all match. A
 * block is hashed once; one that was completed from a checked outline is not hashed again.
 */
export function findBodyDefect(block: Block): BodyDefect | undefined {
  return findDefectOnce(block, () => payloadRoot(block.items));
}

/** Returns the defect of a block or an outline with this payload root, unless it is sound. */
export function findDefectOnce(parts: BlockParts, payload: () => Root): BodyDefect | undefined {
  if (isSound(parts)) return undefined;
  const defect = findRootDefect(parts, payload());
  if (defect === undefined) markSound(parts);
  return defect;
}

/**
 * Compares the roots of a header with the parts of a block and the payload root of its items.
 * Returns the first root that does not match; undefined if all match.
 */
function findRootDefect(parts: BlockParts, payload: Root): BodyDefect | undefined {
  const { header } = parts;
  if (!equalBytes(header.payloadRoot, payload)) return "payload-root";
  if (!equalBytes(header.annexRoot, annexRoot(parts.annex))) return "annex-root";
  if (!equalBytes(header.evidenceRoot, evidenceRoot(parts.evidence))) return "evidence-root";
  const certificate = parentCertificateRoot(parts.parentCertificate);
  if (!equalBytes(header.parentCertificateRoot, certificate)) return "parent-certificate-root";
  return undefined;
}

/** Returns the most bytes that a block has apart from its items, annex and evidence. */
export function blockBytesBesides(parentCertificate: QuorumCertificate | undefined): number {
  const certificate =
    parentCertificate === undefined ? 0 : 1 + QuorumCertificate.encode(parentCertificate).length;
  return EMPTY_BLOCK_BYTES + certificate;
}

/**
 * Bytes of a version, of the longest header, and of the offsets of the five parts of variable size.
 */
const EMPTY_BLOCK_BYTES = WireVersion.maxBytes + BlockHeader.maxBytes + 5 * OFFSET_BYTES;
