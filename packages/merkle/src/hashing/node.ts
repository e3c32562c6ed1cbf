import { tagDigest, taggedHash } from "@aethel/models";
import type { Hasher } from "./hasher.ts";
import type { Path } from "./path.ts";

/**
 * Digest of an empty subtree, and root of the empty tree. It is the hash of a tag (32 bytes), while
 * nodes are hashes of 64 or 96 bytes.
 */
export const EMPTY_DIGEST: Uint8Array = taggedHash("tree-empty");

/**
 * Returns the digest of a leaf: `sha256(tag | sha256(key) | sha256(value))`, a preimage of 96
 * bytes.
 */
export function leafDigest(
  leaf: { readonly path: Path; readonly valueDigest: Uint8Array },
  hasher: Hasher,
): Uint8Array {
  const preimage = new Uint8Array(96);
  preimage.set(tagDigest("tree-leaf"));
  preimage.set(leaf.path, 32);
  preimage.set(leaf.valueDigest, 64);
  return hasher.digest(preimage);
}
