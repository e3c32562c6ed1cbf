import { assert, equalBytes } from "@aethel/models";
import { copyBytes } from "../bytes/copy.ts";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import type { Path } from "../hashing/path.ts";
import { createTree, releaseTree, type Tree } from "../tree/tree.ts";
import { takeChunk } from "./snapshot.ts";
import { FIRST_PATH, placeAfter } from "./snapshot-chunk.ts";
import { snapshotFault } from "./snapshot-fault.ts";
import { chunksIn } from "./snapshot-stream.ts";

/** A tree that comes in chunk by chunk. */
export interface SnapshotImport {
  /** How many chunks were taken. */
  readonly index: number;
  /** Where the next chunk begins: what to ask a peer for. Undefined when all is there. */
  readonly next: Path | undefined;
  /** The whole tree, with the root that was asked for; undefined until all is there. */
  readonly tree: Tree | undefined;
  /**
   * Takes the next chunk. One that is refused changes nothing: the same place can be asked for
   * again, elsewhere.
   * @throws MerkleError `SNAPSHOT_CHUNK` that names the chunk and says what is wrong with it.
   */
  readonly accept: (chunk: Uint8Array) => void;
}

/** Begins to import the tree that has this root, which the caller trusts. */
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
      // Nobody else has seen it, and a stream may leave no turn of the event loop between chunks.
      if (tree !== before) releaseTree(before);
      next = placeAfter(taken.chunk.to);
      index++;
    },
  };
}

/**
 * The tree that has this root, from a stream of any pieces of bytes, such as a file or a peer
 * gives. The first wrong chunk ends it; what is read ahead is at most one chunk.
 * @throws MerkleError `SNAPSHOT_CHUNK` that names the chunk, counted from 0 where the stream begins.
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

/** Anything that takes chunks: in memory, or in a store. */
export interface ChunkTaker {
  readonly index: number;
  readonly next: Path | undefined;
  /** @throws MerkleError `SNAPSHOT_CHUNK`; then nothing is taken. */
  readonly accept: (chunk: Uint8Array) => void;
}

/**
 * Takes all chunks of a stream, from the place at which the import stands, to the end of the tree.
 * @throws MerkleError `SNAPSHOT_CHUNK`; what came before the wrong chunk stays taken.
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
