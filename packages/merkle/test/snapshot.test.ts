import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CHUNK_LENGTH_MAX,
  createSnapshotImport,
  createTree,
  emptyTree,
  importSnapshot,
  MerkleError,
  nobleHasher,
  type SnapshotRejection,
  snapshotChunks,
  snapshotStream,
  type Tree,
  verifyChunk,
} from "../src/index.ts";
import { proveRange } from "../src/proofs/index.ts";
import { decodeChunk, encodeChunk } from "../src/snapshots/snapshot-chunk.ts";
import { changeLists, flipBit } from "./arbitraries.ts";

const tree = treeOf(300, "value");
const root = tree.root;
const chunks = [...snapshotChunks(tree, { chunkBytes: 500 })];
const other = [...snapshotChunks(treeOf(300, "other"), { chunkBytes: 500 })];

describe("a snapshot", () => {
  test("goes out in chunks of about the size asked for, and comes in as the same tree", async () => {
    expect(chunks.length).toBeGreaterThan(5);
    for (const chunk of chunks) expect(chunk.length).toBeLessThan(500 + 40 * 32);
    const imported = await importSnapshot({
      root,
      source: snapshotStream(tree, { chunkBytes: 500 }),
    });
    expect(imported.root).toEqual(root);
    expect([...imported.entries()]).toEqual([...tree.entries()]);
  });

  test("of any tree comes in with its root, in any size of chunks and in any pieces of bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        changeLists,
        fc.nat(400),
        fc.integer({ min: 1, max: 70 }),
        async (changes, chunkBytes, piece) => {
          const whole = emptyTree.update(changes);
          const bytes = join(...snapshotStream(whole, { chunkBytes }));
          const imported = await importSnapshot({ root: whole.root, source: pieces(bytes, piece) });
          expect(imported.root).toEqual(whole.root);
          expect(imported.size).toBe(whole.size);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("of the empty tree is one chunk without an entry", async () => {
    expect([...snapshotChunks(emptyTree)]).toHaveLength(1);
    const imported = await importSnapshot({
      root: emptyTree.root,
      source: snapshotStream(emptyTree),
    });
    expect(imported.size).toBe(0);
  });

  test("is read from a version that others were made from meanwhile", async () => {
    const source = snapshotStream(tree, { chunkBytes: 500 });
    async function* slowly(): AsyncIterableIterator<Uint8Array> {
      let next = tree;
      for (const bytes of source) {
        next = next.update([{ key: bytes.slice(0, 4), value: Uint8Array.of(1) }]);
        await Promise.resolve();
        yield bytes;
      }
    }
    expect((await importSnapshot({ root, source: slowly() })).root).toEqual(root);
  });

  test("each chunk is checked alone, without those before it", () => {
    for (const [index, bytes] of chunks.entries()) {
      const chunk = verifyChunk({ root, bytes, index });
      expect(proveRange(tree, chunk).entries).toEqual(chunk.proof.entries);
    }
  });

  test("goes on at any chunk, from another sender, in another size of chunks", () => {
    for (let stop = 0; stop <= chunks.length; stop++) {
      const coming = createSnapshotImport({ root });
      for (const chunk of chunks.slice(0, stop)) coming.accept(chunk);
      expect(coming.index).toBe(stop);
      expect(coming.tree === undefined).toBe(stop < chunks.length);
      const { next } = coming;
      if (next !== undefined) {
        for (const chunk of snapshotChunks(tree, { from: next, chunkBytes: 900 })) {
          coming.accept(chunk);
        }
      }
      expect(coming.tree?.root).toEqual(root);
    }
  });

  test("one value of 1 MiB after the other still fits in chunks", async () => {
    const big = emptyTree.update(
      Array.from({ length: 4 }, (_, at) => ({
        key: Uint8Array.of(at),
        value: new Uint8Array(1_048_576).fill(at),
      })),
    );
    const sent = [...snapshotChunks(big, { chunkBytes: 1e9 })];
    expect(sent.length).toBe(2);
    for (const chunk of sent) expect(chunk.length).toBeLessThan(CHUNK_LENGTH_MAX);
    expect((await importSnapshot({ root: big.root, source: snapshotStream(big) })).size).toBe(4);
  });
});

describe("B17: a snapshot that is not the tree of the root is found at once, and named", () => {
  const wrong: Readonly<Record<string, Wrong>> = {
    "a missing chunk": { stream: without(3), index: 3, reason: "missing" },
    "the first one missing": { stream: without(0), index: 0, reason: "missing" },
    "a repeated chunk": {
      stream: chunks.toSpliced(4, 0, at(chunks, 3)),
      index: 4,
      reason: "repeated",
    },
    "two chunks in the other order": {
      stream: chunks.with(2, at(chunks, 3)).with(3, at(chunks, 2)),
      index: 2,
      reason: "missing",
    },
    "a chunk of another tree": { stream: chunks.with(5, at(other, 5)), index: 5, reason: "proof" },
    "a chunk of another tree, of another place": {
      stream: chunks.with(5, at(other, 7)),
      index: 5,
      reason: "proof",
    },
    "all of another tree": { stream: other, index: 0, reason: "proof" },
    "a chunk cut short": {
      stream: chunks.with(1, at(chunks, 1).slice(0, -1)),
      index: 1,
      reason: "decode",
    },
    "a chunk with a byte too many": {
      stream: chunks.with(1, join(at(chunks, 1), Uint8Array.of(0))),
      index: 1,
      reason: "decode",
    },
    "a chunk of another format": {
      stream: chunks.with(1, at(chunks, 1).with(0, 2)),
      index: 1,
      reason: "decode",
    },
    "a chunk that is too long": {
      stream: chunks.with(1, new Uint8Array(CHUNK_LENGTH_MAX + 1)),
      index: 1,
      reason: "length",
    },
    "something after the last chunk": {
      stream: [...chunks, at(chunks, 0)],
      index: chunks.length,
      reason: "after-end",
    },
    "a chunk without an entry": { stream: [emptyRange()], index: 0, reason: "bounds" },
    "a chunk that claims more than it ends with": {
      stream: [longRange()],
      index: 0,
      reason: "bounds",
    },
    "the end before the tree's": {
      stream: chunks.slice(0, -1),
      index: chunks.length - 1,
      reason: "truncated",
    },
    "nothing at all": { stream: [], index: 0, reason: "truncated" },
  };

  for (const [name, { stream, index, reason }] of Object.entries(wrong)) {
    test(name, async () => {
      const source = stream.flatMap((chunk) => [lengthOf(chunk), chunk]);
      const fault = await rejectionOf(importSnapshot({ root, source }));
      expect(fault).toMatchObject({ code: "SNAPSHOT_CHUNK", index, reason });
    });
  }

  test("the stream cut anywhere", async () => {
    const bytes = join(...snapshotStream(tree, { chunkBytes: 6000 }));
    for (let length = 0; length < bytes.length; length += 97) {
      const source = pieces(bytes.slice(0, length), 1000);
      const fault = await rejectionOf(importSnapshot({ root, source }));
      expect(fault).toMatchObject({ code: "SNAPSHOT_CHUNK", reason: "truncated" });
    }
  });

  test("some bytes after the last chunk", async () => {
    const source = [...snapshotStream(tree, { chunkBytes: 500 }), Uint8Array.of(0, 0)];
    const fault = await rejectionOf(importSnapshot({ root, source }));
    expect(fault).toMatchObject({ index: chunks.length, reason: "truncated" });
  });

  test("any bit of any chunk turned, or of the stream", async () => {
    const small = emptyTree.update(
      Array.from({ length: 6 }, (_, index) => ({
        key: Uint8Array.of(index),
        value: Uint8Array.of(9),
      })),
    );
    const sent = [...snapshotChunks(small, { chunkBytes: 4 })];
    expect(sent.length).toBeGreaterThan(1);
    let next: Uint8Array | undefined = new Uint8Array(32);
    for (const [index, chunk] of sent.entries()) {
      for (let bit = 0; bit < chunk.length * 8; bit++) {
        const coming = createSnapshotImport({ root: small.root });
        for (const good of sent.slice(0, index)) coming.accept(good);
        const fault = faultOf(() => coming.accept(flipBit(chunk, bit)));
        expect(fault).toMatchObject({ code: "SNAPSHOT_CHUNK", index });
        expect(coming.next).toEqual(next);
        coming.accept(chunk);
        if (bit + 1 === chunk.length * 8) next = coming.next;
      }
    }
    const stream = join(...snapshotStream(small, { chunkBytes: 4 }));
    for (let bit = 0; bit < stream.length * 8; bit += 7) {
      const source = [flipBit(stream, bit)];
      const fault = await rejectionOf(importSnapshot({ root: small.root, source }));
      expect(fault).toMatchObject({ code: "SNAPSHOT_CHUNK" });
    }
  });

  test("what is refused changes nothing: the right chunk is taken afterwards", () => {
    const coming = createSnapshotImport({ root });
    for (const [index, chunk] of chunks.entries()) {
      const { next } = coming;
      expect(faultOf(() => coming.accept(at(other, index % other.length))).code).toBe(
        "SNAPSHOT_CHUNK",
      );
      expect(coming.next).toEqual(next);
      expect(coming.index).toBe(index);
      coming.accept(chunk);
    }
    expect(coming.tree?.root).toEqual(root);
  });

  test("a chunk whose outline calls what came before its own, though the digests are right", () => {
    const coming = createSnapshotImport({ root });
    let refused = 0;
    for (const [index, bytes] of chunks.entries()) {
      const chunk = decodeChunk(bytes);
      const { outline } = chunk.proof;
      for (const [place, node] of outline.entries()) {
        const [left, right] = outline.slice(place + 1, place + 3);
        if (node.type !== "inner" || right?.type !== "inside") continue;
        if (left?.type !== "other-leaf" && left?.type !== "hidden") continue;
        const proof = { ...chunk.proof, outline: outline.toSpliced(place, 3, right) };
        const fault = faultOf(() => coming.accept(encodeChunk({ ...chunk, proof })));
        expect(fault).toMatchObject({ code: "SNAPSHOT_CHUNK", index, reason: "proof" });
        refused++;
      }
      coming.accept(bytes);
    }
    expect(refused).toBeGreaterThan(2);
  });

  test("the wrong chunk is found before the next one is asked for", async () => {
    let asked = 0;
    function* counted(): IterableIterator<Uint8Array> {
      for (const chunk of chunks.with(2, at(other, 2))) {
        asked++;
        yield join(lengthOf(chunk), chunk);
      }
    }
    await rejectionOf(importSnapshot({ root, source: counted() }));
    expect(asked).toBe(3);
  });

  test("another hasher's tree with the same root is no way around it", async () => {
    const imported = await importSnapshot({
      root,
      source: snapshotStream(createTree({ hasher: { ...nobleHasher } }).update(tree.entries())),
    });
    expect(imported.root).toEqual(root);
  });
});

interface Wrong {
  readonly stream: readonly Uint8Array[];
  readonly index: number;
  readonly reason: SnapshotRejection;
}

function treeOf(count: number, text: string): Tree {
  return emptyTree.update(
    Array.from({ length: count }, (_, index) => ({
      key: new TextEncoder().encode(`key ${index}`),
      value: new TextEncoder().encode(`${text} ${index}`),
    })),
  );
}

/** True, but it proves only that nothing is there: a sender of these would never come to an end. */
function emptyRange(): Uint8Array {
  const from = new Uint8Array(32);
  return encodeChunk({ from, to: from, proof: proveRange(tree, { from, to: from }) });
}

/** True, but it ends at a place of the sender's choice. */
function longRange(): Uint8Array {
  const [from, to] = [new Uint8Array(32), new Uint8Array(32).fill(0x7f)];
  return encodeChunk({ from, to, proof: proveRange(tree, { from, to }) });
}

function without(index: number): readonly Uint8Array[] {
  return chunks.toSpliced(index, 1);
}

function at(list: readonly Uint8Array[], index: number): Uint8Array {
  return list[index] ?? new Uint8Array();
}

function lengthOf(chunk: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, chunk.length);
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function* pieces(bytes: Uint8Array, size: number): IterableIterator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.slice(from, from + size);
}

async function rejectionOf(action: Promise<unknown>): Promise<MerkleError["fault"]> {
  try {
    await action;
  } catch (error) {
    if (error instanceof MerkleError) return error.fault;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function faultOf(action: () => void): MerkleError["fault"] {
  try {
    action();
  } catch (error) {
    if (error instanceof MerkleError) return error.fault;
    throw error;
  }
  throw new Error("nothing was thrown");
}
