import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, test } from "vitest";
import {
  type Change,
  emptyTree,
  snapshotChunks,
  snapshotStream,
  type Tree,
  takeAll,
} from "../src/index.ts";
import { createTreeStore, type TreeStore } from "../src/lmdb/index.ts";
import { decodeChunk } from "../src/snapshots/snapshot-chunk.ts";
import { faultOf, utf8 } from "./arbitraries.ts";
import { closeAll, environment, expectDamaged, rawOf, reopen } from "./environment.ts";

afterEach(closeAll);

const far = treeOf(200, "far");
const chunks = [...snapshotChunks(far, { chunkBytes: 400 })];
const wanted = { root: far.root, version: 50 };

describe("an import into a store", () => {
  test("leaves the stored tree what it is until `finish`, then is the stored tree", async () => {
    const { root, store, near } = filled();
    const coming = store.receive(wanted);
    for (const [index, chunk] of chunks.entries()) {
      expect(store.load()?.root).toEqual(near.root);
      expect(coming.index).toBe(index);
      root.transactionSync(() => coming.accept(chunk));
    }
    expect([coming.next, coming.missing]).toEqual([undefined, []]);
    expect(store.load()?.root).toEqual(near.root);
    await coming.check();
    expect(store.load()?.root).toEqual(near.root);
    expect(root.transactionSync(() => coming.finish()).root).toEqual(far.root);
    expect([coming.next, coming.missing]).toEqual([undefined, []]);
    expect(store.verify()).toEqual({ ...wanted, size: 200, versions: [50] });
    expect([...(store.load()?.tree.entries() ?? [])]).toEqual([...far.entries()]);
    // It goes on from there like from any version.
    const changes = [set("more", "1")];
    const next = far.update(changes);
    root.transactionSync(() => store.write({ changes, version: 51, root: next.root }));
    expect(store.verify()?.versions).toEqual([51, 50]);
    expect(coming.next).toBeUndefined();
  });

  test("into a new store, and a second one over the first, leave only their own", () => {
    const { root } = environment();
    const store = createTreeStore(root);
    expect(store.load()).toBeUndefined();
    for (const version of [1, 2, 3]) {
      const tree = treeOf(30 * version, `${version}`);
      const coming = store.receive({ root: tree.root, version });
      for (const chunk of snapshotChunks(tree, { chunkBytes: 300 })) {
        root.transactionSync(() => coming.accept(chunk));
        if (version === 1) expect(store.load()).toBeUndefined();
      }
      root.transactionSync(() => coming.finish());
      expect(store.verify()).toEqual({
        version,
        root: tree.root,
        size: 30 * version,
        versions: [version],
      });
    }
    expect(pairsIn(store, root)).toEqual([90, 60]);
    store.reclaim();
    expect(pairsIn(store, root)).toEqual([90]);
    expect(store.verify()?.size).toBe(90);
  });

  test("goes on at any chunk after the process ended, in another size of chunks", async () => {
    for (let stop = 0; stop < chunks.length; stop += 3) {
      const { path, root, near } = filled();
      const coming = createTreeStore(root).receive(wanted);
      for (const chunk of chunks.slice(0, stop)) root.transactionSync(() => coming.accept(chunk));
      await root.close();

      const again = reopen(path);
      const store = createTreeStore(again);
      expect(store.load()?.root).toEqual(near.root);
      const resumed = store.receive(wanted);
      expect(resumed.index).toBe(stop);
      const from = resumed.next;
      if (from === undefined) throw new Error("there is more to come");
      for (const chunk of snapshotChunks(far, { from, chunkBytes: 777 })) {
        again.transactionSync(() => resumed.accept(chunk));
      }
      again.transactionSync(() => resumed.finish());
      expect(store.verify()).toEqual({ ...wanted, size: 200, versions: [50] });
    }
  });

  test("takes a stream, each chunk in a transaction of its own", async () => {
    const { root, store } = filled();
    const coming = store.receive(wanted);
    await takeAll(snapshotStream(far), {
      get index() {
        return coming.index;
      },
      get next() {
        return coming.next;
      },
      accept: (chunk) => root.transactionSync(() => coming.accept(chunk)),
    });
    root.transactionSync(() => coming.finish());
    expect(store.verify()?.root).toEqual(far.root);
  });

  test("is undone with the transaction of the caller, the end too", () => {
    const { root, store, near } = filled();
    const coming = store.receive(wanted);
    for (const chunk of chunks) {
      const { index, next } = coming;
      const fail = (): void => {
        coming.accept(chunk);
        throw new Error("the header could not be written");
      };
      expect(() => root.transactionSync(fail)).toThrow("the header");
      expect([coming.index, coming.next]).toEqual([index, next]);
      expect(store.load()?.root).toEqual(near.root);
      root.transactionSync(() => coming.accept(chunk));
    }
    const fail = (): void => {
      coming.finish();
      throw new Error("the header could not be written");
    };
    expect(() => root.transactionSync(fail)).toThrow("the header");
    expect(store.load()?.root).toEqual(near.root);
    root.transactionSync(() => coming.finish());
    expect(store.load()?.root).toEqual(far.root);
  });

  test("of another tree, or another version, begins anew, and nothing of the first is left", () => {
    const { root, store } = filled();
    const first = store.receive(wanted);
    for (const chunk of chunks.slice(0, 4)) root.transactionSync(() => first.accept(chunk));
    const small = treeOf(3, "small");
    const second = store.receive({ root: small.root, version: 60 });
    expect([second.index, second.next]).toEqual([0, new Uint8Array(32)]);
    const [chunk = new Uint8Array()] = snapshotChunks(small);
    expectDamaged(() => root.transactionSync(() => first.accept(chunks[4] ?? chunk)));
    root.transactionSync(() => {
      second.accept(chunk);
      second.finish();
    });
    expect(store.verify()).toEqual({ version: 60, root: small.root, size: 3, versions: [60] });
  });

  test("holds one chunk, not the tree: memory does not grow with what came in", async () => {
    const large = emptyTree.update(
      Array.from({ length: 40_000 }, (_, at) => ({
        key: utf8(`key ${at}`),
        value: new Uint8Array(400).fill(at),
      })),
    );
    const { root, store } = filled();
    const coming = store.receive({ root: large.root, version: 3 });
    let [taken, before] = [0, 0];
    for (const chunk of snapshotChunks(large, { chunkBytes: 200_000 })) {
      root.transactionSync(() => coming.accept(chunk));
      taken += chunk.length;
      if (coming.index === 10) before = await used();
    }
    expect(taken).toBeGreaterThan(16_000_000);
    // A tenth of what came in since; a tree of it would take more than all of it.
    expect((await used()) - before).toBeLessThan(1_600_000);
    root.transactionSync(() => coming.finish());
    expect(store.head()?.root).toEqual(large.root);
  });

  test("ends the older versions, whose undo records it does not have", () => {
    const { root, store } = filled();
    expect(store.versions()).toEqual([2, 1]);
    const coming = store.receive(wanted);
    for (const chunk of chunks) root.transactionSync(() => coming.accept(chunk));
    root.transactionSync(() => coming.finish());
    expect(store.versions()).toEqual([50]);
    expect(store.load({ version: 2 })).toBeUndefined();
  });
});

describe("B17: an import into a store", () => {
  test("refuses what does not belong to the root, names it, writes nothing, and goes on", () => {
    const { root, store, near } = filled();
    const coming = store.receive(wanted);
    const foreign = [...snapshotChunks(treeOf(200, "evil"), { chunkBytes: 400 })];
    for (const [index, chunk] of chunks.entries()) {
      for (const [bad, reason] of [
        [foreign[index % foreign.length], "proof"],
        [isWithinLane(index + 1) ? chunks[index + 1] : undefined, "missing"],
        [chunks[index - 1], "repeated"],
        [chunk.slice(0, -1), "decode"],
      ] as const) {
        if (bad === undefined) continue;
        // The caller catches it and commits what else it wrote.
        root.transactionSync(() => {
          const fault = faultOf(() => coming.accept(bad));
          expect(fault).toMatchObject({ code: "SNAPSHOT_CHUNK", index, reason });
        });
        expect(coming.index).toBe(index);
      }
      root.transactionSync(() => coming.accept(chunk));
    }
    root.transactionSync(() => coming.finish());
    expect(store.load()?.root).toEqual(far.root);
    expect(near.root).not.toEqual(far.root);
    root.transactionSync(() => {
      const fault = faultOf(() => coming.accept(chunks[0] ?? new Uint8Array()));
      expect(fault.code).toBe("STORE_VERSION");
    });
  });

  test("of a version that is not above the stored one is refused, at the end too", () => {
    const { root, store, near } = filled();
    for (const version of [2, 1, -1, 2.5, Number.NaN]) {
      const fault = faultOf(() => store.receive({ root: far.root, version }));
      expect(fault).toEqual({ code: "STORE_VERSION", store: "tree", stored: 2, offered: version });
    }
    const coming = store.receive({ root: far.root, version: 3 });
    for (const chunk of chunks) root.transactionSync(() => coming.accept(chunk));
    // Meanwhile the store went on by blocks.
    root.transactionSync(() => store.write({ changes: [], version: 3, root: near.root }));
    const last = (): unknown => coming.accept(chunks.at(-1) ?? new Uint8Array());
    expect(faultOf(() => root.transactionSync(last)).code).toBe("STORE_VERSION");
    expect(faultOf(() => root.transactionSync(() => coming.finish())).code).toBe("STORE_VERSION");
    expect(store.verify()).toMatchObject({ version: 3, root: near.root, versions: [3, 2, 1] });
    expect(pairsIn(store, root)).toHaveLength(2);
    store.reclaim();
    expect(pairsIn(store, root)).toEqual([near.size]);
    expect(store.verify()).toMatchObject({ version: 3, root: near.root, versions: [3, 2, 1] });
  });

  test("outside of a transaction is refused: it could not be atomic", () => {
    const { store } = filled();
    const coming = store.receive(wanted);
    const refused = { code: "STORE_TRANSACTION", store: "tree" };
    expect(faultOf(() => coming.accept(chunks[0] ?? new Uint8Array()))).toEqual(refused);
    expect(faultOf(() => coming.finish())).toEqual(refused);
  });

  test("does not end while entries are missing", async () => {
    const { root, store, near } = filled();
    const coming = store.receive(wanted);
    for (const chunk of chunks.slice(0, -1)) root.transactionSync(() => coming.accept(chunk));
    const refused = { code: "STORE_INCOMPLETE", store: "tree", missing: coming.missing.length };
    expect(coming.missing.length).toBeGreaterThan(0);
    await expect(coming.check()).rejects.toMatchObject({ fault: refused });
    expect(faultOf(() => root.transactionSync(() => coming.finish()))).toEqual(refused);
    expect(store.load()?.root).toEqual(near.root);
  });

  test("whose records were damaged between two chunks never becomes a wrong tree", async () => {
    const raw = (root: Parameters<typeof rawOf>[0]) => rawOf(root);
    const { root, store, near } = filled();
    const coming = store.receive(wanted);
    for (const chunk of chunks.slice(0, 3)) root.transactionSync(() => coming.accept(chunk));
    const staged = new Uint8Array(raw(root).get(Uint8Array.of(4)) ?? []);
    for (let bit = 0; bit < staged.length * 8; bit++) {
      const at = bit >>> 3;
      raw(root).putSync(Uint8Array.of(4), staged.with(at, (staged[at] ?? 0) ^ (1 << (bit & 7))));
      expectDamaged(() => coming.index);
      expectDamaged(() => root.transactionSync(() => coming.accept(chunks[3] ?? staged)));
    }
    raw(root).putSync(Uint8Array.of(4), staged);
    // A pair that was taken is lost: the root says so, and the import begins anew.
    const [key = staged] = raw(root).getKeys({
      start: Uint8Array.of(2),
      end: Uint8Array.of(3),
      limit: 1,
    });
    raw(root).removeSync(key);
    for (const chunk of chunks.slice(3)) root.transactionSync(() => coming.accept(chunk));
    await expect(coming.check()).rejects.toMatchObject({ fault: { code: "STORE_DAMAGED" } });
    expectDamaged(() => root.transactionSync(() => coming.finish()));
    expect(store.load()?.root).toEqual(near.root);
    const again = store.receive(wanted);
    expect([again.index, again.missing.length]).toEqual([0, 16]);
    for (const chunk of chunks) root.transactionSync(() => again.accept(chunk));
    root.transactionSync(() => again.finish());
    expect(store.verify()).toEqual({ ...wanted, size: 200, versions: [50] });
  });

  test("without a head beside it is an import into a new store only if nothing else is there", () => {
    const { root, store } = filled();
    const coming = store.receive(wanted);
    root.transactionSync(() => coming.accept(chunks[0] ?? new Uint8Array()));
    rawOf(root).removeSync(Uint8Array.of(0));
    expectDamaged(store.load);
  });
});

/** Whether a chunk begins in the sixteenth of the paths in which the chunk before it does. */
function isWithinLane(index: number): boolean {
  const [before, at] = [chunks[index - 1], chunks[index]];
  return at !== undefined && before !== undefined && laneOf(before) === laneOf(at);
}

function laneOf(chunk: Uint8Array): number {
  return (decodeChunk(chunk).from[0] ?? 0) >>> 4;
}

function set(key: string, value: string): Change {
  return { key: utf8(key), value: utf8(value) };
}

function treeOf(count: number, text: string): Tree {
  return emptyTree.update(
    Array.from({ length: count }, (_, at) => set(`key ${at}`, `${text} ${at}`)),
  );
}

/** A store that keeps all versions, and holds 1 and 2. */
function filled(): ReturnType<typeof environment> & {
  readonly store: TreeStore;
  readonly near: Tree;
} {
  const { path, root } = environment();
  const store = createTreeStore(root, { keep: 10 });
  let near = emptyTree;
  for (const version of [1, 2]) {
    const changes = Array.from({ length: 20 }, (_, at) => set(`key ${at * version}`, "near"));
    near = near.update(changes);
    root.transactionSync(() => store.write({ changes, version, root: near.root }));
  }
  return { path, root, store, near };
}

/** Numbers of pairs in the slots that are not empty, the largest first. */
function pairsIn(store: TreeStore, root: Parameters<typeof rawOf>[0]): readonly number[] {
  expect(store.head()).toBeDefined();
  const counts = [1, 2].map((kind) =>
    rawOf(root).getKeysCount({ start: Uint8Array.of(kind), end: Uint8Array.of(kind + 1) }),
  );
  return counts.filter((count) => count > 0).sort((left, right) => right - left);
}

/** Bytes that are in use, in the heap and outside of it. */
async function used(): Promise<number> {
  // What weak references hold, they hold to the end of the turn.
  await new Promise(setImmediate);
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("no collector");
  for (let round = 0; round < 3; round++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
