import { codecOf } from "../codec/codec.ts";
import { boundedBytes, type Codec } from "../codec/index.ts";
import type { Digest, Root } from "../ids.ts";
import { ITEM_BYTES_MAX } from "../limits.ts";
import { listLeaf, listRootOfLeaves } from "../list-root.ts";

/**
 * Byte string that consensus orders: a command that only the application interprets. The object
 * keeps bytes and hash for as long as it lives, so neither has to be computed twice.
 */
export interface Item {
  /** Bytes of the item, which MUST NOT be changed. */
  readonly bytes: Uint8Array;
  /** Hash of the item as a leaf of a payload root. It identifies the item. */
  readonly hash: Digest;
}

const layout = boundedBytes(ITEM_BYTES_MAX).layout;

/** Wire type of an item: its bytes. */
export const Item: Codec<Item> = codecOf<Item>("Item", {
  ...layout,
  sizeOf: ({ bytes }) => layout.sizeOf(bytes),
  write: (memory, at, { bytes }) => layout.write(memory, at, bytes),
  read: (memory, start, end) => itemOf(layout.read(memory, start, end)),
  toJson: ({ bytes }) => layout.toJson(bytes),
  fromJson: (json) => itemOf(layout.fromJson(json)),
});

/** Makes an item from bytes, without copying them. The hash is computed when it is first read. */
export function itemOf(bytes: Uint8Array): Item {
  return new HashedOnce(bytes);
}

class HashedOnce implements Item {
  readonly bytes: Uint8Array;
  #hash: Digest | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get hash(): Digest {
    this.#hash ??= listLeaf(this.bytes);
    return this.#hash;
  }
}

/** Returns the root over the hashes of a block's items, in their order. */
export function payloadRoot(items: readonly Pick<Item, "hash">[]): Root {
  return listRootOfLeaves(items.map(({ hash }) => hash));
}
