import { assert, equalBytes } from "@aethel/models";
import { copyBytes } from "../bytes/copy.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import type { Path } from "../hashing/path.ts";
import { createTree, releaseTree, type Tree } from "../tree/tree.ts";
import { takeChunk } from "./snapshot.ts";
import { FIRST_PATH, placeAfter } from "./snapshot-chunk.ts";
import { snapshotFault } from "./snapshot-fault.ts";
import { chunksIn } from "./snapshot-stream.ts";

/** Import of a tree from the chunks of a snapshot, one after the other. */
export interface SnapshotImport {
  /** Number of chunks accepted so far. */
  readonly index: number;
  /**
   * Path at which the next chunk must begin, to request it. Undefined when the import is complete.
   */
  readonly next: Path | undefined;
  /** The imported tree, which has the given root. Undefined until the import is complete. */
  readonly tree: Tree | undefined;
  /**
   * Accepts the next chunk. A refused chunk changes nothing: request it again from another peer.
   * @throws MerkleError `SNAPSHOT_CHUNK` with the index of the chunk and the reason.
   */
  readonly accept: (chunk: Uint8Array) => void;
}

/** Begins the import of the tree with this root, which the caller trusts. */
export function createSnapshotImport({
  root,
  hasher = nobleHasher,
}: {
  readonly root: Uint8Array;
  readonly hasher?: Hasher;
}): SnapshotImport {
  const wanted = copyBytes(root);
  let index = 0;
  let next: Path | undefined = FIRST_PATH;
  let tree = createTree({ hasher });
  return {
    get index() {
      return index;
    },
    get next() {
      return next === undefined ? undefined : copyBytes(next);
    },
    get tree() {
      return next === undefined ? tree : undefined;
    },
    accept: (bytes) => {
      const before = tree;
      const taken = takeChunk(bytes, { root: wanted, index, next, known: before });
      tree = taken.known;
      // Released now: a stream may give the event loop no turn between chunks.
      if (tree !== before) releaseTree(before);
      next = placeAfter(taken.chunk.to);
      index++;
    },
  };
}

/**
 * Imports the tree with this root from a stream of bytes, in pieces of any size. The caller trusts
 * the root. The first refused chunk ends the import. Holds at most one chunk and one piece.
 * @throws MerkleError `SNAPSHOT_CHUNK` with the index of the chunk, counted from 0.
 */
export async function importSnapshot({
  root,
  source,
  hasher = nobleHasher,
}: {
  readonly root: Uint8Array;
  readonly source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly hasher?: Hasher;
}): Promise<Tree> {
  const coming = createSnapshotImport({ root, hasher });
  await takeAll(source, coming);
  const { tree } = coming;
  assert(tree !== undefined, "a stream that was taken whole leaves a whole tree");
  assert(equalBytes(tree.root, root), "chunks of one root make a tree of that root");
  return tree;
}

/** Receiver of chunks: an import in memory or in a store. */
export interface ChunkTaker {
  readonly index: number;
  readonly next: Path | undefined;
  /**
   * Accepts the next chunk. If it throws, nothing has changed.
   * @throws MerkleError `SNAPSHOT_CHUNK`.
   */
  readonly accept: (chunk: Uint8Array) => void;
}

/**
 * Passes all chunks of a stream to an import. The stream must begin with the import's next chunk
 * and end with the last one of the tree.
 * @throws MerkleError `SNAPSHOT_CHUNK`; the chunks before the refused one stay accepted.
 */
export async function takeAll(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  taker: ChunkTaker,
): Promise<void> {
  for await (const chunk of chunksIn(source, { begin: taker.index })) taker.accept(chunk);
  if (taker.next === undefined) return;
  const detail = "the stream ends before the tree does";
  throw snapshotFault({ index: taker.index, reason: "truncated", detail });
}
