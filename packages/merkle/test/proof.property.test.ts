import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Change,
  createTree,
  decodeProof,
  emptyTree,
  encodeProof,
  MerkleError,
  type MerkleProof,
  prove,
  type Tree,
  verifyProof,
} from "../src/index.ts";
import { changeLists, closePaths, flipBit, hex, keys, pathHasher } from "./arbitraries.ts";

describe("proofs", () => {
  test("show what the tree holds at any key, present or absent", () => {
    fc.assert(
      fc.property(changeLists, fc.array(keys, { maxLength: 5 }), (changes, others) => {
        const tree = emptyTree.update(changes);
        for (const key of [...changes.map((change) => change.key), ...others]) {
          const verdict = verifyProof({ root: tree.root, key, proof: prove(tree, key) });
          expect(verdict).toEqual({ ok: true, value: tree.get(key) });
        }
      }),
      { numRuns: 150 },
    );
  });

  test("hold to depth 256, at both ends, where hashed keys share long prefixes", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(closePaths, { maxLength: 20 }), closePaths, (paths, other) => {
        const tree = closeTree(paths);
        for (const key of [...paths, other]) {
          const proof = prove(tree, key);
          seen.add(proof.type);
          const verdict = verifyProof({ root: tree.root, key, proof, hasher: pathHasher });
          expect(verdict).toEqual({ ok: true, value: tree.get(key) });
          expect(decodeProof(encodeProof(proof))).toEqual(proof);
        }
      }),
      { numRuns: 200 },
    );

    expect([...seen].sort()).toEqual(["empty-slot", "inclusion", "other-leaf"]);
    const twins = [0x00, 0x01].map((last) => new Uint8Array(32).with(31, last));
    const [first] = twins;
    expect(first === undefined ? 0 : prove(closeTree(twins), first).siblings.length).toBe(256);
  });

  test("P30: with any single bit of root, value or digests turned are rejected", () => {
    fc.assert(
      fc.property(filled, keys, fc.nat(), fc.nat(), ({ tree, key }, other, bit, which) => {
        for (const asked of [key, other]) {
          const proof = prove(tree, asked);
          expect(verifyProof({ root: flipBit(tree.root, bit), key: asked, proof }).ok).toBe(false);
          for (const broken of breakProof(proof, bit, which)) {
            expect(verifyProof({ root: tree.root, key: asked, proof: broken }).ok).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("P30: with any single bit of their encoding turned are no proof any more", () => {
    fc.assert(
      fc.property(filled, keys, fc.nat(), ({ tree, key }, other, bit) => {
        for (const asked of [key, other]) {
          const bytes = flipBit(encodeProof(prove(tree, asked)), bit);
          const proof = attempt(() => decodeProof(bytes));
          if (proof instanceof MerkleError) continue;
          expect(verifyProof({ root: tree.root, key: asked, proof }).ok).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("of one key never show a falsehood about another", () => {
    fc.assert(
      fc.property(filled, keys, fc.nat(), ({ tree, key }, other, bit) => {
        for (const asked of [key, other]) {
          const proof = prove(tree, asked);
          for (const next of [key, other, flipBit(asked, bit)]) {
            const verdict = verifyProof({ root: tree.root, key: next, proof });
            // An empty slot or a foreign leaf may truly be the end of several absent keys' ways.
            if (verdict.ok) expect(verdict.value).toEqual(tree.get(next));
          }
          if (proof.type === "inclusion") {
            const turned = flipBit(asked, bit);
            expect(verifyProof({ root: tree.root, key: turned, proof }).ok).toBe(false);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("B13: bind the position: no other order, length or side of the siblings verifies", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(closePaths, { selector: hex, minLength: 2 }),
        fc.nat(),
        (paths, roll) => {
          const tree = closeTree(paths);
          const key = paths[roll % paths.length] ?? new Uint8Array(32);
          const proof = prove(tree, key);
          const { siblings } = proof;
          const at = roll % siblings.length;
          const moved = [
            siblings.toSpliced(at, 1),
            siblings.toSpliced(at, 0, siblings[at] ?? tree.root),
            [tree.root, ...siblings],
            [...siblings, tree.root],
            siblings.slice(1),
            siblings.slice(0, -1),
          ];
          const reversed = siblings.toReversed();
          if (
            reversed.some((sibling, index) => hex(sibling) !== hex(siblings[index] ?? tree.root))
          ) {
            moved.push(reversed);
          }

          for (const other of moved) {
            const verdict = verifyProof({
              root: tree.root,
              key,
              proof: { ...proof, siblings: other },
              hasher: pathHasher,
            });
            expect(verdict.ok).toBe(false);
          }
          // The other side at one level is another key's way.
          const side = key.with(at >>> 3, (key[at >>> 3] ?? 0) ^ (0x80 >>> (at & 7)));
          expect(verifyProof({ root: tree.root, key: side, proof, hasher: pathHasher }).ok).toBe(
            false,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Some content, and one of its keys. */
const filled: fc.Arbitrary<{ readonly tree: Tree; readonly key: Uint8Array }> = fc
  .tuple(changeLists, keys, fc.uint8Array({ minLength: 1, maxLength: 80 }))
  .map(([changes, key, value]) => ({
    tree: emptyTree.update([...changes, { key, value }]),
    key,
  }));

function closeTree(paths: readonly Uint8Array[]): Tree {
  const changes = paths.map((key): Change => ({ key, value: Uint8Array.of(7) }));
  return createTree({ hasher: pathHasher }).update(changes);
}

/** The proof with one bit turned, in each of its parts. */
function breakProof(proof: MerkleProof, bit: number, which: number): readonly MerkleProof[] {
  const { siblings } = proof;
  const at = which % Math.max(siblings.length, 1);
  const sibling = siblings[at];
  const broken: MerkleProof[] = [];
  if (sibling !== undefined) {
    broken.push({ ...proof, siblings: siblings.with(at, flipBit(sibling, bit)) });
  }
  if (proof.type === "inclusion") broken.push({ ...proof, value: flipBit(proof.value, bit) });
  if (proof.type === "other-leaf") {
    broken.push({ ...proof, path: flipBit(proof.path, bit) });
    broken.push({ ...proof, valueDigest: flipBit(proof.valueDigest, bit) });
  }
  return broken;
}

function attempt<T>(action: () => T): T | MerkleError {
  try {
    return action();
  } catch (error) {
    if (error instanceof MerkleError) return error;
    throw error;
  }
}
