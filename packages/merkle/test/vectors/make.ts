/**
 * Makes tree.json: contents of trees with their roots, and proofs in their canonical bytes. Bytes
 * are hexadecimal. `node --conditions=@aethel/source packages/merkle/test/vectors/make.ts`.
 */
import { writeFileSync } from "node:fs";
import { emptyTree, encodeProof, prove } from "@aethel/merkle";

const utf8 = new TextEncoder();
/** Bytes in hexadecimal. */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Key and value of a tree. */
export interface Pair {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const named = (count: number): readonly Pair[] =>
  Array.from({ length: count }, (_, at) => ({
    key: utf8.encode(`key ${at}`),
    value: utf8.encode(`value ${at * at}`),
  }));

/** Contents from nothing to what has long shared ways, short and long keys and values. */
export const CONTENTS: Readonly<Record<string, readonly Pair[]>> = {
  empty: [],
  "one pair": named(1),
  "two pairs": named(2),
  "twenty pairs": named(20),
  "a key and a value of one byte": [{ key: Uint8Array.of(0), value: Uint8Array.of(0) }],
  "a key of 256 bytes, a value of 1,000": [
    { key: new Uint8Array(256).fill(7), value: new Uint8Array(1_000).fill(9) },
    ...named(3),
  ],
  "an account of the ledger": [
    { key: Uint8Array.of(1, ...new Uint8Array(32).fill(5)), value: new Uint8Array(16).fill(1) },
    ...named(5),
  ],
};

/** Two keys that are there, where there are two, and two that are not. */
function askedOf(pairs: readonly Pair[]): readonly Uint8Array[] {
  const there = [pairs[0], pairs.at(-1)].flatMap((pair) => (pair === undefined ? [] : [pair.key]));
  return [...there, utf8.encode("nobody"), utf8.encode("nowhere")];
}

/** The text of the file. */
export function vectorText(): string {
  const trees = Object.entries(CONTENTS).map(([name, pairs]) => {
    const tree = emptyTree.update(pairs);
    return {
      name,
      root: hexOf(tree.root),
      pairs: pairs.map(({ key, value }) => ({ key: hexOf(key), value: hexOf(value) })),
      proofs: askedOf(pairs).map((key) => {
        const proof = prove(tree, key);
        return { key: hexOf(key), type: proof.type, bytes: hexOf(encodeProof(proof)) };
      }),
    };
  });
  return `${JSON.stringify({ trees }, undefined, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL("tree.json", import.meta.url), vectorText());
