import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTree, emptyTree, encodeProof, prove, type Tree } from "../src/index.ts";
import {
  decodeMany,
  encodeMany,
  type MultiProof,
  manyFromJson,
  manyToJson,
  type OutlineNode,
  proveMany,
  verifyMany,
} from "../src/proofs/index.ts";
import { changeLists, closePaths, faultOf, flipBit, hex, keys, pathHasher } from "./arbitraries.ts";

const asked = fc.array(keys, { maxLength: 12 });

/** A tree, and keys of which some are in it. */
const cases = fc.tuple(changeLists, asked, fc.nat()).map(([changes, others, roll]) => ({
  tree: emptyTree.update(changes),
  keys: [...others, ...changes.filter((_, at) => (at + roll) % 3 === 0).map(({ key }) => key)],
}));

describe("multi-proofs", () => {
  test("P30: show what the tree holds at any keys, present, absent, repeated, in any order", () => {
    fc.assert(
      fc.property(cases, ({ tree, keys }) => {
        const proof = proveMany(tree, keys);
        const verdict = verifyMany({ root: tree.root, keys, proof });
        expect(verdict).toEqual({ ok: true, values: keys.map((key) => tree.get(key)) });
        expect(proveMany(tree, keys.toReversed())).toEqual(proof);
        expect(proveMany(tree, [...keys, ...keys])).toEqual(proof);
      }),
      { numRuns: 300 },
    );
  });

  test("hold to depth 256, at both ends, where hashed keys share long prefixes", () => {
    fc.assert(
      fc.property(
        fc.array(closePaths, { maxLength: 20 }),
        fc.array(closePaths, { maxLength: 8 }),
        (paths, others) => {
          const tree = closeTree(paths);
          const keys = [...others, ...paths.slice(0, 4)];
          const proof = proveMany(tree, keys);
          const claim = { root: tree.root, keys, hasher: pathHasher };
          const verdict = verifyMany({ ...claim, proof: decodeMany(encodeMany(proof)) });
          expect(verdict).toEqual({ ok: true, values: keys.map((key) => tree.get(key)) });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("hold shared siblings once: they are smaller than one proof for each key", () => {
    const tree = emptyTree.update(
      Array.from({ length: 2000 }, (_, at) => ({
        key: Uint8Array.of(at >>> 8, at),
        value: new Uint8Array(16).fill(7),
      })),
    );
    const keys = Array.from({ length: 500 }, (_, at) => Uint8Array.of(at >>> 7, at * 2));
    const together = encodeMany(proveMany(tree, keys)).length;
    const apart = keys.reduce((sum, key) => sum + encodeProof(prove(tree, key)).length, 0);
    expect(together).toBeLessThan(apart / 3);
    expect(verifyMany({ root: tree.root, keys, proof: proveMany(tree, keys) }).ok).toBe(true);
  });

  test("P30: with any part changed, left out, added or moved are rejected, and never throw", () => {
    let rejected = 0;
    fc.assert(
      fc.property(cases, fc.nat(), fc.nat(), ({ tree, keys }, bit, roll) => {
        const { root } = tree;
        const proof = proveMany(tree, keys);
        expect(verifyMany({ root: flipBit(root, bit), keys, proof }).ok).toBe(false);
        for (const broken of mutationsOf(proof, bit, roll)) {
          if (isSame(broken, proof)) continue;
          expect(verifyMany({ root, keys, proof: broken }).ok).toBe(false);
          rejected++;
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(rejected).toBeGreaterThan(2000);
  });

  test("P30: with any single bit of their encoding turned are no proof any more", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ tree, keys }, start) => {
        const bytes = encodeMany(proveMany(tree, keys));
        // Neighbouring bits, so that all of a byte's fall in one run sooner or later.
        for (let bit = start; bit < start + 64; bit++) {
          const proof = attempt(() => decodeMany(flipBit(bytes, bit)));
          if (proof === undefined) continue;
          expect(verifyMany({ root: tree.root, keys, proof }).ok).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("P30: with each single bit of one encoding turned, none left out, are no proof any more", () => {
    const key = (at: number): Uint8Array => Uint8Array.of(at);
    const set = (at: number) => ({ key: key(at), value: Uint8Array.of(at, 1) });
    const tree = emptyTree.update([...Array(24).keys()].map(set));
    const keys = [key(1), key(2), key(77), key(78), key(79)];
    const bytes = encodeMany(proveMany(tree, keys));
    let verified = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const proof = attempt(() => decodeMany(flipBit(bytes, bit)));
      if (proof === undefined) continue;
      verified++;
      expect(verifyMany({ root: tree.root, keys, proof }).ok).toBe(false);
    }
    expect(verified).toBeGreaterThan(1000);
  });

  test("of some keys show nothing about others", () => {
    fc.assert(
      fc.property(cases, asked, ({ tree, keys }, others) => {
        const proof = proveMany(tree, keys);
        for (const next of [
          others,
          keys.slice(1),
          [...keys, ...others],
          others.concat(keys[0] ?? []),
        ]) {
          const verdict = verifyMany({ root: tree.root, keys: next, proof });
          // Absent keys may end in the same slot or at the same leaf: then it is true of both.
          if (verdict.ok) expect(verdict.values).toEqual(next.map((key) => tree.get(key)));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("are the only ones: the outline of more keys is no proof of fewer", () => {
    let refused = 0;
    fc.assert(
      fc.property(cases, asked, ({ tree, keys }, others) => {
        const proof = proveMany(tree, keys);
        const absent = others.filter((key) => tree.get(key) === undefined);
        const { outline } = proveMany(tree, [...keys, ...absent]);
        const verdict = verifyMany({ root: tree.root, keys, proof: { ...proof, outline } });
        const isOther = !isSame({ ...proof, outline }, proof);
        expect(verdict.ok).toBe(!isOther);
        if (isOther) refused++;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  test("deeper than any tree are refused without a throw", () => {
    // The way that always goes left, so that nothing else stops it.
    const keys = [new Uint8Array(32)];
    const outline = Array.from({ length: 200_000 }, (): OutlineNode => ({ type: "inner" }));
    const proof = { values: [undefined], outline };
    const verdict = verifyMany({ root: emptyTree.root, keys, proof, hasher: pathHasher });
    expect(verdict).toEqual({ ok: false, reason: "shape" });
  });

  test("any outline and values are checked without a throw, and none that is false is accepted", () => {
    fc.assert(
      fc.property(
        cases,
        outlines,
        fc.array(anyValue, { maxLength: 20 }),
        (one, outline, values) => {
          const { tree, keys } = one;
          const verdict = verifyMany({ root: tree.root, keys, proof: { values, outline } });
          if (verdict.ok) expect(verdict.values).toEqual(keys.map((key) => tree.get(key)));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("the bytes of a multi-proof", () => {
  test("every byte string is the canonical encoding of one or a DECODE fault", () => {
    const results = { decoded: 0, refused: 0 };
    const near = fc
      .tuple(cases, fc.nat(), fc.constantFrom(-3, -1, 0, 0, 0, 0, 1))
      .map(([{ tree, keys }, bit, extra]) =>
        cut(flipBit(encodeMany(proveMany(tree, keys)), bit), extra),
      );
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 120, max: 5 })), (bytes) => {
        const decoded = attempt(() => decodeMany(bytes));
        if (decoded === undefined) {
          results.refused++;
          expect(faultOf(() => decodeMany(bytes)).code).toBe("DECODE");
        } else {
          results.decoded++;
          expect(encodeMany(decoded)).toEqual(bytes);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1500, seed: 1 },
    );
    expect(results.decoded).toBeGreaterThan(100);
    expect(results.refused).toBeGreaterThan(100);
  });

  test("decoding and JSON give the proof back unchanged", () => {
    fc.assert(
      fc.property(cases, ({ tree, keys }) => {
        const proof = proveMany(tree, keys);
        expect(decodeMany(encodeMany(proof))).toEqual(proof);
        expect(manyFromJson(JSON.parse(JSON.stringify(manyToJson(proof))))).toEqual(proof);
      }),
      { numRuns: 200 },
    );
  });

  test("a fault names the field", () => {
    const empty = new Uint8Array(emptyTree.root);
    const cases: readonly (readonly [field: string, bytes: Uint8Array])[] = [
      ["values", Uint8Array.of(0, 0, 0)],
      ["values", Uint8Array.of(255, 255, 255, 255)],
      ["values", Uint8Array.of(0, 0, 0, 1, 0, 0)],
      ["values", Uint8Array.of(0, 0, 0, 1, 0, 0, 2, 9)],
      ["values", Uint8Array.of(0, 0, 0, 1, 0x10, 0, 1, 9)],
      ["outline", Uint8Array.of(0, 0, 0, 0)],
      ["outline", Uint8Array.of(0, 0, 0, 0, 5)],
      ["outline", Uint8Array.of(0, 0, 0, 0, 2, 0)],
      ["outline", Uint8Array.of(0, 0, 0, 0, 1, 7)],
      ["outline", new Uint8Array([0, 0, 0, 0, 1, ...empty])],
      ["path", Uint8Array.of(0, 0, 0, 0, 4)],
      ["valueDigest", new Uint8Array([0, 0, 0, 0, 4, ...empty, 1])],
      ["", Uint8Array.of(0, 0, 0, 0, 0, 0)],
      ["outline", new Uint8Array([0, 0, 0, 0, ...new Uint8Array(257).fill(2)])],
    ];
    for (const [field, bytes] of cases) {
      expect(faultOf(() => decodeMany(bytes))).toMatchObject({ code: "DECODE", field });
    }
    const chain = (depth: number): Uint8Array =>
      new Uint8Array([0, 0, 0, 0, ...new Uint8Array(depth).fill(2), ...new Uint8Array(depth + 1)]);
    expect(decodeMany(chain(256)).outline).toHaveLength(513);
    expect(faultOf(() => decodeMany(chain(257)))).toMatchObject({ field: "outline" });
  });

  test("what no bytes decode to is not encoded", () => {
    const wrong: readonly MultiProof[] = [
      { values: [new Uint8Array()], outline: [{ type: "empty" }] },
      { values: [new Uint8Array(1_048_577)], outline: [{ type: "empty" }] },
      { values: [], outline: [] },
      { values: [], outline: [{ type: "inner" }, { type: "empty" }] },
      { values: [], outline: [{ type: "empty" }, { type: "empty" }] },
      { values: [], outline: [{ type: "hidden", digest: new Uint8Array(31) }] },
      { values: [], outline: [{ type: "hidden", digest: emptyTree.root }] },
      {
        values: [],
        outline: [
          { type: "other-leaf", path: new Uint8Array(32), valueDigest: new Uint8Array(33) },
        ],
      },
      {
        values: Array.from({ length: 17 }, () => new Uint8Array(1_048_576)),
        outline: [{ type: "empty" }],
      },
    ];
    for (const proof of wrong) expect(faultOf(() => encodeMany(proof)).code).toBe("DECODE");
  });

  test("JSON that is no proof is a fault that names the field", () => {
    const good = { values: ["01", null], outline: [{ type: "hidden", digest: "00".repeat(32) }] };
    expect(manyFromJson(good).values).toEqual([Uint8Array.of(1), undefined]);
    const cases: readonly (readonly [field: string, json: unknown])[] = [
      ["", [good]],
      ["more", { ...good, more: 1 }],
      ["values", { outline: good.outline }],
      ["values.0", { ...good, values: [""] }],
      ["values.1", { ...good, values: ["01", "AB"] }],
      ["values.0", { ...good, values: ["012"] }],
      ["values.0", { ...good, values: [undefined] }],
      ["outline", { ...good, outline: [] }],
      ["outline", { ...good, outline: [{ type: "inner" }] }],
      ["outline.0", { ...good, outline: [7] }],
      ["outline.0.type", { ...good, outline: [{ type: "leaf" }] }],
      ["outline.0.digest", { ...good, outline: [{ type: "hidden", digest: "00" }] }],
      ["outline.0.digest", { ...good, outline: [{ type: "hidden", digest: hex(emptyTree.root) }] }],
      ["outline.0.digest", { ...good, outline: [{ type: "inner", digest: "00".repeat(32) }] }],
    ];
    for (const [field, json] of cases) {
      expect(faultOf(() => manyFromJson(json))).toMatchObject({ code: "DECODE", field });
    }
  });
});

const digests = fc.uint8Array({ minLength: 31, maxLength: 33 });
const anyValue = fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined });
const outlines: fc.Arbitrary<OutlineNode[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constantFrom("empty" as const, "inner" as const, "inside" as const) }),
    fc.record({ type: fc.constant("hidden" as const), digest: digests }),
    fc.record({ type: fc.constant("other-leaf" as const), path: digests, valueDigest: digests }),
  ),
  { maxLength: 20 },
);

/** Proofs that differ from this one in one place. */
function mutationsOf(
  { values, outline }: MultiProof,
  bit: number,
  roll: number,
): readonly MultiProof[] {
  const at = roll % Math.max(values.length, 1);
  const place = roll % outline.length;
  const other = bit % outline.length;
  const [value, node, moved] = [values[at], outline[place], outline[other]];
  const broken: MultiProof[] = [
    { values: [...values, Uint8Array.of(1)], outline },
    { values: [...values, undefined], outline },
    { values: values.slice(1), outline },
    { values: values.toReversed(), outline },
    { values, outline: outline.slice(0, -1) },
    { values, outline: [...outline, { type: "empty" }] },
    { values, outline: outline.toSpliced(place, 1) },
    { values, outline: outline.toReversed() },
    { values, outline: [] },
  ];
  if (values.length > 0) {
    broken.push({
      values: values.with(at, value === undefined ? Uint8Array.of(1) : undefined),
      outline,
    });
    broken.push({ values: values.with(at, new Uint8Array()), outline });
    if (value !== undefined) broken.push({ values: values.with(at, flipBit(value, bit)), outline });
  }
  if (node === undefined || moved === undefined) return broken;
  broken.push({ values, outline: outline.toSpliced(place, 0, node) });
  broken.push({ values, outline: outline.with(place, moved).with(other, node) });
  for (const type of ["empty", "inner", "inside"] as const) {
    broken.push({ values, outline: outline.with(place, { type }) });
    broken.push({ values, outline: outline.toSpliced(place, 0, { type }) });
  }
  if (node.type === "empty") {
    const digest = new Uint8Array(emptyTree.root);
    broken.push({ values, outline: outline.with(place, { type: "hidden", digest }) });
  }
  if (node.type === "hidden") {
    broken.push({
      values,
      outline: outline.with(place, { ...node, digest: flipBit(node.digest, bit) }),
    });
  }
  if (node.type === "other-leaf") {
    broken.push({
      values,
      outline: outline.with(place, { ...node, path: flipBit(node.path, bit) }),
    });
    broken.push({
      values,
      outline: outline.with(place, { ...node, valueDigest: flipBit(node.valueDigest, bit) }),
    });
  }
  return broken;
}

function isSame(left: MultiProof, right: MultiProof): boolean {
  return JSON.stringify(manyToJson(left)) === JSON.stringify(manyToJson(right));
}

function closeTree(paths: readonly Uint8Array[]): Tree {
  const changes = paths.map((key, at) => ({ key, value: Uint8Array.of(1 + (at % 200)) }));
  return createTree({ hasher: pathHasher }).update(changes);
}

function cut(bytes: Uint8Array, extra: number): Uint8Array {
  if (extra <= 0) return bytes.slice(0, Math.max(bytes.length + extra, 0));
  return new Uint8Array([...bytes, ...new Uint8Array(extra)]);
}

/** Undefined where a MerkleError is thrown; other errors fail the test in `faultOf`. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
