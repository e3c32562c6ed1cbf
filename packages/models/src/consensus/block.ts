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
 * Parts of a body beside its items, in the order in which they are written. A block and its outline
 * have the same. @internal
 */
export const bodyParts: {
  readonly [K in "annex" | "evidence" | "parentCertificate"]: Codec<Block[K]>;
} = {
  /** Entries that the proposer's application adds, such as results of the items. */
  annex: withinBytes(list(boundedBytes(ANNEX_ENTRY_BYTES_MAX), ITEMS_MAX), ANNEX_BYTES_MAX),
  evidence: withinBytes(list(Evidence, EVIDENCE_MAX), EVIDENCE_BYTES_MAX),
  /**
   * Commit certificate of the parent, whose signers are rewarded. Undefined in the block at
   * sequence 1.
   */
  parentCertificate: optional(QuorumCertificate),
};

/**
 * Block as it is proposed, voted on and stored. The block as a whole, its annex and its evidence
 * each have a limit in bytes. The decoder refuses more.
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
    ...bodyParts,
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

/** Returns the root of a block's annex. The block's header must contain this root. */
export function annexRoot(annex: readonly Uint8Array[]): Root {
  return listRoot(annex);
}

/** Returns the root of a block's evidence. The block's header must contain this root. */
export function evidenceRoot(evidence: readonly Evidence[]): Root {
  return listRoot(evidence.map((item) => Evidence.encode(item)));
}

/** Returns the digest of the parent's certificate, or zero bytes if there is none. */
export function parentCertificateRoot(certificate: QuorumCertificate | undefined): Digest {
  return certificate === undefined ? ZERO_DIGEST : QuorumCertificate.digest(certificate);
}

/** Name of a root in a block's header that does not match the block's body. */
export type BodyDefect =
  | "payload-root"
  | "annex-root"
  | "evidence-root"
  | "parent-certificate-root";

/** Parts that a block and its outline have in common. */
export type BlockParts = Pick<Block, "header" | "annex" | "evidence" | "parentCertificate">;

/**
 * Blocks and outlines whose headers were found to match their other parts. They are not checked
 * again.
 */
const sound = new WeakSet<BlockParts>();

/** Whether the header of this block or outline was already found to match its other parts. */
export function isSound(parts: BlockParts): boolean {
  return sound.has(parts);
}

/**
 * Remembers that the header of this block or outline matches its other parts. The object MUST NOT
 * be changed afterwards.
 */
export function markSound(parts: BlockParts): void {
  sound.add(parts);
}

/**
 * Returns the name of the first root in the header that does not match the body. Undefined if all
 * match. The result is remembered, so a block is hashed once. A block that was completed from a
 * checked outline is not hashed again.
 */
export function findBodyDefect(block: Block): BodyDefect | undefined {
  return findDefectOnce(block, () => payloadRoot(block.items));
}

/**
 * Returns the name of the first root in the header that does not match the other parts. Undefined
 * if all match, or if this was found before. `payload` computes the root of the items.
 */
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

/**
 * Returns the greatest number of bytes that a block has apart from its items, annex and evidence.
 */
export function blockBytesBesides(parentCertificate: QuorumCertificate | undefined): number {
  const certificate =
    parentCertificate === undefined ? 0 : 1 + QuorumCertificate.encode(parentCertificate).length;
  return EMPTY_BLOCK_BYTES + certificate;
}

/**
 * Bytes of a version, of the longest header, and of the offsets of the five parts of variable size.
 */
const EMPTY_BLOCK_BYTES = WireVersion.maxBytes + BlockHeader.maxBytes + 5 * OFFSET_BYTES;
