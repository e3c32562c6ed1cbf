import { compareBytes, sha256 } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTree, type Entry, emptyTree, type Tree } from "../src/index.ts";
import {
  decodeRange,
  encodeRange,
  type OutlineNode,
  proveRange,
  type RangeProof,
  type Span,
  verifyRange,
} from "../src/proofs/index.ts";
import { changeLists, closePaths, faultOf, flipBit, hex, keys, pathHasher } from "./arbitraries.ts";

const FIRST = new Uint8Array(32);
const LAST = new Uint8Array(32).fill(255);
const anyPath = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** A tree, and a range whose bounds are anywhere, at an entry, just beside one, or at an end. */
const cases = fc
  .tuple(
    changeLists,
    keys,
    fc.array(fc.tuple(anyPath, fc.nat(), fc.nat(3)), { minLength: 2, maxLength: 2 }),
  )
  .map(([changes, key, picks]) => {
    const tree = emptyTree.update([...changes, { key, value: Uint8Array.of(1) }]);
    const paths = [...tree.entries()].map((entry) => sha256(entry.key));
    const bounds = picks.map(([path, roll, kind]) => {
      const at = paths[roll % paths.length] ?? FIRST;
      return [path, at, beside(at, roll), roll % 2 === 0 ? FIRST : LAST][kind] ?? path;
    });
    bounds.sort(compareBytes);
    return { tree, span: { from: bounds[0] ?? FIRST, to: bounds[1] ?? LAST } };
  });

describe("range proofs", () => {
  test("P30: show exactly what the tree holds from one hashed key to another", () => {
    let filled = 0;
    fc.assert(
      fc.property(cases, ({ tree, span }) => {
        const proof = proveRange(tree, span);
        const expected = entriesIn(tree, span);
        if (expected.length > 0) filled++;
        expect(proof.entries).toEqual(expected);
        expect(verifyRange({ root: tree.root, ...span, proof })).toEqual({ ok: true });
        expect(decodeRange(encodeRange(proof))).toEqual(proof);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 500, seed: 1 },
    );
    expect(filled).toBeGreaterThan(100);
  });

  test("hold to depth 256, at both ends, where hashed keys share long prefixes", () => {
    fc.assert(
      fc.property(
        fc.array(closePaths, { maxLength: 20 }),
        closePaths,
        closePaths,
        (paths, one, other) => {
          const tree = createTree({ hasher: pathHasher }).update(
            paths.map((key, at) => ({ key, value: Uint8Array.of(1 + at) })),
          );
          const [from, to] = compareBytes(one, other) < 0 ? [one, other] : [other, one];
          const proof = proveRange(tree, { from, to });
          expect(proof.entries).toEqual(entriesIn(tree, { from, to }, (key) => key));
          const verdict = verifyRange({ root: tree.root, from, to, proof, hasher: pathHasher });
          expect(verdict).toEqual({ ok: true });
        },
      ),
      { numRuns: 300 },
    );
  });

  test("of the whole tree are its entries and nothing else; of the empty one, nothing", () => {
    const whole = { from: FIRST, to: LAST };
    const tree = emptyTree.update([{ key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
    expect(proveRange(tree, whole).outline).toEqual([{ type: "inside" }]);
    expect(proveRange(emptyTree, whole)).toEqual({ entries: [], outline: [{ type: "empty" }] });
    expect(verifyRange({ root: tree.root, ...whole, proof: proveRange(emptyTree, whole) })).toEqual(
      {
        ok: false,
        reason: "root",
      },
    );
  });

  test("say it in one way only: what is all inside is not taken apart", () => {
    const tree = emptyTree.update(
      [...Array(20).keys()].map((at) => ({ key: Uint8Array.of(at), value: Uint8Array.of(1) })),
    );
    const whole = { from: FIRST, to: LAST };
    const { entries } = proveRange(tree, whole);
    const apart: OutlineNode[] = [{ type: "inner" }, { type: "inside" }, { type: "inside" }];
    const verdict = verifyRange({ root: tree.root, ...whole, proof: { entries, outline: apart } });
    expect(verdict).toEqual({ ok: false, reason: "shape" });
  });

  test("P30: with an entry left out, added, changed or moved are rejected", () => {
    let rejected = 0;
    fc.assert(
      fc.property(cases, fc.nat(), fc.nat(), ({ tree, span }, bit, roll) => {
        const { root } = tree;
        const proof = proveRange(tree, span);
        expect(verifyRange({ root: flipBit(root, bit), ...span, proof }).ok).toBe(false);
        for (const broken of mutationsOf(proof, tree, bit, roll)) {
          if (isSame(broken, proof)) continue;
          expect(verifyRange({ root, ...span, proof: broken }).ok).toBe(false);
          rejected++;
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(rejected).toBeGreaterThan(2000);
  });

  test("P30: of a smaller range do not show a larger one: what lies between would be left out", () => {
    let larger = 0;
    fc.assert(
      fc.property(cases, cases, ({ tree, span }, { span: other }) => {
        const proof = proveRange(tree, other);
        const verdict = verifyRange({ root: tree.root, ...span, proof });
        const isWhole = isSame(proof, { ...proof, entries: entriesIn(tree, span) });
        if (!isWhole) expect(verdict.ok).toBe(false);
        else larger++;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(larger).toBeGreaterThan(10);
  });

  test("P30: with any single bit of their encoding turned are no proof any more", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ tree, span }, start) => {
        const bytes = encodeRange(proveRange(tree, span));
        for (let bit = start; bit < start + 32; bit++) {
          const proof = attempt(() => decodeRange(flipBit(bytes, bit)));
          if (proof === undefined) continue;
          expect(verifyRange({ root: tree.root, ...span, proof }).ok).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("P30: with each single bit of one encoding turned, none left out, are no proof any more", () => {
    const set = (at: number): Entry => ({ key: Uint8Array.of(at), value: Uint8Array.of(at, 1) });
    const tree = emptyTree.update([...Array(24).keys()].map(set));
    const span = { from: new Uint8Array(32).fill(0x40), to: new Uint8Array(32).fill(0x90) };
    const bytes = encodeRange(proveRange(tree, span));
    let verified = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const proof = attempt(() => decodeRange(flipBit(bytes, bit)));
      if (proof === undefined) continue;
      verified++;
      expect(verifyRange({ root: tree.root, ...span, proof }).ok).toBe(false);
    }
    expect(verified).toBeGreaterThan(1000);
  });

  test("made of anything are checked without a throw, and none that is false is accepted", () => {
    fc.assert(
      fc.property(
        cases,
        outlines,
        fc.array(anyEntry, { maxLength: 5 }),
        anyBound,
        (one, outline, extra, bound) => {
          const { tree, span } = one;
          const entries = [...entriesIn(tree, span), ...extra];
          entries.sort((left, right) => compareBytes(sha256(left.key), sha256(right.key)));
          for (const list of [entries, extra]) {
            const proof = { entries: list, outline };
            const verdict = verifyRange({ root: tree.root, ...span, proof });
            if (verdict.ok) expect(list).toEqual(entriesIn(tree, span));
            expect(verifyRange({ root: tree.root, from: bound, to: span.to, proof }).ok).toBe(
              false,
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("of a root under which a leaf stands where its path does not lead are rejected", () => {
    const pair = [...Array(40).keys()].map((at) => ({
      key: Uint8Array.of(at),
      value: Uint8Array.of(1),
    }));
    const right = pair.filter(({ key }) => (sha256(key)[0] ?? 0) >= 128);
    right.sort((one, other) => compareBytes(sha256(one.key), sha256(other.key)));
    const [entry, other] = right;
    if (entry === undefined || other === undefined) throw new Error("too few keys");
    const leaf = { path: sha256(other.key), valueDigest: sha256(other.value) };
    const lies = emptyTree.update([other]).root;
    const root = sha256(new Uint8Array([...lies, ...emptyTree.update([entry]).root]));
    const outline: OutlineNode[] = [
      { type: "inner" },
      { type: "other-leaf", ...leaf },
      { type: "inside" },
    ];
    const span = { from: FIRST, to: sha256(entry.key) };
    expect(verifyRange({ root, ...span, proof: { entries: [entry], outline } })).toEqual({
      ok: false,
      reason: "other-leaf",
    });
  });

  test("say why they are rejected", () => {
    const all = [...Array(9).keys()].map((at) => ({
      key: Uint8Array.of(at),
      value: Uint8Array.of(1),
    }));
    const tree = emptyTree.update(all);
    const sorted = [...tree.entries()];
    const [first, second, , last] = [sorted[0], sorted[1], sorted[2], sorted.at(-1)];
    if (first === undefined || second === undefined || last === undefined)
      throw new Error("no keys");
    const span = { from: sha256(second.key), to: sha256(sorted[7]?.key ?? last.key) };
    const { entries, outline } = proveRange(tree, span);
    const reasonOf = (list: readonly Entry[], nodes = outline): unknown =>
      verifyRange({ root: tree.root, ...span, proof: { entries: list, outline: nodes } });
    const reject = (reason: string): unknown => ({ ok: false, reason });
    expect(reasonOf(entries)).toEqual({ ok: true });
    expect(reasonOf([first, ...entries])).toEqual(reject("not-asked"));
    expect(reasonOf([...entries, last])).toEqual(reject("not-asked"));
    expect(reasonOf([...entries.slice(0, 1), last, ...entries.slice(1)])).toEqual(reject("order"));
    expect(reasonOf(entries.flatMap((entry) => [entry, entry]))).toEqual(reject("order"));
    expect(reasonOf(entries.slice(1))).toEqual(reject("root"));
    expect(reasonOf([], [{ type: "hidden", digest: tree.root }])).toEqual(reject("hidden"));
    expect(reasonOf([], [{ type: "inside" }])).toEqual(reject("entries"));
    expect(reasonOf(entries, [{ type: "empty" }])).toEqual(reject("entries"));
    expect(reasonOf([{ key: first.key, value: new Uint8Array() }])).toEqual(reject("length"));
  });

  test("of a root of which no tree has the shape are rejected: a leaf beside nothing", () => {
    const seen = new Set<boolean>();
    for (let at = 0; at < 10; at++) {
      const other = { key: Uint8Array.of(at), value: Uint8Array.of(1) };
      const path = sha256(other.key);
      const leaf: OutlineNode = { type: "other-leaf", path, valueDigest: sha256(other.value) };
      const isRight = (path[0] ?? 0) >= 128;
      seen.add(isRight);
      const alone = emptyTree.update([other]).root;
      const sides = isRight ? [emptyTree.root, alone] : [alone, emptyTree.root];
      const root = sha256(new Uint8Array(sides.flatMap((side) => [...side])));
      const pair: OutlineNode[] = isRight ? [{ type: "empty" }, leaf] : [leaf, { type: "empty" }];
      const proof: RangeProof = { entries: [], outline: [{ type: "inner" }, ...pair] };
      for (const span of [
        { from: FIRST, to: beside(path, 1) },
        { from: beside(path, 0), to: LAST },
      ]) {
        expect(verifyRange({ root, ...span, proof })).toEqual({ ok: false, reason: "shape" });
      }
    }
    expect(seen.size).toBe(2);
  });

  test("turned around, with bounds that are not paths, do not verify", () => {
    const tree = emptyTree.update([{ key: Uint8Array.of(1), value: Uint8Array.of(2) }]);
    const proof = proveRange(tree, { from: FIRST, to: LAST });
    expect(verifyRange({ root: tree.root, from: LAST, to: FIRST, proof })).toEqual({
      ok: false,
      reason: "not-asked",
    });
    const none: RangeProof = { entries: [], outline: [{ type: "hidden", digest: tree.root }] };
    expect(verifyRange({ root: tree.root, from: LAST, to: FIRST, proof: none })).toEqual({
      ok: false,
      reason: "not-asked",
    });
    expect(() => proveRange(tree, { from: LAST, to: FIRST })).toThrow();
    expect(() => proveRange(tree, { from: LAST.slice(1), to: LAST })).toThrow();
  });
});

describe("the bytes of a range proof", () => {
  test("every byte string is the canonical encoding of one or a DECODE fault", () => {
    const results = { decoded: 0, refused: 0 };
    const near = fc
      .tuple(cases, fc.nat())
      .map(([{ tree, span }, bit]) => flipBit(encodeRange(proveRange(tree, span)), bit));
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 120, max: 5 })), (bytes) => {
        const decoded = attempt(() => decodeRange(bytes));
        if (decoded === undefined) {
          results.refused++;
          expect(faultOf(() => decodeRange(bytes)).code).toBe("DECODE");
        } else {
          results.decoded++;
          expect(encodeRange(decoded)).toEqual(bytes);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1500, seed: 1 },
    );
    expect(results.decoded).toBeGreaterThan(100);
    expect(results.refused).toBeGreaterThan(100);
  });

  test("a fault names the field", () => {
    const faults: readonly (readonly [field: string, bytes: readonly number[]])[] = [
      ["entries", [0, 0]],
      ["entries", [255, 255, 255, 255]],
      ["entries", [0, 0, 0, 1, 0, 0, 0, 0, 1, 7, 7]],
      ["entries", [0, 0, 0, 1, 1, 1, 0, 0, 1, 7, 7]],
      ["entries", [0, 0, 0, 1, 0, 1, 0, 0, 0, 7, 7]],
      ["entries", [0, 0, 0, 1, 0, 1, 0x10, 0, 1, 7, 7]],
      ["entries", [0, 0, 0, 1, 0, 1, 0, 0, 9, 7, 7]],
      ["outline", [0, 0, 0, 1, 0, 1, 0, 0, 1, 7, 7]],
      ["", [0, 0, 0, 1, 0, 1, 0, 0, 1, 7, 7, 3, 3]],
    ];
    for (const [field, bytes] of faults) {
      expect(faultOf(() => decodeRange(Uint8Array.from(bytes)))).toMatchObject({
        code: "DECODE",
        field,
      });
    }
    expect(faultOf(() => decodeRange(new Uint8Array(16_777_217)))).toMatchObject({ field: "" });
    const wrong = { entries: [{ key: new Uint8Array(257), value: Uint8Array.of(1) }], outline: [] };
    expect(faultOf(() => encodeRange(wrong))).toMatchObject({ field: "entries" });
  });
});

const anyBound = fc.constantFrom(new Uint8Array(31), new Uint8Array(33), new Uint8Array());
const anyEntry: fc.Arbitrary<Entry> = fc.record({
  key: fc.uint8Array({ maxLength: 3 }),
  value: fc.uint8Array({ maxLength: 3 }),
});
const outlines: fc.Arbitrary<OutlineNode[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom("empty" as const, "inner" as const, "inside" as const) }),
    fc.record({ type: fc.constant("hidden" as const), digest: anyPath }),
    fc.record({ type: fc.constant("other-leaf" as const), path: anyPath, valueDigest: anyPath }),
  ),
  { maxLength: 6 },
);

/** By the definition: all entries, one by one. */
function entriesIn(
  tree: Tree,
  { from, to }: Span,
  pathOf: (key: Uint8Array) => Uint8Array = sha256,
): Entry[] {
  return [...tree.entries()].filter(({ key }) => {
    const path = pathOf(key);
    return compareBytes(path, from) >= 0 && compareBytes(path, to) <= 0;
  });
}

function mutationsOf(
  { entries, outline }: RangeProof,
  tree: Tree,
  bit: number,
  roll: number,
): readonly RangeProof[] {
  const place = roll % outline.length;
  const [node, entry] = [outline[place], entries[roll % Math.max(entries.length, 1)]];
  const at = roll % Math.max(entries.length, 1);
  const inOrder = (list: readonly Entry[]): readonly Entry[] =>
    list.toSorted((left, right) => compareBytes(sha256(left.key), sha256(right.key)));
  const foreign = { key: Uint8Array.of(7, bit, roll), value: Uint8Array.of(1) };
  const all = [...tree.entries()];
  const inside = all[roll % all.length] ?? foreign;
  const broken: RangeProof[] = [
    { entries: entries.toSpliced(at, 1), outline },
    { entries: entries.slice(1), outline },
    { entries: entries.slice(0, -1), outline },
    { entries: inOrder([...entries, foreign]), outline },
    { entries: [...entries, foreign], outline },
    { entries: [...entries, inside], outline },
    { entries: entries.toReversed(), outline },
    { entries: entries.flatMap((one) => [one, one]), outline },
    { entries, outline: outline.slice(0, -1) },
    { entries, outline: [...outline, { type: "empty" }] },
    { entries, outline: [] },
    { entries, outline: outline.toSpliced(place, 1) },
    { entries, outline: outline.toReversed() },
  ];
  if (entry !== undefined) {
    const { key, value } = entry;
    broken.push({ entries: inOrder(entries.with(at, { key: flipBit(key, bit), value })), outline });
    broken.push({ entries: entries.with(at, { key, value: flipBit(value, bit) }), outline });
    broken.push({ entries: entries.with(at, { key, value: new Uint8Array() }), outline });
  }
  for (const type of ["empty", "inner", "inside"] as const) {
    broken.push({ entries, outline: outline.with(place, { type }) });
    broken.push({ entries, outline: outline.toSpliced(place, 0, { type }) });
  }
  if (node?.type === "hidden") {
    broken.push({
      entries,
      outline: outline.with(place, { ...node, digest: flipBit(node.digest, bit) }),
    });
  }
  if (node?.type === "other-leaf") {
    broken.push({
      entries,
      outline: outline.with(place, { ...node, path: flipBit(node.path, bit) }),
    });
    const valueDigest = flipBit(node.valueDigest, bit);
    broken.push({ entries, outline: outline.with(place, { ...node, valueDigest }) });
  }
  return broken;
}

function isSame(left: RangeProof, right: RangeProof): boolean {
  const text = ({ entries, outline }: RangeProof): string =>
    JSON.stringify([entries.map(({ key, value }) => [hex(key), hex(value)]), outline]);
  return text(left) === text(right);
}

/** The path one before or one after. */
function beside(path: Uint8Array, roll: number): Uint8Array {
  const number = BigInt(`0x${hex(path)}`) + (roll % 2 === 0 ? 1n : -1n);
  if (number < 0n || number >= 2n ** 256n) return path;
  return new Uint8Array(Buffer.from(number.toString(16).padStart(64, "0"), "hex"));
}

/** Undefined where a MerkleError is thrown; other errors fail the test in `faultOf`. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
