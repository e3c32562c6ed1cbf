import { assert, compareBytes, equalBytes } from "@aethel/models";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import type { Path } from "../hashing/path.ts";
import { checkKey, DIGEST_LENGTH, isKeyLength, isValueLength } from "../limits.ts";
import { buildOutline, type OutlineNode } from "../outlines/outline.ts";
import { checkOutline, type OutlineRejection } from "../outlines/outline-check.ts";
import { createTree, type Entry, hasherOf, releaseTree, type Tree } from "../tree/tree.ts";

/**
 * Proof of the values of many keys, some of which may be absent. A node on the paths of several
 * keys is in it only once, so it is much smaller than one proof for each key.
 */
export interface MultiProof {
  /** Values of the different keys, in the order of the hashed keys. Undefined for an absent key. */
  readonly values: readonly (Uint8Array | undefined)[];
  readonly outline: readonly OutlineNode[];
}

/** Values in the order of the caller's keys, or the reason of a refusal. */
export type MultiProofVerdict =
  | { readonly ok: true; readonly values: readonly (Uint8Array | undefined)[] }
  | { readonly ok: false; readonly reason: OutlineRejection };

/**
 * Makes a proof for keys, in any order and with repetitions. All bytes are copies.
 * @throws MerkleError `KEY_LENGTH`.
 */
export function proveMany(tree: Tree, keys: Iterable<Uint8Array>): MultiProof {
  const all = [...keys];
  for (const key of all) checkKey(key);
  const { places } = placesOf(all, hasherOf(tree));
  const spans = places.map(({ path }) => ({ from: path, to: path }));
  const { nodes, leaves } = buildOutline(tree, spans);
  let next = 0;
  const values = places.map(({ path }) => {
    const leaf = leaves[next];
    if (leaf === undefined || !equalBytes(leaf.path(), path)) return undefined;
    next++;
    return leaf.value();
  });
  assert(next === leaves.length, "every leaf of the outline was requested");
  return { values, outline: nodes };
}

/**
 * Verifies a proof for keys against a root that the caller trusts. Never throws for keys and a
 * proof that have the fields of their types. The values are the proof's own arrays.
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

/** One of the different keys of a request, with its path. */
interface KeyPlace {
  readonly path: Path;
  readonly key: Uint8Array;
}

/**
 * Sorts the different keys by path. `placeOf` has, for each key of the given list, its position
 * among the sorted keys.
 */
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
