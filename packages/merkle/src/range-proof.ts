import { assert, compareBytes } from "@aethel/models";
import { type Hasher, nobleHasher } from "./hasher.ts";
import { DIGEST_LENGTH, isKeyLength, isValueLength } from "./limits.ts";
import { drawOutline, type OutlineNode } from "./outline.ts";
import { checkOutline, type OutlineRejection } from "./outline-check.ts";
import type { Span } from "./span.ts";
import type { Entry, Tree } from "./tree.ts";

/** Everything that a tree holds between two hashed keys, with what shows that nothing is left out. */
export interface RangeProof {
  /** In the order of the hashed keys. */
  readonly entries: readonly Entry[];
  readonly outline: readonly OutlineNode[];
}

/** Whether the entries are all that the tree has in the range; or why nothing is shown. */
export type RangeVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: OutlineRejection };

/**
 * The proof of all that `tree` holds under the hashed keys `from .. to`, both of 32 bytes and both
 * included. All bytes are copies.
 */
export function proveRange(tree: Tree, { from, to }: Span): RangeProof {
  assert(from.length === DIGEST_LENGTH, "a range begins at 32 bytes");
  assert(to.length === DIGEST_LENGTH, "a range ends at 32 bytes");
  assert(compareBytes(from, to) <= 0, "a range ends where it begins or later");
  const { nodes, leaves } = drawOutline(tree, [{ from, to }]);
  const entries = leaves.map((leaf) => ({ key: leaf.key(), value: leaf.value() }));
  return { entries, outline: nodes };
}

/**
 * Checks that the tree with this root, which the caller trusts, holds exactly the proof's entries
 * under the hashed keys `from .. to`: none is false, none is left out. Never throws, whatever all
 * of it is made of, as long as it has its types' fields.
 */
export function verifyRange({
  root,
  from,
  to,
  proof,
  hasher = nobleHasher,
}: Span & {
  readonly root: Uint8Array;
  readonly proof: RangeProof;
  readonly hasher?: Hasher;
}): RangeVerdict {
  const { entries, outline } = proof;
  const digests = [root, from, to];
  const hasLengths =
    digests.every((digest) => digest.length === DIGEST_LENGTH) &&
    entries.every(({ key, value }) => isKeyLength(key.length) && isValueLength(value.length));
  if (!hasLengths) return { ok: false, reason: "length" };
  let last: Uint8Array | undefined;
  for (const { key } of entries) {
    const path = hasher.digest(key);
    if (last !== undefined && compareBytes(last, path) >= 0) return { ok: false, reason: "order" };
    if (compareBytes(path, from) < 0 || compareBytes(path, to) > 0) {
      return { ok: false, reason: "not-asked" };
    }
    last = path;
  }
  const spans = [{ from, to }];
  const reason = checkOutline({ root, spans, entries, nodes: outline, hasher });
  return reason === undefined ? { ok: true } : { ok: false, reason };
}
