import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Change, createTree, diff, emptyTree, type Hasher } from "../src/index.ts";
import {
  applyToMap,
  changeLists,
  closePaths,
  hex,
  keys,
  pairsOf,
  pathHasher,
  values,
} from "./arbitraries.ts";
import { referenceRoot } from "./oracle.ts";
import { reachableFrom } from "./reachable.ts";

const none: ReadonlyMap<string, Uint8Array> = new Map();

describe("the tree and a map with the root by definition", () => {
  test("agree after any batches of changes, on root, size, values and entries", () => {
    fc.assert(
      fc.property(fc.array(changeLists, { maxLength: 5 }), keys, (batches, absent) => {
        let tree = emptyTree;
        let map = none;
        for (const changes of batches) {
          tree = tree.update(changes);
          map = applyToMap(map, changes);
          expect(hex(tree.root)).toBe(hex(referenceRoot(pairsOf(map))));
        }

        expect(tree.size).toBe(map.size);
        for (const { key, value } of pairsOf(map)) expect(tree.get(key)).toEqual(value);
        expect(tree.get(absent)).toEqual(map.get(hex(absent)));
        const entries = [...tree.entries()];
        expect(new Map(entries.map(({ key, value }) => [hex(key), value]))).toEqual(map);
        expect(entries.length).toBe(map.size);
      }),
      { numRuns: 200 },
    );
  });

  test("agree where the hashed keys share up to 255 bits", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.record({ key: closePaths, value: optional(short) }), { maxLength: 30 }),
          {
            maxLength: 4,
          },
        ),
        (batches) => {
          let tree = createTree({ hasher: pathHasher });
          let map = none;
          for (const changes of batches) {
            tree = tree.update(changes);
            map = applyToMap(map, changes);
          }

          expect(hex(tree.root)).toBe(hex(referenceRoot(pairsOf(map), (key) => key)));
          expect(tree.size).toBe(map.size);
          for (const { key, value } of pairsOf(map)) expect(tree.get(key)).toEqual(value);
          const sorted = [...map.keys()].sort();
          expect([...tree.entries()].map(({ key }) => hex(key))).toEqual(sorted);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("updates", () => {
  test("give the same root in any order and in any batches", () => {
    fc.assert(
      fc.property(distinct, fc.infiniteStream(fc.nat()), (changes, dice) => {
        const shuffled = shuffle(changes, dice);
        const cut = changes.length >>> 1;
        const atOnce = emptyTree.update(changes);
        const inTwo = emptyTree.update(shuffled.slice(0, cut)).update(shuffled.slice(cut));
        const oneByOne = shuffled.reduce((tree, change) => tree.update([change]), emptyTree);

        expect(inTwo.root).toEqual(atOnce.root);
        expect(oneByOne.root).toEqual(atOnce.root);
        expect([...oneByOne.entries()]).toEqual([...atOnce.entries()]);
      }),
    );
  });

  test("that are undone give the old root again, and deleting everything the empty one", () => {
    fc.assert(
      fc.property(changeLists, changeLists, (first, second) => {
        const before = emptyTree.update(first);
        const after = before.update(second);
        const undo = diff(before, after).map(({ key, before: value }) => ({ key, value }));

        expect(after.update(undo).root).toEqual(before.root);
        const deletes = [...after.entries()].map(({ key }) => ({ key, value: undefined }));
        expect(after.update(deletes).root).toEqual(emptyTree.root);
        expect(after.update(deletes).size).toBe(0);
      }),
    );
  });

  test("leave every older version as it was", () => {
    fc.assert(
      fc.property(fc.array(changeLists, { maxLength: 6 }), (batches) => {
        const versions = [{ tree: emptyTree, map: none }];
        for (const changes of batches) {
          const last = versions.at(-1);
          if (last === undefined) continue;
          versions.push({ tree: last.tree.update(changes), map: applyToMap(last.map, changes) });
        }

        // Asked from the youngest to the oldest: hashing a version must not touch an older one.
        for (const { tree, map } of versions.reverse()) {
          expect(hex(tree.root)).toBe(hex(referenceRoot(pairsOf(map))));
          expect(tree.size).toBe(map.size);
          for (const { key, value } of pairsOf(map)) expect(tree.get(key)).toEqual(value);
        }
      }),
    );
  });
});

describe("hashing", () => {
  test("computes the digest of each node that is new, once, and of no other", () => {
    const counts = { leaves: 0, pairs: 0 };
    const counting: Hasher = {
      digest: (message) => {
        if (message.length === 96) counts.leaves++;
        return pathHasher.digest(message);
      },
      digestPairs: (options) => {
        counts.pairs += options.pairs.length / 64;
        pathHasher.digestPairs(options);
      },
    };
    const lists = fc.array(fc.record({ key: closePaths, value: optional(short) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.array(lists, { minLength: 1, maxLength: 5 }), (batches) => {
        const seed = { key: new Uint8Array(32).fill(0x77), value: Uint8Array.of(1) };
        let tree = createTree({ hasher: counting }).update([seed]);
        expect(tree.root.length).toBe(32);
        for (const changes of batches) {
          const next = tree.update(changes);
          const [old, both] = [reachableFrom([tree]), reachableFrom([tree, next])];
          [counts.leaves, counts.pairs] = [0, 0];
          expect(next.root).toEqual(next.root);
          // A tree that became empty once has nothing in common with the next.
          if (next.size === 0 || tree.size === 0) return;
          expect(counts.pairs).toBe(both.inner - old.inner);
          expect(counts.leaves).toBeGreaterThanOrEqual(both.leaves - old.leaves);
          if (next.size > 1 && tree.size > 1) {
            expect(counts.leaves).toBe(both.leaves - old.leaves);
          }
          tree = next;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("diff", () => {
  test("names exactly the keys whose values differ, with both values", () => {
    fc.assert(
      fc.property(changeLists, changeLists, fc.boolean(), (first, second, hashed) => {
        const before = emptyTree.update(first);
        const after = before.update(second);
        if (hashed) expect(before.root.length + after.root.length).toBe(64);
        const [old, young] = [applyToMap(none, first), applyToMap(none, [...first, ...second])];

        const found = diff(before, after);

        const expected = [...new Set([...old.keys(), ...young.keys()])]
          .filter((key) => hexOf(old.get(key)) !== hexOf(young.get(key)))
          .map((key) => ({ key, before: hexOf(old.get(key)), after: hexOf(young.get(key)) }));
        const plain = found.map((item) => ({
          key: hex(item.key),
          before: hexOf(item.before),
          after: hexOf(item.after),
        }));
        const byKey = (left: { key: string }, right: { key: string }): number =>
          left.key < right.key ? -1 : 1;
        expect(plain.sort(byKey)).toEqual(expected.sort(byKey));
        const changes = found.map(({ key, after: value }) => ({ key, value }));
        expect(before.update(changes).root).toEqual(after.root);
      }),
      { numRuns: 200 },
    );
  });

  test("of trees built apart sees the content, not the history", () => {
    fc.assert(
      fc.property(distinct, distinct, (left, right) => {
        const [before, after] = [emptyTree.update(left), emptyTree.update(right)];
        const changes = diff(before, after).map(({ key, after: value }) => ({ key, value }));

        expect(before.update(changes).root).toEqual(after.root);
        expect(diff(emptyTree.update(left), before)).toEqual([]);
      }),
    );
  });

  test("is in the order of the hashed keys", () => {
    fc.assert(
      fc.property(fc.array(closePaths), fc.array(closePaths), (left, right) => {
        const empty = createTree({ hasher: pathHasher });
        const fill = (paths: readonly Uint8Array[], byte: number): Change[] =>
          paths.map((key) => ({ key, value: Uint8Array.of(byte) }));
        const found = diff(empty.update(fill(left, 1)), empty.update(fill(right, 2)));

        const order = found.map(({ key }) => hex(key));
        expect(order).toEqual([...new Set(order)].sort());
      }),
    );
  });
});

const short = fc.uint8Array({ minLength: 1, maxLength: 8 });

const optional = (arbitrary: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });

/** Sets of different keys. */
const distinct: fc.Arbitrary<Change[]> = fc.uniqueArray(fc.record({ key: keys, value: values }), {
  selector: ({ key }) => hex(key),
  maxLength: 60,
});

const hexOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : hex(bytes);

function shuffle<T>(items: readonly T[], dice: fc.Stream<number>): T[] {
  const rolls = [...dice.take(items.length)];
  return items
    .map((item, at) => ({ item, roll: rolls[at] ?? 0, at }))
    .sort((left, right) => left.roll - right.roll || left.at - right.at)
    .map(({ item }) => item);
}
