import { digestMany } from "../hashing/digest-many.ts";
import { bitAt } from "../hashing/path.ts";
import { EMPTY, type Ref } from "./arena.ts";
import type { VersionHandle } from "./version-handle.ts";

/** Finds the leaf of a key. Undefined if the key is absent. */
export function findLeaf(
  { arena, ref: root, hasher }: VersionHandle,
  key: Uint8Array,
): Ref | undefined {
  const path = hasher.digest(key);
  let ref = root;
  for (let depth = 0; ref > 0; depth++) ref = arena.childOf(ref, bitAt(path, depth));
  return ref !== EMPTY && arena.leaves.hasKey(ref, key) ? ref : undefined;
}

/**
 * Finds the leaves of many keys; EMPTY for an absent key. All keys go down one level at a time, so
 * that the processor loads many nodes at once and does not wait for each.
 */
export function findLeaves(
  { arena, ref: root, hasher }: VersionHandle,
  keys: readonly Uint8Array[],
): Int32Array {
  const paths = new Uint8Array(digestMany({ messages: keys, hasher }).buffer);
  const refs = new Int32Array(keys.length).fill(root);
  let isDone = root <= 0;
  for (let depth = 0; !isDone; depth++) {
    isDone = true;
    const [byte, shift] = [depth >>> 3, 7 - (depth & 7)];
    for (let at = 0; at < refs.length; at++) {
      const ref = refs[at] ?? EMPTY;
      if (ref <= 0) continue;
      const side = ((paths[at * 32 + byte] ?? 0) >>> shift) & 1;
      const child = arena.childOf(ref, side === 0 ? 0 : 1);
      refs[at] = child;
      if (child > 0) isDone = false;
    }
  }
  for (const [at, key] of keys.entries()) {
    const ref = refs[at] ?? EMPTY;
    if (ref !== EMPTY && !arena.leaves.hasKey(ref, key)) refs[at] = EMPTY;
  }
  return refs;
}
