/**
 * Makes outlines.json: proofs of many keys, of ranges, and chunks of snapshots, in their canonical bytes.
 * Bytes are hexadecimal. `node --conditions=@aethel/source packages/merkle/test/vectors/make-outlines.ts`.
 */
import { writeFileSync } from "node:fs";
import { emptyTree, snapshotChunks, type Tree } from "@aethel/merkle";
import { encodeMany, encodeRange, proveMany, proveRange } from "@aethel/merkle/proofs";
import { CONTENTS, hexOf, type Pair } from "./make.ts";

const utf8 = new TextEncoder();

/** The path that begins with this byte, and goes on with others. */
const pathOf = (first: number, others: number): Uint8Array => {
  const path = new Uint8Array(32).fill(others);
  path[0] = first;
  return path;
};

const RANGES: readonly (readonly [Uint8Array, Uint8Array])[] = [
  [pathOf(0, 0), pathOf(255, 255)],
  [pathOf(0x20, 0), pathOf(0x9f, 255)],
  [pathOf(0x80, 0), pathOf(0x80, 0)],
];

function rowsOf(tree: Tree, pairs: readonly Pair[]): object {
  const there = pairs.filter((_, at) => at % 3 === 0).map(({ key }) => key);
  const asked = [[], there, [...there, utf8.encode("nobody")], [utf8.encode("nowhere")]];
  return {
    root: hexOf(tree.root),
    pairs: pairs.map(({ key, value }) => ({ key: hexOf(key), value: hexOf(value) })),
    many: asked.map((keys) => ({
      keys: keys.map(hexOf),
      bytes: hexOf(encodeMany(proveMany(tree, keys))),
    })),
    ranges: RANGES.map(([from, to]) => ({
      from: hexOf(from),
      to: hexOf(to),
      bytes: hexOf(encodeRange(proveRange(tree, { from, to }))),
    })),
    chunks: [...snapshotChunks(tree, { chunkBytes: 60 })].map(hexOf),
  };
}

/** The text of the file. */
export function outlineText(): string {
  const trees = Object.entries(CONTENTS).map(([name, pairs]) => ({
    name,
    ...rowsOf(emptyTree.update(pairs), pairs),
  }));
  return `${JSON.stringify({ trees }, undefined, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL("outlines.json", import.meta.url), outlineText());
