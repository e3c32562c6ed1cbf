import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type Change, emptyTree, type Tree } from "../src/index.ts";
import { createTreeStore, type TreeStore } from "../src/lmdb/index.ts";
import { changeLists, faultOf, utf8 } from "./arbitraries.ts";
import { closeAll, environment, expectDamaged, type Raw, rawOf, reopen } from "./environment.ts";

afterEach(closeAll);

describe("older versions", () => {
  test("stay readable, as many as are kept, with gaps between their numbers, after a restart too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(changeLists, fc.integer({ min: 1, max: 3 })), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.integer({ min: 1, max: 4 }),
        async (batches, keep) => {
          const { path, root } = environment();
          const store = createTreeStore(root, { keep });
          const trees = new Map<number, Tree>();
          let [tree, version] = [emptyTree, 0];
          for (const [changes, step] of batches) {
            tree = tree.update(changes);
            version += step;
            trees.set(version, tree);
            root.transactionSync(() => store.write({ changes, version, root: tree.root }));
          }
          await root.close();

          const again = createTreeStore(reopen(path), { keep });
          const kept = [...trees.keys()].reverse().slice(0, keep);
          expect(again.versions()).toEqual(kept);
          expect(again.verify()?.versions).toEqual(kept);
          for (let wanted = -1; wanted <= version + 1; wanted++) {
            const loaded = again.load({ version: wanted });
            const expected = kept.includes(wanted) ? trees.get(wanted) : undefined;
            expect(loaded?.root).toEqual(expected?.root);
            expect(loaded?.version).toBe(expected === undefined ? undefined : wanted);
            expect([...(loaded?.tree.entries() ?? [])]).toEqual([...(expected?.entries() ?? [])]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test("of one key that changes twice in a batch come back as they were", () => {
    const { root } = environment();
    const store = createTreeStore(root, { keep: 2 });
    const before = emptyTree.update([set("a", "1")]);
    write({ root, store }, [set("a", "1")], 1, before);
    const changes = [
      set("a", "2"),
      set("b", "2"),
      set("a", "3"),
      { key: utf8("b"), value: undefined },
    ];
    write({ root, store }, changes, 2, before.update(changes));
    expect(store.load({ version: 1 })?.tree.root).toEqual(before.root);
    expect(store.load({ version: 2 })?.tree.get(utf8("a"))).toEqual(utf8("3"));
  });

  test("are pruned in the transaction of the caller, and come back when it fails", () => {
    const { root, store, trees } = filled();
    const fail = (): void => {
      store.prune({ keep: 2 });
      expect(store.versions()).toEqual([5, 4]);
      throw new Error("something else could not be written");
    };
    expect(() => root.transactionSync(fail)).toThrow("something else");
    expect(store.verify()?.versions).toEqual([5, 4, 3, 2, 1]);
    root.transactionSync(() => store.prune({ keep: 3 }));
    expect(store.verify()?.versions).toEqual([5, 4, 3]);
    expect(store.load({ version: 2 })).toBeUndefined();
    expect(store.load({ version: 3 })?.root).toEqual(trees[3]?.root);
    root.transactionSync(() => store.prune({ keep: 9 }));
    expect(store.verify()?.versions).toEqual([5, 4, 3]);
    root.transactionSync(() => store.prune({ keep: 1 }));
    expect(store.verify()?.versions).toEqual([5]);
    expect([...rawOf(root).getKeys({ start: Uint8Array.of(3), end: Uint8Array.of(4) })]).toEqual(
      [],
    );
  });

  test("are not pruned outside of a transaction, nor is the newest ever", () => {
    const { root, store } = filled();
    expect(faultOf(() => store.prune({ keep: 2 }))).toEqual({
      code: "STORE_TRANSACTION",
      store: "tree",
    });
    for (const keep of [0, -1, 1.5, Number.NaN]) {
      expect(() => root.transactionSync(() => store.prune({ keep }))).toThrow("one version");
      expect(() => createTreeStore(root, { keep })).toThrow("one version");
    }
    const empty = createTreeStore(environment().root);
    expect(empty.versions()).toEqual([]);
  });

  test("end where a store that keeps one goes on writing", () => {
    const { root, trees } = filled();
    const single = createTreeStore(root);
    write(
      { root, store: single },
      [set("z", "z")],
      6,
      (trees[5] ?? emptyTree).update([set("z", "z")]),
    );
    expect(single.verify()?.versions).toEqual([6]);
    expect(single.load({ version: 5 })).toBeUndefined();
  });
});

describe("B7: damage to what leads back is refused with what to do", () => {
  const undo = (version: number): Uint8Array => Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, version);
  const damages: Readonly<Record<string, (raw: Raw) => unknown>> = {
    "a lost record": (raw) => raw.removeSync(undo(3)),
    "the oldest record lost": (raw) => raw.removeSync(undo(1)),
    "the newest record lost": (raw) => raw.removeSync(undo(4)),
    "a record in place of another": (raw) => raw.putSync(undo(3), raw.get(undo(2)) ?? undo(2)),
    "a record too many": (raw) => raw.putSync(undo(0), raw.get(undo(1)) ?? undo(1)),
    "a key that is no version's": (raw) => raw.putSync(Uint8Array.of(3, 1), undo(1)),
    "no bytes in a record": (raw) => raw.putSync(undo(2), new Uint8Array()),
  };

  for (const [name, damage] of Object.entries(damages)) {
    test(name, () => {
      const { root, store } = filled();
      damage(rawOf(root));
      expectDamaged(store.verify);
      // Versions that do not need the record stay readable.
      expect(store.load()?.version).toBe(5);
    });
  }

  test("a root that did not belong to its changes is found when that version is loaded", () => {
    const { root, store, trees } = filled({ count: 2 });
    const [before, middle, last] = [trees[2] ?? emptyTree, set("a", "2"), set("a", "3")];
    const after = before.update([last]);
    root.transactionSync(() => store.write({ changes: [middle], version: 3, root: before.root }));
    write({ root, store }, [last], 4, after);
    expect(store.load()?.root).toEqual(after.root);
    expectDamaged(() => store.load({ version: 3 }));
    expectDamaged(store.verify);
    expect(store.load({ version: 2 })?.tree.root).toEqual(before.root);
  });

  test("any bit turned, any cut, at every offset of every record: refused, or the content is right", () => {
    const { root, store, trees } = filled({ count: 3 });
    const raw = rawOf(root);
    const records = [...raw.getRange({})].map(({ key, value }) => ({
      key: new Uint8Array(key),
      value: new Uint8Array(value),
    }));
    expect(records.length).toBeGreaterThan(5);
    let refused = 0;
    for (const { key, value } of records) {
      const broken = [
        ...Array.from(value, (byte, at) => value.with(at, byte ^ (1 << (at & 7)))),
        ...Array.from(value, (byte, at) => value.with(at, byte ^ 0xff)),
        ...Array.from(value, (_, at) => value.slice(0, at)),
        new Uint8Array([...value, 0]),
      ];
      for (const bytes of broken) {
        raw.putSync(key, bytes);
        if (!isClean(store, trees)) refused++;
      }
      raw.putSync(key, value);
      for (let bit = 0; bit < key.length * 8; bit++) {
        const moved = key.with(bit >>> 3, (key[bit >>> 3] ?? 0) ^ (1 << (bit & 7)));
        const there = raw.get(moved);
        raw.removeSync(key);
        raw.putSync(moved, value);
        if (!isClean(store, trees)) refused++;
        if (there === undefined) raw.removeSync(moved);
        else raw.putSync(moved, new Uint8Array(there));
        raw.putSync(key, value);
      }
    }
    expect(refused).toBeGreaterThan(1000);
    expect(store.verify()?.versions).toEqual([3, 2, 1]);
  });
});

interface Filled {
  readonly root: ReturnType<typeof environment>["root"];
  readonly store: TreeStore;
}

const set = (key: string, value: string): Change => ({ key: utf8(key), value: utf8(value) });

function write(
  { root, store }: Filled,
  changes: readonly Change[],
  version: number,
  tree: Tree,
): void {
  root.transactionSync(() => store.write({ changes, version, root: tree.root }));
}

/** A store with versions 1 to `count`, all of them kept; and the trees, by version. */
function filled({ count = 5 }: { readonly count?: number } = {}): Filled & {
  readonly trees: readonly Tree[];
} {
  const { root } = environment();
  const store = createTreeStore(root, { keep: 10 });
  const trees = [emptyTree];
  for (let version = 1; version <= count; version++) {
    const changes = [
      set("same", `${version}`),
      set(`new ${version}`, "x"),
      { key: utf8(`new ${version - 2}`), value: undefined },
    ];
    const tree = (trees.at(-1) ?? emptyTree).update(changes);
    trees.push(tree);
    write({ root, store }, changes, version, tree);
  }
  return { root, store, trees };
}

/** Whether every version is intact; false if one is refused. A loaded one is never wrong. */
function isClean(store: TreeStore, trees: readonly Tree[]): boolean {
  let isWhole = true;
  for (const version of [undefined, 1, 2, 3]) {
    try {
      const loaded = store.load(version === undefined ? {} : { version });
      expect(loaded?.root).toEqual(trees[version ?? 3]?.root);
      expect([...(loaded?.tree.entries() ?? [])]).toEqual([
        ...(trees[version ?? 3]?.entries() ?? []),
      ]);
    } catch (error) {
      const rethrow = (): never => {
        throw error;
      };
      expectDamaged(rethrow);
      isWhole = false;
    }
  }
  return isWhole;
}
