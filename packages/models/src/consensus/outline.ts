import { equalBytes } from "../bytes.ts";
import { type Codec, digest, type Infer, list, struct, withinBytes } from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import { BLOCK_BYTES_MAX, ITEMS_MAX } from "../limits.ts";
import { listRootOfLeaves } from "../list-root.ts";
import {
  type Block,
  type BodyDefect,
  bodyParts,
  findDefectOnce,
  isSound,
  markSound,
} from "./block.ts";
import { BlockHeader, WireVersion } from "./header.ts";
import type { Item } from "./item.ts";

/**
 * Block with the hashes of its items in place of their bytes. Proposals contain it. A voter uses
 * the items that it has, and requests the others.
 */
export const BlockOutline: Codec<Omit<Block, "items"> & { readonly items: readonly Digest[] }> =
  withinBytes(
    struct("BlockOutline", {
      version: WireVersion,
      header: BlockHeader,
      /** Hashes of the items in their order: the leaves under the header's payload root. */
      items: list(digest, ITEMS_MAX),
      ...bodyParts,
    }),
    BLOCK_BYTES_MAX,
  );
export type BlockOutline = Infer<typeof BlockOutline>;

/**
 * Returns the outline of a block. If the block's header was found to match its body, the outline
 * counts as checked too.
 */
export function outlineOf(block: Block): BlockOutline {
  const { items, ...rest } = block;
  const outline = { ...rest, items: items.map(({ hash }) => hash) };
  if (isSound(block)) markSound(outline);
  return outline;
}

/**
 * Returns the name of the first root in the header that does not match the outline. Undefined if
 * all match. The result is remembered, so an outline is hashed once.
 */
export function findOutlineDefect(outline: BlockOutline): BodyDefect | undefined {
  return findDefectOnce(outline, () => listRootOfLeaves(outline.items));
}

/**
 * Builds the block from an outline and its items. Undefined if an item is missing or does not have
 * the hash at its place. Undefined too if the block would have more than `BLOCK_BYTES_MAX` bytes,
 * which no decoder takes and no log keeps. If `findOutlineDefect` found that the outline matches
 * its header, so does the block.
 */
export function completeBlock(outline: BlockOutline, items: readonly Item[]): Block | undefined {
  const { items: hashes, ...rest } = outline;
  const fits =
    items.length === hashes.length &&
    items.every(({ hash }, at) => equalBytes(hash, hashes[at] ?? EMPTY));
  if (!fits || bytesWith(outline, items) > BLOCK_BYTES_MAX) return undefined;
  const block = { ...rest, items };
  if (isSound(outline)) markSound(block);
  return block;
}

/**
 * Returns the size in bytes of the block: that of the outline, with offset and bytes of each item
 * in place of its hash.
 */
function bytesWith(outline: BlockOutline, items: readonly Item[]): number {
  const hashBytes = 32 * outline.items.length;
  const itemBytes = items.reduce((sum, { bytes }) => sum + 4 + bytes.length, 0);
  return BlockOutline.layout.sizeOf(outline) - hashBytes + itemBytes;
}

const EMPTY = new Uint8Array();
