import { assert, compareBytes, equalBytes } from "@aethel/models";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import type { Path } from "../hashing/path.ts";
import { checkKey, DIGEST_LENGTH, isKeyLength, isValueLength } from "../limits.ts";
import { drawOutline, type OutlineNode } from "../outlines/outline.ts";
import { checkOutline, type OutlineRejection } from "../outlines/outline-check.ts";
import { createTree, type Entry, hasherOf, releaseTree, type Tree } from "../tree/tree.ts";

/**
 * Shows what a tree holds at many keys at once, present and absent ones alike. What the keys' ways
 * share is in it once, so it is a fraction of one proof for each.
 */
export interface MultiProof {
  /** One for each different key, in the order of the hashed keys; undefined for an absent one. */
  readonly values: readonly (Uint8Array | undefined)[];
  readonly outline: readonly OutlineNode[];
}

/** The values in the order of the keys that were asked for, or why nothing is shown. */
export type MultiProofVerdict =
  | { readonly ok: true; readonly values: readonly (Uint8Array | undefined)[] }
  | { readonly ok: false; readonly reason: OutlineRejection };

/**
 * The proof of what `tree` holds at the keys, in any order, repeated or not. All bytes are copies.
 * @throws MerkleError `KEY_LENGTH`.
 */
export function proveMany(tree: Tree, keys: Iterable<Uint8Array>): MultiProof {
  const all = [...keys];
  for (const key of all) checkKey(key);
  const { places } = placesOf(all, hasherOf(tree));
  const spans = places.map(({ path }) => ({ from: path, to: path }));
  const { nodes, leaves } = drawOutline(tree, spans);
  let next = 0;
  const values = places.map(({ path }) => {
    const leaf = leaves[next];
    if (leaf === undefined || !equalBytes(leaf.path(), path)) return undefined;
    next++;
    return leaf.value();
  });
  assert(next === leaves.length, "every leaf of the outline was asked for");
  return { values, outline: nodes };
}

/**
 * Checks a proof of what the tree with this root holds at the keys, against a root that the caller
 * trusts. Never throws, whatever the proof and the keys are made of, as long as they have their
 * types' fields. The values are the proof's own arrays.
 */
export function verifyMany({
  root,
  keys,
  proof,
  hasher = nobleHasher,
}: {
  readonly root: Uint8Array;
  readonly keys: readonly Uint8Array[];
  readonly proof: MultiProof;
  readonly hasher?: Hasher;
}): MultiProofVerdict {
  const { values, outline } = proof;
  if (root.length !== DIGEST_LENGTH || !keys.every((key) => isKeyLength(key.length))) {
    return { ok: false, reason: "length" };
  }
  const { places, placeOf } = placesOf(keys, hasher);
  if (values.length !== places.length) return { ok: false, reason: "length" };
  if (values.some((value) => value !== undefined && !isValueLength(value.length))) {
    return { ok: false, reason: "length" };
  }
  const entries = places.flatMap(({ key }, at): Entry[] => {
    const value = values[at];
    return value === undefined ? [] : [{ key, value }];
  });
  const spans = places.map(({ path }) => ({ from: path, to: path }));
  const part = createTree({ hasher }).update(entries);
  const reason = checkOutline({ root, spans, part, nodes: outline });
  releaseTree(part);
  if (reason !== undefined) return { ok: false, reason };
  return { ok: true, values: keys.map((_, at) => values[placeOf[at] ?? -1]) };
}

/** A key that is asked for, once however often it is. */
interface KeyPlace {
  readonly path: Path;
  readonly key: Uint8Array;
}

/** The different keys in the order of their paths, and for each key in the list which one it is. */
function placesOf(
  keys: readonly Uint8Array[],
  hasher: Hasher,
): { readonly places: readonly KeyPlace[]; readonly placeOf: readonly number[] } {
  const hashed = keys.map((key, at) => ({ at, key, path: hasher.digest(key) }));
  hashed.sort((left, right) => compareBytes(left.path, right.path));
  const places: KeyPlace[] = [];
  const placeOf = keys.map(() => 0);
  for (const { at, key, path } of hashed) {
    const last = places.at(-1);
    if (last === undefined || !equalBytes(last.path, path)) places.push({ path, key });
    placeOf[at] = places.length - 1;
  }
  return { places, placeOf };
}
