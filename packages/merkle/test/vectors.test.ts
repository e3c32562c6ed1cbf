import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeProof, verifyProof } from "../src/index.ts";
import { referenceRoot } from "./oracle.ts";
import { vectorText } from "./vectors/make.ts";

const text = readFileSync(new URL("vectors/tree.json", import.meta.url), "utf8");

interface Vectors {
  readonly trees: readonly {
    readonly name: string;
    readonly root: string;
    readonly pairs: readonly { readonly key: string; readonly value: string }[];
    readonly proofs: readonly {
      readonly key: string;
      readonly type: string;
      readonly bytes: string;
    }[];
  }[];
}
const { trees } = JSON.parse(text) as Vectors;

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const tag = (name: string): Buffer => sha256(Buffer.from(`aethel/${name}`));
const EMPTY = sha256(tag("tree-empty"));

/**
 * The root that a proof shows for a key, from the README's definition of the tree and the table of
 * the encoding alone; with the value, or undefined where the key is absent.
 */
function shownBy(bytes: Buffer, key: Uint8Array): { root: Buffer; value: Buffer | undefined } {
  const path = sha256(key);
  const depth = bytes.readUInt16BE(1);
  const map = bytes.subarray(3, 3 + Math.ceil(depth / 8));
  let at = 3 + map.length;
  const siblings = Array.from({ length: depth }, (_, index) => {
    const isFull = ((map[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
    if (!isFull) return EMPTY;
    at += 32;
    return bytes.subarray(at - 32, at);
  });
  const end = bytes.subarray(at);
  const kind = bytes[0];
  const value = kind === 1 ? end : undefined;
  let digest = EMPTY;
  if (kind === 1) digest = sha256(tag("tree-leaf"), path, sha256(end));
  if (kind === 3) digest = sha256(tag("tree-leaf"), end);
  for (let level = depth - 1; level >= 0; level--) {
    const isRight = ((path[level >> 3] ?? 0) & (0x80 >> (level & 7))) !== 0;
    const sibling = siblings[level] ?? EMPTY;
    digest = isRight ? sha256(sibling, digest) : sha256(digest, sibling);
  }
  return { root: digest, value };
}

describe("the vectors in the repository", () => {
  test("are what the script makes of the package", () => {
    expect(vectorText()).toBe(text);
    expect(trees.length).toBeGreaterThan(5);
  });

  test("have the root of the definition", () => {
    for (const { name, root, pairs } of trees) {
      const content = pairs.map(({ key, value }) => ({ key: bytesOf(key), value: bytesOf(value) }));
      expect(Buffer.from(referenceRoot(content)).toString("hex"), name).toBe(root);
    }
  });

  test("have proofs that a reader of the table alone can check, and the package agrees", () => {
    const kinds = new Set<string>();
    for (const { name, root, pairs, proofs } of trees) {
      for (const { key, type, bytes } of proofs) {
        kinds.add(type);
        const shown = shownBy(Buffer.from(bytes, "hex"), bytesOf(key));
        const stored = pairs.find((pair) => pair.key === key)?.value;
        expect(shown.root.toString("hex"), name).toBe(root);
        expect(shown.value?.toString("hex"), name).toBe(stored);
        const asked = { root: bytesOf(root) as never, key: bytesOf(key) };
        const verdict = verifyProof({ ...asked, proof: decodeProof(bytesOf(bytes)) });
        expect(verdict.ok && verdict.value && Buffer.from(verdict.value).toString("hex")).toBe(
          stored,
        );
      }
    }
    expect([...kinds].toSorted()).toEqual(["empty-slot", "inclusion", "other-leaf"]);
  });
});
