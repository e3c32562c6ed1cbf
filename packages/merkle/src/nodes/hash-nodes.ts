import { tagDigest } from "@aethel/models";
import { copyDigest, createMemory, type Memory, toWords } from "../hashing/digest-words.ts";
import type { Hasher } from "../hashing/hasher.ts";
import { type Arena, EMPTY, type Ref, type Side } from "./arena.ts";
import { valueLengthOf } from "./leaf-store.ts";

/** Greatest number of nodes in one call of the hasher. */
const BATCH = 1024;

/**
 * Greatest number of nodes that are collected before they are hashed. They must be few enough to
 * stay in the processor's cache, and enough for full batches (measured: decision 009).
 */
const COLLECTED_MAX = 8192;

/**
 * Computes every missing digest at and below `root`, children first, and writes the digest of the
 * root into `slot`. If the root is a leaf, `slot` must hold the leaf's path when the function is
 * called. Subtrees with a digest are skipped.
 */
export function hashNodes(options: {
  readonly arena: Arena;
  readonly root: Ref;
  readonly slot: Int32Array;
  readonly hasher: Hasher;
}): void {
  const { arena, root, slot, hasher } = options;
  const work: Work = {
    arena,
    hasher,
    slot,
    leaves: createJobs(),
    levels: [],
    batch: undefined,
    count: 0,
  };
  collect(work, root, ROOT);
  hashCollected(work);
}

/**
 * Address of a slot: twice the reference of the parent, plus the side of the child. 0 is the slot
 * of the root.
 */
type Place = number;
const ROOT: Place = 0;

/** Nodes to hash, each with the address of its slot (the words for its digest). */
interface Jobs {
  readonly refs: Ref[];
  readonly places: Place[];
}

const createJobs = (): Jobs => ({ refs: [], places: [] });

interface Work {
  readonly arena: Arena;
  readonly hasher: Hasher;
  readonly slot: Int32Array;
  readonly leaves: Jobs;
  /**
   * Inner nodes that wait for their digest. The index is the number of levels below the node that
   * have no digest yet.
   */
  readonly levels: Jobs[];
  batch: Batch | undefined;
  count: number;
}

/**
 * Collects the nodes of a subtree that are not hashed, children before parents. Returns the height
 * of the subtree plus one.
 */
function collect(work: Work, ref: Ref, place: Place): number {
  if (ref < 0) {
    addJob(work.leaves, ref, place);
    work.count++;
    return 1;
  }
  const { arena, levels } = work;
  const [left, right] = [arena.unhashedChild(ref, 0), arena.unhashedChild(ref, 1)];
  // A node that is hashed in the meantime keeps its height; the order stays right.
  const leftHeight = left === EMPTY ? 0 : collect(work, left, ref * 2);
  const rightHeight = right === EMPTY ? 0 : collect(work, right, ref * 2 + 1);
  const height = leftHeight > rightHeight ? leftHeight : rightHeight;
  while (levels.length <= height) levels.push(createJobs());
  const level = levels[height];
  if (level !== undefined) addJob(level, ref, place);
  if (++work.count >= COLLECTED_MAX) hashCollected(work);
  return height + 1;
}

function addJob({ refs, places }: Jobs, ref: Ref, place: Place): void {
  refs.push(ref);
  places.push(place);
}

function hashCollected(work: Work): void {
  const { leaves, levels } = work;
  const widest = levels.reduce((most, { refs }) => Math.max(most, refs.length), leaves.refs.length);
  const size = Math.min(widest, BATCH);
  if (work.batch === undefined || work.batch.size < size) work.batch = createBatch(size);
  const { batch } = work;
  inBatches(leaves, (part) => hashLeaves(work, batch, part));
  for (const level of levels) inBatches(level, (part) => hashInner(work, batch, part));
  work.count = 0;
}

/** Runs the jobs in parts of at most `BATCH`, then removes them. */
function inBatches({ refs, places }: Jobs, run: (part: Jobs) => void): void {
  if (refs.length <= BATCH) run({ refs, places });
  else {
    for (let from = 0; from < refs.length; from += BATCH) {
      run({ refs: refs.slice(from, from + BATCH), places: places.slice(from, from + BATCH) });
    }
  }
  refs.length = 0;
  places.length = 0;
}

/** Buffers for the messages of one batch and for their digests. */
interface Batch {
  readonly size: number;
  readonly input: Memory;
  readonly output: Memory;
}

const createBatch = (size: number): Batch => ({
  size,
  input: createMemory(size * 24),
  output: createMemory(size * 8),
});

function hashInner(work: Work, batch: Batch, { refs, places }: Jobs): void {
  if (refs.length === 0) return;
  const { arena, hasher } = work;
  for (let at = 0; at < refs.length; at++)
    arena.readPreimage(refs[at] ?? EMPTY, batch.input.words, at * 16);
  digestAll({ hasher, batch, length: 64, count: refs.length });
  fillSlots(work, places, batch.output.words);
}

const TAG = toWords(tagDigest("tree-leaf"));

/**
 * Hashes leaves: `sha256(tag | path | sha256(value))`. The slot of each leaf (the words for its
 * digest) holds its path before the call, and its digest afterwards.
 */
function hashLeaves(work: Work, batch: Batch, { refs, places }: Jobs): void {
  if (refs.length === 0) return;
  const { arena, hasher, slot } = work;
  const values = digestValues(work, batch, refs);
  const input = batch.input.words;
  for (let at = 0; at < refs.length; at++) {
    const place = places[at] ?? ROOT;
    copyDigest(TAG, 0, input, at * 24);
    if (place === ROOT) copyDigest(slot, 0, input, at * 24 + 8);
    else arena.readSlot(parentOf(place), sideOf(place), input, at * 24 + 8);
    copyDigest(values, at * 8, input, at * 24 + 16);
  }
  digestAll({ hasher, batch, length: 96, count: refs.length });
  fillSlots(work, places, batch.output.words);
}

function fillSlots({ arena, slot }: Work, places: readonly Place[], digests: Int32Array): void {
  for (let at = 0; at < places.length; at++) {
    const place = places[at] ?? ROOT;
    if (place === ROOT) copyDigest(digests, at * 8, slot, 0);
    else arena.fillSlot(parentOf(place), sideOf(place), digests, at * 8);
  }
}

// Division instead of shifts: a place can have more than 32 bits.
const parentOf = (place: Place): Ref => Math.floor(place / 2);
const sideOf = (place: Place): Side => (place % 2 === 0 ? 0 : 1);

/** Hashes the values of leaves. Values of the same length are hashed in one batch. */
function digestValues(work: Work, batch: Batch, refs: readonly Ref[]): Int32Array {
  const { arena, hasher } = work;
  const digests = new Int32Array(refs.length * 8);
  const lengths = new Map<number, number[]>();
  for (let at = 0; at < refs.length; at++) {
    const length = valueLengthOf(arena.leaves.lengthsOf(refs[at] ?? EMPTY));
    const known = lengths.get(length);
    if (known === undefined) lengths.set(length, [at]);
    else known.push(at);
  }
  for (const [length, order] of lengths) {
    const isBatch = length === 64 || hasher.digestEach !== undefined;
    if (isBatch && length * order.length <= batch.input.bytes.length) {
      digestTogether(work, batch, { refs, order, length, digests });
    } else {
      for (const at of order) {
        const value = arena.leaves.valueView(refs[at] ?? EMPTY);
        copyDigest(toWords(hasher.digest(value)), 0, digests, at * 8);
      }
    }
  }
  return digests;
}

function digestTogether(
  { arena, hasher }: Work,
  batch: Batch,
  group: {
    readonly refs: readonly Ref[];
    readonly order: readonly number[];
    readonly length: number;
    readonly digests: Int32Array;
  },
): void {
  const { refs, order, length, digests } = group;
  for (let at = 0; at < order.length; at++) {
    arena.leaves.readValue(refs[order[at] ?? 0] ?? EMPTY, batch.input, at * length);
  }
  digestAll({ hasher, batch, length, count: order.length });
  for (let at = 0; at < order.length; at++) {
    copyDigest(batch.output.words, at * 8, digests, (order[at] ?? 0) * 8);
  }
}

/** Hashes the first `count` messages of the batch's input into its output. */
function digestAll(options: {
  readonly hasher: Hasher;
  readonly batch: Batch;
  readonly length: number;
  readonly count: number;
}): void {
  const { hasher, batch, length, count } = options;
  const messages = batch.input.bytes.subarray(0, count * length);
  const digests = batch.output.bytes.subarray(0, count * 32);
  if (length === 64) hasher.digestPairs({ pairs: messages, digests });
  else if (hasher.digestEach !== undefined) hasher.digestEach({ messages, length, digests });
  else {
    for (let at = 0; at < count; at++) {
      digests.set(hasher.digest(messages.subarray(at * length, (at + 1) * length)), at * 32);
    }
  }
}
