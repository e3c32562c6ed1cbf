import { tagDigest } from "@aethel/models";
import { type Arena, EMPTY, keyLengthOf, type Ref, valueLengthOf } from "./arena.ts";
import type { Hasher } from "./hasher.ts";

/** Nodes in one batch: few enough that what they are made of stays in the processor's cache. */
const BATCH = 1024;

/**
 * Gives every node below and at `root` its digest: the leaves, then the inner nodes, the deepest
 * level first. Nodes that have one are not entered: a digest implies those of all below.
 */
export function hashNodes(arena: Arena, root: Ref, hasher: Hasher): void {
  if (arena.isHashed(root)) return;
  const leaves: Ref[] = [];
  const levels: Ref[][] = [];
  collect({ arena, leaves, levels }, root, 0);
  const widest = levels.reduce((most, level) => Math.max(most, level.length), leaves.length);
  const batch = createBatch(Math.min(widest, BATCH));
  for (let from = 0; from < leaves.length; from += BATCH) {
    hashLeaves({ arena, hasher, batch, refs: leaves.slice(from, from + BATCH) });
  }
  for (const level of levels.reverse()) {
    for (let from = 0; from < level.length; from += BATCH) {
      hashInner({ arena, hasher, batch, refs: level }, from, Math.min(from + BATCH, level.length));
    }
  }
}

interface Found {
  readonly arena: Arena;
  readonly leaves: Ref[];
  readonly levels: Ref[][];
}

function collect(found: Found, ref: Ref, depth: number): void {
  const { arena, leaves, levels } = found;
  if (ref === EMPTY || arena.isHashed(ref)) return;
  if (ref < 0) {
    leaves.push(ref);
    return;
  }
  const level = levels[depth];
  if (level === undefined) levels[depth] = [ref];
  else level.push(ref);
  collect(found, arena.leftOf(ref), depth + 1);
  collect(found, arena.rightOf(ref), depth + 1);
}

/** Room for what is hashed at once, and for the digests; words and bytes of the same memory. */
interface Batch {
  readonly input: Int32Array<ArrayBuffer>;
  readonly output: Int32Array<ArrayBuffer>;
}

const createBatch = (size: number): Batch => ({
  input: new Int32Array(size * 24),
  output: new Int32Array(size * 8),
});

interface Work {
  readonly arena: Arena;
  readonly hasher: Hasher;
  readonly batch: Batch;
  readonly refs: readonly Ref[];
}

function hashInner({ arena, hasher, batch, refs }: Work, from: number, to: number): void {
  const { input, output } = batch;
  for (let at = from; at < to; at++) {
    const ref = refs[at] ?? EMPTY;
    const word = (at - from) * 16;
    arena.readDigest(arena.leftOf(ref), input, word);
    arena.readDigest(arena.rightOf(ref), input, word + 8);
  }
  digestAll({ hasher, batch, length: 64, count: to - from });
  for (let at = from; at < to; at++) {
    arena.writeDigest(refs[at] ?? EMPTY, output, (at - from) * 8);
  }
}

const TAG = new Int32Array(Uint8Array.from(tagDigest("tree-leaf")).buffer);

/** `sha256(tag | path | sha256(value))`; until then, the path is where the digest will be. */
function hashLeaves(work: Work): void {
  const { arena, hasher, batch, refs } = work;
  const values = digestValues(work);
  const { input, output } = batch;
  for (let at = 0; at < refs.length; at++) {
    copyDigest(TAG, 0, input, at * 24);
    arena.readDigest(refs[at] ?? EMPTY, input, at * 24 + 8);
    copyDigest(values, at * 8, input, at * 24 + 16);
  }
  digestAll({ hasher, batch, length: 96, count: refs.length });
  for (let at = 0; at < refs.length; at++) arena.writeDigest(refs[at] ?? EMPTY, output, at * 8);
}

/** The digests of the values, in the order of the leaves: values of one length are one batch. */
function digestValues(work: Work): Int32Array {
  const { arena, hasher, refs } = work;
  const digests = new Int32Array(refs.length * 8);
  const lengths = new Map<number, number[]>();
  for (let at = 0; at < refs.length; at++) {
    const length = valueLengthOf(arena.lengthsOf(refs[at] ?? EMPTY));
    const known = lengths.get(length);
    if (known === undefined) lengths.set(length, [at]);
    else known.push(at);
  }
  for (const [length, places] of lengths) {
    const isBatch = length === 64 || (length % 32 === 0 && hasher.digestEach !== undefined);
    if (isBatch && length * places.length <= work.batch.input.byteLength) {
      digestTogether(work, { length, places, digests });
    } else {
      const bytes = new Uint8Array(digests.buffer);
      for (const at of places) {
        const value = valueAt(arena, refs[at] ?? EMPTY);
        bytes.set(hasher.digest(value.bytes.subarray(value.at, value.at + length)), at * 32);
      }
    }
  }
  return digests;
}

function digestTogether(
  { arena, hasher, batch, refs }: Work,
  group: {
    readonly length: number;
    readonly places: readonly number[];
    readonly digests: Int32Array;
  },
): void {
  const { length, places, digests } = group;
  const input = new Uint8Array(batch.input.buffer);
  for (let place = 0; place < places.length; place++) {
    const { bytes, at } = valueAt(arena, refs[places[place] ?? 0] ?? EMPTY);
    const to = place * length;
    for (let byte = 0; byte < length; byte++) input[to + byte] = bytes[at + byte] ?? 0;
  }
  digestAll({ hasher, batch, length, count: places.length });
  for (let place = 0; place < places.length; place++) {
    copyDigest(batch.output, place * 8, digests, (places[place] ?? 0) * 8);
  }
}

function valueAt(arena: Arena, leaf: Ref): { readonly bytes: Uint8Array; readonly at: number } {
  const { bytes, at } = arena.bodyOf(leaf);
  return { bytes, at: at + keyLengthOf(arena.lengthsOf(leaf)) };
}

/** Digests the first `count` messages of the batch's input into its output. */
function digestAll(options: {
  readonly hasher: Hasher;
  readonly batch: Batch;
  readonly length: number;
  readonly count: number;
}): void {
  const { hasher, batch, length, count } = options;
  const messages = new Uint8Array(batch.input.buffer, 0, count * length);
  const digests = new Uint8Array(batch.output.buffer, 0, count * 32);
  if (length === 64) hasher.digestPairs({ pairs: messages, digests });
  else if (hasher.digestEach !== undefined) hasher.digestEach({ messages, length, digests });
  else {
    for (let at = 0; at < count; at++) {
      digests.set(hasher.digest(messages.subarray(at * length, (at + 1) * length)), at * 32);
    }
  }
}

function copyDigest(source: Int32Array, from: number, target: Int32Array, to: number): void {
  for (let word = 0; word < 8; word++) target[to + word] = source[from + word] ?? 0;
}
