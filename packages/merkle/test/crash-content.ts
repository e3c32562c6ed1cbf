import { type Change, emptyTree, snapshotChunks, type Tree } from "../src/index.ts";

/** Number of versions that the store of the crash test keeps. */
export const KEEP = 4;

/** Changes of a version of the crash test, sets and deletes, known to both processes. */
export function changesOf(version: number): readonly Change[] {
  return Array.from({ length: 40 }, (_, at) => {
    const key = new TextEncoder().encode(`key ${(version * 31 + at * 7) % 200}`);
    const isDelete = (version + at) % 5 === 0;
    const value = new TextEncoder().encode(`${version} `.repeat(1 + (at % 30)));
    return { key, value: isDelete ? undefined : value };
  });
}

/** Content after each version, from the beginning. */
export function treeAt(version: number): Tree {
  let tree = emptyTree;
  for (let at = 1; at <= version; at++) tree = tree.update(changesOf(at));
  return tree;
}

/** Chunks in which a version is imported: few, so that imports finish often. */
export function chunksOf(version: number): readonly Uint8Array[] {
  return [...snapshotChunks(treeAt(version), { chunkBytes: 400 })];
}
