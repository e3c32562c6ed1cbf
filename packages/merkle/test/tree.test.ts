import { describe, expect, test } from "vitest";
import {
  createTree,
  diff,
  emptyTree,
  type Hasher,
  nobleHasher,
  prove,
  type Tree,
  VALUE_LENGTH_MAX,
} from "../src/index.ts";
import { faultOf, hex, utf8 } from "./arbitraries.ts";
import { referenceRoot } from "./oracle.ts";

const value = utf8("v");

describe("the hash format", () => {
  test("is wire format: these roots never change", () => {
    const pairs = ["alice", "bob", "carol", "dave"].map((name, at) => ({
      key: utf8(name),
      value: Uint8Array.of(at + 1),
    }));

    expect(hex(emptyTree.root)).toBe(
      "755923de524bca4379fb9a16347640db3786a9b5ea4f943565855a01bce55c31",
    );
    expect(hex(emptyTree.update(pairs.slice(0, 1)).root)).toBe(
      "d7e7007423f200651dea0b3341a44a9fced0f62b0d2438b32f681931086bc0ba",
    );
    expect(hex(emptyTree.update(pairs).root)).toBe(
      "33f4fd90d8c0eae4725ed0020e004564e525bd252ad6fda9d042235ef42cd4e4",
    );
    expect(hex(referenceRoot(pairs))).toBe(
      "33f4fd90d8c0eae4725ed0020e004564e525bd252ad6fda9d042235ef42cd4e4",
    );
  });
});

describe("bytes", () => {
  test("given to the tree are copied, a Buffer's too", () => {
    for (const make of [(text: string) => utf8(text), (text: string) => Buffer.from(text)]) {
      const [key, content] = [make("key"), make("content")];
      const tree = emptyTree.update([{ key, value: content }]);
      key.fill(0);
      content.fill(0);

      expect(tree.get(utf8("key"))).toEqual(utf8("content"));
      expect([...tree.entries()]).toEqual([{ key: utf8("key"), value: utf8("content") }]);
      expect(hex(tree.root)).toBe(
        hex(referenceRoot([{ key: utf8("key"), value: utf8("content") }])),
      );
    }
  });

  test("that the tree gives out are copies: to write into them changes no tree", () => {
    const names = ["a", "b", "c", "d", "e"].map(utf8);
    const tree = emptyTree.update(names.map((key) => ({ key, value })));
    const root = hex(tree.root);

    tree.root.fill(0);
    for (const key of names) {
      tree.get(key)?.fill(0);
      const proof = prove(tree, key);
      for (const sibling of proof.siblings) sibling.fill(0);
      if (proof.type === "inclusion") proof.value.fill(0);
      const absent = prove(tree, utf8(`not ${hex(key)}`));
      for (const sibling of absent.siblings) sibling.fill(0);
      if (absent.type === "other-leaf") absent.path.fill(0);
    }
    for (const entry of tree.entries()) entry.key.fill(0);
    for (const entry of tree.entries()) entry.value.fill(0);
    for (const item of diff(emptyTree, tree)) {
      item.key.fill(0);
      item.after?.fill(0);
    }
    emptyTree.root.fill(0);

    expect(hex(tree.root)).toBe(root);
    expect(names.map((key) => tree.get(key))).toEqual(names.map(() => value));
    expect(
      hex(
        tree.update([{ key: utf8("f"), value }]).update([{ key: utf8("f"), value: undefined }])
          .root,
      ),
    ).toBe(root);
    expect(hex(emptyTree.root)).toBe(
      "755923de524bca4379fb9a16347640db3786a9b5ea4f943565855a01bce55c31",
    );
  });

  test("of a tree are out of reach: it has no field but the public ones", () => {
    const tree = emptyTree.update([{ key: value, value }]);
    expect(Reflect.ownKeys(tree)).toEqual(["root", "size", "get", "getMany", "update", "entries"]);
  });
});

describe("limits", () => {
  test("keys of 1 and 256 bytes and values of 1 byte and 1 MiB are in", () => {
    const pairs = [
      { key: new Uint8Array(1), value: new Uint8Array(VALUE_LENGTH_MAX) },
      { key: new Uint8Array(256), value: new Uint8Array(1) },
    ];
    const tree = emptyTree.update(pairs);
    expect(tree.size).toBe(2);
    expect(hex(tree.root)).toBe(hex(referenceRoot(pairs)));
  });

  test("keys and values beyond them are refused, and no version comes of it", () => {
    for (const length of [0, 257]) {
      const key = new Uint8Array(length);
      const fault = { code: "KEY_LENGTH", length };
      expect(faultOf(() => emptyTree.get(key))).toEqual(fault);
      expect(faultOf(() => prove(emptyTree, key))).toEqual(fault);
      expect(faultOf(() => emptyTree.update([{ key, value }]))).toEqual(fault);
      expect(faultOf(() => emptyTree.update([{ key, value: undefined }]))).toEqual(fault);
    }
    for (const length of [0, VALUE_LENGTH_MAX + 1]) {
      const change = { key: value, value: new Uint8Array(length) };
      expect(faultOf(() => emptyTree.update([change]))).toEqual({ code: "VALUE_LENGTH", length });
    }
    expect(emptyTree.size).toBe(0);
  });
});

describe("updates", () => {
  test("of one key several times in a batch leave the last", () => {
    const key = utf8("k");
    const set = (text: string): Tree =>
      emptyTree.update([
        { key, value: utf8("first") },
        { key, value: undefined },
        { key, value: utf8(text) },
      ]);
    expect(set("last").get(key)).toEqual(utf8("last"));
    const gone = emptyTree.update([
      { key, value },
      { key, value: undefined },
    ]);
    expect(gone.size).toBe(0);
    expect(gone.root).toEqual(emptyTree.root);
  });

  test("that change nothing give the same version back", () => {
    const tree = emptyTree.update([{ key: utf8("k"), value }]);
    expect(tree.update([])).toBe(tree);
    expect(tree.update([{ key: utf8("k"), value }])).toBe(tree);
    expect(tree.update([{ key: utf8("absent"), value: undefined }])).toBe(tree);
  });

  test("see a value that only became shorter, or longer by zeros", () => {
    const key = utf8("key");
    let tree = emptyTree.update([{ key, value: Uint8Array.of(1, 2, 0, 0, 5) }]);
    for (const next of [[1, 2, 0, 0], [1, 2, 0], [1, 2], [1], [1, 0], [1, 0, 0, 0, 0, 0]]) {
      tree = tree.update([{ key, value: Uint8Array.from(next) }]);
      expect(tree.get(key)).toEqual(Uint8Array.from(next));
      expect(hex(tree.root)).toBe(hex(referenceRoot([{ key, value: Uint8Array.from(next) }])));
    }
  });

  test("that change nothing in a large tree share all of it, hashes too", () => {
    const changes = Array.from({ length: 1_000 }, (_, at) => ({ key: utf8(`${at}`), value }));
    const tree = emptyTree.update(changes);
    const absent = changes.map(({ key }) => ({ key: utf8(`no ${hex(key)}`), value: undefined }));
    expect(tree.update(changes)).toBe(tree);
    expect(tree.update(absent)).toBe(tree);
  });

  test("of one key in ten thousand hash its own path and nothing else", () => {
    const counts = { digests: 0, pairs: 0 };
    const counting: Hasher = {
      digest: (message) => {
        counts.digests++;
        return nobleHasher.digest(message);
      },
      digestPairs: (options) => {
        counts.pairs += options.pairs.length / 64;
        nobleHasher.digestPairs(options);
      },
    };
    const changes = Array.from({ length: 10_000 }, (_, at) => ({ key: utf8(`${at}`), value }));
    const tree = createTree({ hasher: counting }).update(changes);
    expect(tree.root.length).toBe(32);
    expect(counts.digests).toBe(30_000);

    counts.digests = 0;
    counts.pairs = 0;
    const next = tree.update([{ key: utf8("77"), value: utf8("new") }]);
    expect(counts.pairs).toBe(0);
    expect(next.root).not.toEqual(tree.root);
    expect(next.root).toEqual(next.root);
    expect(counts.digests).toBe(3);
    expect(counts.pairs).toBeGreaterThanOrEqual(10);
    expect(counts.pairs).toBeLessThanOrEqual(40);
    counts.pairs = 0;
    expect(tree.root.length).toBe(32);
    expect(counts.pairs).toBe(0);
  });

  test("that build a tree level by level hash each level in one batch", () => {
    const batches: number[] = [];
    const watching: Hasher = {
      ...nobleHasher,
      digestPairs: (options) => {
        batches.push(options.pairs.length / 64);
        nobleHasher.digestPairs(options);
      },
    };
    const changes = Array.from({ length: 1_000 }, (_, at) => ({ key: utf8(`${at}`), value }));
    expect(createTree({ hasher: watching }).update(changes).root).toEqual(
      emptyTree.update(changes).root,
    );
    expect(batches.at(-1)).toBe(1);
    expect(batches.length).toBeLessThan(40);
    expect(Math.max(...batches)).toBeGreaterThan(100);
  });
});

describe("diff", () => {
  test("skips what two versions share, and what has one digest", () => {
    const changes = Array.from({ length: 20_000 }, (_, at) => ({ key: utf8(`${at}`), value }));
    const before = emptyTree.update(changes);
    const after = before.update([{ key: utf8("77"), value: utf8("new") }]);
    const apart = emptyTree.update(changes.toReversed());
    expect(diff(before, after).length).toBe(1);
    expect(diff(apart, before)).toEqual([]);

    const everything = fastest(() => diff(emptyTree, before));
    expect(fastest(() => diff(before, after))).toBeLessThan(everything / 10);
    // Built apart, the two trees share no node: only their digests can end the walk early.
    expect(apart.root).toEqual(before.root);
    expect(fastest(() => diff(apart, before))).toBeLessThan(everything / 10);
  });
});

/** Milliseconds of the fastest of ten calls. */
function fastest(action: () => unknown): number {
  const times = Array.from({ length: 10 }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  });
  return Math.min(...times);
}
