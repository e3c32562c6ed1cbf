import { codecOf } from "../codec/codec.ts";
import { boundedBytes, type Codec } from "../codec/index.ts";
import type { Digest, Root } from "../ids.ts";
import { ITEM_BYTES_MAX } from "../limits.ts";
import { listLeaf, listRootOfLeaves } from "../list-root.ts";

/**
 * One of the byte strings that consensus orders: a command of the application, which alone knows what
 * it means. It keeps its bytes and its hash from decoding to storing, so neither is made twice.
 */
export interface Item {
  /** MUST NOT be written into. */
  readonly bytes: Uint8Array;
  /** Hash of its leaf under a block's payload root: the name of the item. */
  readonly hash: Digest;
}

const layout = boundedBytes(ITEM_BYTES_MAX).layout;

/** The wire type: the bytes alone. */
export const Item: Codec<Item> = codecOf<Item>("Item", {
  ...layout,
  sizeOf: ({ bytes }) => layout.sizeOf(bytes),
  write: (memory, at, { bytes }) => layout.write(memory, at, bytes),
  read: (memory, start, end) => itemOf(layout.read(memory, start, end)),
  toJson: ({ bytes }) => layout.toJson(bytes),
  fromJson: (json) => itemOf(layout.fromJson(json)),
});

/** An item of these bytes, which are kept and not copied. The hash is computed when it is first read. */
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

/** Root over the hashes of a block's items, in their order. */
export function payloadRoot(items: readonly Pick<Item, "hash">[]): Root {
  return listRootOfLeaves(items.map(({ hash }) => hash));
}
