import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  listRoot,
  proveListItem,
  sha256,
  type Tag,
  tagDigest,
  verifyListItem,
  ZERO_DIGEST,
} from "../src/index.ts";

const lists = fc.array(fc.uint8Array({ maxLength: 12 }), { minLength: 1, maxLength: 33 });

describe("list roots (RFC 9162 §2.1)", () => {
  test("every item is shown at its own index", () => {
    fc.assert(
      fc.property(lists, fc.nat(), (items, pick) => {
        const index = pick % items.length;
        const proof = proveListItem(items, index);
        const item = items[index] ?? new Uint8Array();
        expect(verifyListItem({ root: listRoot(items), item, proof })).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("B13: no item is shown at another index or in a list of another length", () => {
    fc.assert(
      fc.property(
        lists,
        fc.nat(),
        fc.nat({ max: 40 }),
        fc.nat({ max: 40 }),
        (items, pick, i, n) => {
          const index = pick % items.length;
          // Where equal items stand, the proof of one can be that of the other, and both are there.
          fc.pre(n !== items.length || String(items[i]) !== String(items[index]));
          const proof = { ...proveListItem(items, index), index: i, count: n };
          const item = items[index] ?? new Uint8Array();
          expect(verifyListItem({ root: listRoot(items), item, proof })).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("another item, or a path with a flipped bit, is refused", () => {
    fc.assert(
      fc.property(lists, fc.nat(), fc.nat(), (items, pick, where) => {
        const index = pick % items.length;
        const proof = proveListItem(items, index);
        const root = listRoot(items);
        const item = items[index] ?? new Uint8Array();
        expect(verifyListItem({ root, item: new Uint8Array([...item, 0]), proof })).toBe(false);
        const level = where % Math.max(1, proof.path.length);
        const sibling = proof.path[level];
        if (sibling === undefined) return;
        const path = proof.path.with(level, sibling.with(0, (sibling[0] ?? 0) ^ 1) as never);
        expect(verifyListItem({ root, item, proof: { ...proof, path } })).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("lists that differ in any item or in length have different roots", () => {
    fc.assert(
      fc.property(lists, lists, (left, right) => {
        const same =
          left.length === right.length && left.every((a, i) => String(a) === String(right[i]));
        expect(String(listRoot(left)) === String(listRoot(right))).toBe(same);
      }),
    );
    expect(listRoot([])).not.toEqual(listRoot([new Uint8Array()]));
  });

  test("a path with a part too many or too few is refused", () => {
    fc.assert(
      fc.property(lists, fc.nat(), (items, pick) => {
        const index = pick % items.length;
        const proof = proveListItem(items, index);
        const [root, item] = [listRoot(items), items[index] ?? new Uint8Array()];
        const longer = { ...proof, path: [...proof.path, ZERO_DIGEST] };
        expect(verifyListItem({ root, item, proof: longer })).toBe(false);
        if (proof.path.length === 0) return;
        const shorter = { ...proof, path: proof.path.slice(0, -1) };
        expect(verifyListItem({ root, item, proof: shorter })).toBe(false);
      }),
    );
  });

  test("the root is that of RFC 9162 with tags, and the count above it", () => {
    const hash = (tag: Tag, ...parts: readonly Uint8Array[]): Uint8Array =>
      sha256(concatBytes(tagDigest(tag), ...parts));
    // MTH of §2.1.1, as it is written there.
    const tree = (items: readonly Uint8Array[]): Uint8Array => {
      const [first] = items;
      if (items.length <= 1)
        return first === undefined ? new Uint8Array() : hash("list-leaf", first);
      const k = 2 ** Math.floor(Math.log2(items.length - 1));
      return hash("list-node", tree(items.slice(0, k)), tree(items.slice(k)));
    };

    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 33 }), (items) => {
        const count = new Uint8Array(8);
        new DataView(count.buffer).setBigUint64(0, BigInt(items.length));
        expect(listRoot(items)).toEqual(hash("list-root", count, tree(items)));
      }),
    );
  });
});
