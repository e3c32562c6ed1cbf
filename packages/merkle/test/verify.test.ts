import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { emptyTree, type MerkleProof, prove, verifyProof } from "../src/index.ts";
import { utf8 } from "./arbitraries.ts";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());

const tree = emptyTree.update(
  Array.from({ length: 50 }, (_, at) => ({ key: utf8(`key ${at}`), value: utf8(`value ${at}`) })),
);
const { root } = tree;
const key = utf8("key 7");
const proof = prove(tree, key);

describe("verifyProof", () => {
  test("refuses roots, keys, values and digests of a length that none can have", () => {
    const wrong: readonly { root: Uint8Array; key: Uint8Array; proof: MerkleProof }[] = [
      { root: root.slice(1), key, proof },
      { root: new Uint8Array(33), key, proof },
      { root, key: new Uint8Array(), proof },
      { root, key: new Uint8Array(257), proof },
      {
        root,
        key,
        proof: { type: "inclusion", siblings: proof.siblings, value: new Uint8Array() },
      },
      { root, key, proof: { ...proof, siblings: [new Uint8Array(31)] } },
      { root, key, proof: { ...proof, siblings: [...proof.siblings, new Uint8Array(64)] } },
      {
        root,
        key,
        proof: { type: "other-leaf", siblings: [], path: new Uint8Array(31), valueDigest: root },
      },
      {
        root,
        key,
        proof: { type: "other-leaf", siblings: [], path: root, valueDigest: new Uint8Array(33) },
      },
    ];
    for (const options of wrong) {
      expect(verifyProof(options)).toEqual({ ok: false, reason: "length" });
    }
  });

  test("refuses more than 256 siblings before it hashes any", () => {
    const siblings = Array.from({ length: 257 }, () => root);
    const verdict = verifyProof({ root, key, proof: { type: "empty-slot", siblings } });
    expect(verdict).toEqual({ ok: false, reason: "depth" });
  });

  test("refuses the key's own leaf as the reason for its absence", () => {
    if (proof.type !== "inclusion") throw new Error("the key is in the tree");
    const lie: MerkleProof = {
      type: "other-leaf",
      siblings: proof.siblings,
      path: sha256(key),
      valueDigest: sha256(proof.value),
    };
    expect(verifyProof({ root, key, proof: lie })).toEqual({
      ok: false,
      reason: "other-leaf-is-own",
    });
  });

  test("refuses another leaf that leaves the way one level too early, whatever the root is", () => {
    const way = sha256(key);
    const siblings = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    const valueDigest = sha256(utf8("value"));
    // The way's first bits, then the other one: alone it would be refused as the key's own leaf.
    const partsAfter = (bits: number): Uint8Array =>
      way.with(bits >>> 3, (way[bits >>> 3] ?? 0) ^ (0x80 >>> (bits & 7)));
    const check = (bits: number) => {
      const path = partsAfter(bits);
      // A root that nobody but a liar has, made to fit.
      const forged = siblings.reduceRight(
        (digest, sibling, depth) =>
          ((way[0] ?? 0) & (0x80 >>> depth)) === 0
            ? sha256(digest, sibling)
            : sha256(sibling, digest),
        sha256(sha256(utf8("aethel/tree-leaf")), path, valueDigest),
      );
      const proof: MerkleProof = { type: "other-leaf", siblings, path, valueDigest };
      return verifyProof({ root: forged, key, proof });
    };

    expect(check(2)).toEqual({ ok: false, reason: "other-leaf-elsewhere" });
    expect(check(0)).toEqual({ ok: false, reason: "other-leaf-elsewhere" });
    expect(check(3)).toEqual({ ok: true, value: undefined });
    expect(check(255)).toEqual({ ok: true, value: undefined });
  });

  test("refuses another leaf that does not stand on the way to the key", () => {
    const stranger = utf8("key 8");
    const foreign = prove(tree, stranger);
    if (foreign.type !== "inclusion") throw new Error("the key is in the tree");
    const lie: MerkleProof = {
      type: "other-leaf",
      siblings: foreign.siblings,
      path: sha256(stranger),
      valueDigest: sha256(foreign.value),
    };
    expect(verifyProof({ root, key, proof: lie })).toEqual({
      ok: false,
      reason: "other-leaf-elsewhere",
    });
  });

  test("refuses a shape that no content has, even under a root that was made for it", () => {
    const empty = emptyTree.root;
    const alone = emptyTree.update([{ key, value: utf8("v") }]).root;
    const isRight = ((sha256(key)[0] ?? 0) & 0x80) !== 0;
    const crafted = isRight ? sha256(empty, alone) : sha256(alone, empty);
    const inclusion: MerkleProof = { type: "inclusion", siblings: [empty], value: utf8("v") };
    const slot: MerkleProof = { type: "empty-slot", siblings: [empty] };

    expect(verifyProof({ root: crafted, key, proof: inclusion })).toEqual({
      ok: false,
      reason: "shape",
    });
    expect(verifyProof({ root: sha256(empty, empty), key, proof: slot })).toEqual({
      ok: false,
      reason: "shape",
    });
  });

  test("does not take an inner node for a leaf, nor a leaf for an inner node", () => {
    // A value that is the preimage of an inner node gives nobody a second way to that node.
    const [sibling] = proof.siblings;
    const node = Buffer.concat([sibling ?? root, root]);
    const trap = emptyTree.update([{ key: utf8("trap"), value: node }]);

    const short = prove(trap, utf8("trap"));
    const deeper: MerkleProof = { ...short, siblings: [root] };
    expect(verifyProof({ root: trap.root, key: utf8("trap"), proof: short }).ok).toBe(true);
    expect(verifyProof({ root: trap.root, key: utf8("trap"), proof: deeper }).ok).toBe(false);
    const asSlot: MerkleProof = { type: "empty-slot", siblings: [root] };
    expect(verifyProof({ root: trap.root, key: utf8("trap"), proof: asSlot }).ok).toBe(false);
  });

  test("in the empty tree every key is absent, with a proof of three bytes", () => {
    const none = prove(emptyTree, key);
    expect(none).toEqual({ type: "empty-slot", siblings: [] });
    expect(verifyProof({ root: emptyTree.root, key, proof: none })).toEqual({
      ok: true,
      value: undefined,
    });
  });
});
