import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { emptyTree, MerkleError, snapshotChunks, type Tree } from "../src/index.ts";
import { createTreeStore, type StoreImport, type TreeStore } from "../src/lmdb/index.ts";
import { coverLanes, freshLanes, type Lanes, missingIn } from "../src/lmdb/lanes.ts";
import { changeLists, flipBit, hex } from "./arbitraries.ts";
import { closeAll, environment, rawOf } from "./environment.ts";

afterEach(closeAll);

/** One step of an import: which missing range is asked for, of whom, and how large the answer is. */
const steps = fc.record({
  range: fc.nat(15),
  chunkBytes: fc.integer({ min: 1, max: 900 }),
  sender: fc.constantFrom("honest", "honest", "earlier", "liar", "other-tree", "behind", "again"),
  bit: fc.nat(),
  restarts: fc.constantFrom(false, false, true),
});
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

describe("an import into a store", () => {
  test("in any order, of any sizes, from liars and after restarts, is the import in order", () => {
    fc.assert(
      fc.property(changeLists, changeLists, fc.infiniteStream(steps), (changes, others, stream) => {
        const [tree, other] = [emptyTree.update(changes), emptyTree.update(others)];
        const { root } = environment();
        const store = createTreeStore(root);
        const wanted = { root: tree.root, version: 7 };
        let coming = store.receive(wanted);
        let [accepted, lies] = [0, 0];
        const sent: Uint8Array[] = [];
        while (coming.missing.length > 0) {
          const [step] = [...stream.take(1)];
          if (step === undefined) throw new Error("the stream ended");
          if (step.restarts) coming = createTreeStore(root).receive(wanted);
          // Lies are bounded here only to end the test.
          const sender = lies > 60 ? "honest" : step.sender;
          const chunk = answer({ ...step, sender }, { tree, other, coming, sent });
          if (chunk === undefined) continue;
          const before = [coming.missing, coming.index, pairsOf(root)];
          const refused = root.transactionSync(() => refusalOf(coming, chunk));
          if (refused !== undefined) {
            lies++;
            expect([coming.missing, coming.index, pairsOf(root)]).toEqual(before);
            expect(sender, refused).not.toBe("honest");
            continue;
          }
          expect(coming.missing).not.toEqual(before[0]);
          sent.push(chunk);
          accepted++;
        }
        expect(coming.index).toBe(accepted);
        // Each chunk brings an entry, or the end of a lane.
        expect(accepted).toBeLessThanOrEqual(tree.size + 16);
        const got = root.transactionSync(() => coming.finish());
        expect([...got.entries()]).toEqual([...tree.entries()]);
        expect(rowsOf(root, store)).toEqual(rowsInOrder(tree));
      }),
      { numRuns: 60 },
    );
  });
});

describe("the lanes of an import", () => {
  const paths = fc
    .record({
      head: fc.constantFrom(0x00, 0x01, 0x0f, 0x10, 0x11, 0x7f, 0x80, 0xf0, 0xff),
      tail: fc.constantFrom(0x00, 0x01, 0x80, 0xff),
      last: fc.constantFrom(0x00, 0x01, 0xfe, 0xff),
    })
    .map(({ head, tail, last }) => {
      const path = new Uint8Array(32).fill(tail);
      [path[0], path[31]] = [head, last];
      return path;
    });
  const spans = fc.tuple(paths, paths).map(([one, two]) => {
    const [from = one, to = two] = [one, two].toSorted((left, right) =>
      Buffer.compare(left, right),
    );
    return { from, to };
  });

  test("never count a path as covered that no accepted span covers", () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 40 }), fc.array(paths), (offered, asked) => {
        let lanes = freshLanes();
        const accepted: typeof offered = [];
        for (const span of offered) {
          const covered = coverLanes(lanes, span);
          if (typeof covered === "string") continue;
          const ends = missingIn(covered).flatMap(({ from, to }) => [hex(from), hex(to)]);
          expect(ends.length).toBeLessThanOrEqual(32);
          expect(ends).toEqual(ends.toSorted());
          lanes = covered;
          accepted.push(span);
        }
        for (const path of [...asked, ...offered.flatMap(({ from, to }) => [from, to])]) {
          const isKnown = accepted.some((span) => holds(span, path));
          if (!isMissing(lanes, path)) expect(isKnown, hex(path)).toBe(true);
        }
      }),
    );
  });

  test("accept each span that begins a missing range, and what is refused twice is not new", () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 20 }), fc.nat(15), paths, (offered, at, to) => {
        let lanes = freshLanes();
        for (const span of offered) {
          const covered = coverLanes(lanes, span);
          if (typeof covered === "string") {
            if (covered === "repeated") expect(isMissing(lanes, span.from)).toBe(false);
            continue;
          }
          lanes = covered;
          expect(typeof coverLanes(lanes, span)).toBe("string");
        }
        const range = missingIn(lanes)[at];
        if (range === undefined || Buffer.compare(range.from, to) > 0) return;
        expect(typeof coverLanes(lanes, { from: range.from, to })).toBe("object");
      }),
    );
  });

  test("are done after one span over all paths", () => {
    const [from, to] = [new Uint8Array(32), new Uint8Array(32).fill(0xff)];
    const done = coverLanes(freshLanes(), { from, to });
    expect(typeof done === "string" ? done : missingIn(done)).toEqual([]);
  });
});

interface World {
  readonly tree: Tree;
  readonly other: Tree;
  readonly coming: StoreImport;
  readonly sent: readonly Uint8Array[];
}

/** Chunk that a sender gives for a missing range. Undefined: it has nothing of that kind to give. */
function answer(step: Step, { tree, other, coming, sent }: World): Uint8Array | undefined {
  const { missing } = coming;
  const range = missing[step.range % missing.length];
  if (range === undefined) return undefined;
  const of = (source: Tree, from: Uint8Array): Uint8Array | undefined =>
    snapshotChunks(source, { from, chunkBytes: step.chunkBytes }).next().value ?? undefined;
  switch (step.sender) {
    case "honest":
      return of(tree, range.from);
    case "earlier":
      return of(tree, range.from.with(1, 0).with(0, range.from[0] ?? 0));
    case "behind":
      return of(tree, range.from.with(1, 0xff));
    case "other-tree":
      return hex(other.root) === hex(tree.root) ? undefined : of(other, range.from);
    case "again":
      return sent[step.bit % Math.max(1, sent.length)];
    case "liar": {
      const chunk = of(tree, range.from);
      return chunk === undefined ? undefined : flipBit(chunk, step.bit);
    }
  }
}

function refusalOf(coming: StoreImport, chunk: Uint8Array): string | undefined {
  try {
    coming.accept(chunk);
    return undefined;
  } catch (error) {
    if (error instanceof MerkleError && error.fault.code === "SNAPSHOT_CHUNK") {
      return error.fault.reason;
    }
    throw error;
  }
}

type Root = ReturnType<typeof environment>["root"];

function pairsOf(root: Root): number {
  return rawOf(root).getKeysCount({ start: Uint8Array.of(1), end: Uint8Array.of(3) });
}

/** All records of a store's entries, without the byte that tells the slot. */
function rowsOf(root: Root, store: TreeStore): readonly string[] {
  expect(store.head()?.version).toBe(7);
  const range = { start: Uint8Array.of(1), end: Uint8Array.of(3) };
  return [...rawOf(root).getRange(range)].map(
    ({ key, value }) => `${hex(key.slice(1))}${hex(value)}`,
  );
}

function rowsInOrder(tree: Tree): readonly string[] {
  const { root } = environment();
  const store = createTreeStore(root);
  const coming = store.receive({ root: tree.root, version: 7 });
  root.transactionSync(() => {
    for (const chunk of snapshotChunks(tree)) coming.accept(chunk);
    coming.finish();
  });
  return rowsOf(root, store);
}

function holds({ from, to }: { from: Uint8Array; to: Uint8Array }, path: Uint8Array): boolean {
  return Buffer.compare(from, path) <= 0 && Buffer.compare(path, to) <= 0;
}

function isMissing(lanes: Lanes, path: Uint8Array): boolean {
  return missingIn(lanes).some((span) => holds(span, path));
}
