import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@aethel/models";
import fc from "fast-check";
import type { RootDatabase } from "lmdb";
import { afterEach, describe, expect, test } from "vitest";
import { diff, emptyTree, type Tree } from "../src/index.ts";
import { createTreeStore } from "../src/lmdb/index.ts";
import { changeLists, faultOf, hex, utf8 } from "./arbitraries.ts";
import { closeAll, environment, expectDamaged, type Raw, rawOf, reopen } from "./environment.ts";

afterEach(closeAll);

describe("a tree store", () => {
  test("loads what was written, version after version, also after it was opened again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(changeLists, { minLength: 1, maxLength: 4 }), async (batches) => {
        const { path, root } = environment();
        const store = createTreeStore(root);
        let tree = emptyTree;
        for (const [version, changes] of batches.entries()) {
          tree = tree.update(changes);
          root.transactionSync(() => store.write({ changes, version, root: tree.root }));
          expect(store.head()).toEqual({ version, root: tree.root });
        }
        await root.close();

        const again = reopen(path);
        const loaded = createTreeStore(again).load();
        expect(loaded?.version).toBe(batches.length - 1);
        expect(loaded?.root).toEqual(tree.root);
        expect(diff(emptyTree, loaded?.tree ?? emptyTree)).toEqual(diff(emptyTree, tree));
        await again.close();
      }),
      { numRuns: 25 },
    );
  });

  test("that is new has no head, no tree and nothing to verify", () => {
    const store = createTreeStore(environment().root);
    expect(store.head()).toBeUndefined();
    expect(store.load()).toBeUndefined();
    expect(store.verify()).toBeUndefined();
  });

  test("holds an empty tree as a version of its own", () => {
    const { root } = environment();
    const store = createTreeStore(root);
    root.transactionSync(() => store.write({ changes: [], version: 0, root: emptyTree.root }));
    expect(store.verify()).toEqual({ version: 0, root: emptyTree.root, size: 0, versions: [0] });
  });

  test("lives beside other stores and other data of one environment", () => {
    const { root } = environment();
    const [left, right] = ["left", "right"].map((name) => createTreeStore(root, { name }));
    const blocks = root.openDB<string, string>({ name: "blocks" });
    const tree = emptyTree.update([pair("a")]);
    root.transactionSync(() => {
      left?.write({ changes: [pair("a")], version: 3, root: tree.root });
      blocks.putSync("3", "block");
    });
    expect(left?.load()?.tree.get(utf8("a"))).toEqual(utf8("value of a"));
    expect(right?.load()).toBeUndefined();
    expect(blocks.get("3")).toBe("block");
  });

  test("takes keys of 256 bytes and values of 1 MiB", () => {
    const { root } = environment();
    const store = createTreeStore(root);
    const changes = [{ key: new Uint8Array(256).fill(255), value: new Uint8Array(1_048_576) }];
    const tree = emptyTree.update(changes);
    root.transactionSync(() => store.write({ changes, version: 1, root: tree.root }));
    expect(store.load()?.tree.root).toEqual(tree.root);
  });
});

describe("a write", () => {
  test("outside of a transaction is refused: it could not be atomic", async () => {
    const { root } = environment();
    const store = createTreeStore(root);
    const write = (): void => store.write({ changes: [], version: 1, root: emptyTree.root });
    expect(faultOf(write)).toEqual({ code: "STORE_TRANSACTION", store: "tree" });
    await root.transaction(write);
    expect(store.head()?.version).toBe(1);
    expect(faultOf(write).code).toBe("STORE_TRANSACTION");
  });

  test("of a version that is not above the stored one is refused and changes nothing", () => {
    const { root, store, tree } = filled();
    for (const version of [6, 7, 0, -1, 7.5, Number.NaN, 2 ** 53]) {
      const write = (): void => store.write({ changes: [pair("z")], version, root: tree.root });
      expect(faultOf(() => root.transactionSync(write))).toEqual({
        code: "STORE_VERSION",
        store: "tree",
        stored: 7,
        offered: version,
      });
    }
    expect(store.verify()).toMatchObject({ version: 7, size: 3 });
    const { root: next } = tree.update([pair("z")]);
    root.transactionSync(() => store.write({ changes: [pair("z")], version: 9, root: next }));
    expect(store.head()?.version).toBe(9);
  });

  test("that is refused leaves nothing behind, although its caller goes on and commits", () => {
    const { root, store, tree } = filled();
    const bad = { key: utf8("bad"), value: new Uint8Array() };
    root.transactionSync(() => {
      const write = (): void =>
        store.write({ changes: [pair("z"), bad], version: 8, root: tree.root });
      expect(faultOf(write)).toEqual({ code: "VALUE_LENGTH", length: 0 });
    });
    expect(store.verify()).toEqual({ version: 7, root: tree.root, size: 3, versions: [7] });
  });

  test("is undone with the transaction of the caller", () => {
    const { root, store, tree } = filled();
    const fail = (): void => {
      store.write({ changes: [pair("z")], version: 8, root: tree.update([pair("z")]).root });
      throw new Error("the block could not be written");
    };
    expect(() => root.transactionSync(fail)).toThrow("the block could not be written");
    expect(store.verify()).toEqual({ version: 7, root: tree.root, size: 3, versions: [7] });
  });
});

describe("B7: a damaged store is refused with what to do", () => {
  const HEAD = Uint8Array.of(0);
  const keyOf = (name: string): Uint8Array => new Uint8Array([1, ...sha256(utf8(name))]);
  const recordOf = (key: Uint8Array, value: Uint8Array): Uint8Array =>
    new Uint8Array([key.length >>> 8, key.length & 0xff, ...key, ...value]);

  const damages: Readonly<Record<string, (database: Raw) => unknown>> = {
    "a lost pair": (raw) => raw.removeSync(keyOf("a")),
    "a changed value": (raw) => raw.putSync(keyOf("a"), recordOf(utf8("a"), utf8("value of b"))),
    "a pair too many": (raw) => raw.putSync(keyOf("d"), recordOf(utf8("d"), utf8("x"))),
    "an empty value": (raw) => raw.putSync(keyOf("a"), recordOf(utf8("a"), new Uint8Array())),
    "a value above the limit": (raw) =>
      raw.putSync(keyOf("a"), new Uint8Array([0, 1, 97, ...new Uint8Array(1_048_577)])),
    "a key above the limit": (raw) =>
      raw.putSync(keyOf("k"), recordOf(new Uint8Array(257), utf8("x"))),
    "a record under a key of no kind": (raw) => raw.putSync(Uint8Array.of(5, 2), utf8("x")),
    "a pair twice, once under a key of no kind": (raw) =>
      raw.putSync(new Uint8Array([5, ...keyOf("a")]), recordOf(utf8("a"), utf8("value of a"))),
    "a pair without a key": (raw) => raw.putSync(keyOf("a"), recordOf(Uint8Array.of(), utf8("x"))),
    "no bytes in a pair": (raw) => raw.putSync(keyOf("a"), Uint8Array.of()),
    "a pair under a place that is no hash": (raw) => raw.putSync(Uint8Array.of(1), utf8("x")),
    "a pair in the place of another, which is gone": (raw) =>
      raw.putSync(keyOf("a"), raw.get(keyOf("b")) ?? HEAD),
    "a key with another one's value": (raw) =>
      raw.putSync(keyOf("a"), recordOf(utf8("a"), utf8("value of c"))),
    "a lost head": (raw) => raw.removeSync(HEAD),
    "a cut head": (raw) => raw.putSync(HEAD, (raw.get(HEAD) ?? HEAD).slice(0, 81)),
    "a head with a byte too many": (raw) =>
      raw.putSync(HEAD, new Uint8Array([...(raw.get(HEAD) ?? HEAD), 0])),
    "no bytes in the head": (raw) => raw.putSync(HEAD, new Uint8Array()),
  };

  for (const [name, damage] of Object.entries(damages)) {
    test(name, () => {
      const { root, store } = filled();
      damage(rawOf(root));
      expectDamaged(store.load);
      expectDamaged(store.verify);
    });
  }

  test("any bit of the head turned", () => {
    const { root, store } = filled();
    const raw = rawOf(root);
    const head = new Uint8Array(raw.get(HEAD) ?? []);
    expect(head.length).toBe(82);
    for (let bit = 0; bit < head.length * 8; bit++) {
      const at = bit >>> 3;
      raw.putSync(HEAD, head.with(at, (head[at] ?? 0) ^ (1 << (bit & 7))));
      expectDamaged(store.load);
      expectDamaged(store.head);
      const write = (): void => store.write({ changes: [], version: 99, root: emptyTree.root });
      expectDamaged(() => root.transactionSync(write));
    }
  });

  test("a byte of a value changed in the file itself", async () => {
    const { path, root } = filled();
    await root.close();
    const file = join(path, "data.mdb");
    const bytes = readFileSync(file);
    let hits = 0;
    for (let at = bytes.indexOf("value of b"); at >= 0; at = bytes.indexOf("value of b", at + 1)) {
      bytes[at] = 0x56;
      hits++;
    }
    writeFileSync(file, bytes);

    expect(hits).toBeGreaterThan(0);
    expectDamaged(createTreeStore(reopen(path)).load);
  });

  test("a root that does not belong to the changes that came with it", () => {
    const { root, store, tree } = filled();
    root.transactionSync(() => store.write({ changes: [pair("z")], version: 8, root: tree.root }));
    const fault = expectDamaged(store.load);
    expect(fault.reason).toContain(hex(tree.root));
    expect(fault.reason).toContain(hex(tree.update([pair("z")]).root));
  });
});

const pair = (name: string): { readonly key: Uint8Array; readonly value: Uint8Array } => ({
  key: utf8(name),
  value: utf8(`value of ${name}`),
});

/** A store with three keys at version 7. */
function filled(): {
  readonly path: string;
  readonly root: RootDatabase;
  readonly store: ReturnType<typeof createTreeStore>;
  readonly tree: Tree;
} {
  const { path, root } = environment();
  const store = createTreeStore(root);
  const changes = ["a", "b", "c"].map(pair);
  const tree = emptyTree.update(changes);
  root.transactionSync(() => store.write({ changes, version: 7, root: tree.root }));
  expect(store.verify()).toEqual({ version: 7, root: tree.root, size: 3, versions: [7] });
  return { path, root, store, tree };
}
