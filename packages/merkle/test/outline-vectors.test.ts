import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { outlineText } from "./vectors/make-outlines.ts";

const text = readFileSync(new URL("vectors/outlines.json", import.meta.url), "utf8");

interface Vectors {
  readonly trees: readonly {
    readonly name: string;
    readonly root: string;
    readonly pairs: readonly { readonly key: string; readonly value: string }[];
    readonly many: readonly { readonly keys: readonly string[]; readonly bytes: string }[];
    readonly ranges: readonly {
      readonly from: string;
      readonly to: string;
      readonly bytes: string;
    }[];
    readonly chunks: readonly string[];
  }[];
}
const { trees } = JSON.parse(text) as Vectors;

const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const tag = (name: string): Buffer => sha256(Buffer.from(`aethel/${name}`));
const numberOf = (path: Uint8Array): bigint => BigInt(`0x${Buffer.from(path).toString("hex")}`);
const EMPTY = sha256(tag("tree-empty"));
const LAST = (1n << 256n) - 1n;

interface Entry {
  readonly path: Buffer;
  readonly value: Buffer;
}
interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/** Reads from the front, numbers big-endian. */
class Reader {
  #at = 0;
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error("the bytes end");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
  number(length: number): number {
    return this.take(length).readUIntBE(0, length);
  }
  /** A number of items that have so many bytes at least. */
  count(least: number): number {
    const count = this.number(4);
    if (count * least > this.#bytes.length) throw new Error("more than there are bytes");
    return count;
  }
  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}

const leafOf = (path: Buffer, valueDigest: Buffer): Buffer =>
  sha256(tag("tree-leaf"), path, valueDigest);
const bitOf = (path: Buffer, depth: number): number =>
  ((path[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1;

/** Digest of the subtree that has these entries, by the definition of the tree. */
function subtree(entries: readonly Entry[], depth: number): Buffer {
  const [only] = entries;
  if (only === undefined) return EMPTY;
  if (entries.length === 1) return leafOf(only.path, sha256(only.value));
  const side = (bit: number): readonly Entry[] =>
    entries.filter(({ path }) => bitOf(path, depth) === bit);
  return sha256(subtree(side(0), depth + 1), subtree(side(1), depth + 1));
}

interface Found {
  readonly digest: Buffer;
  readonly kind: "empty" | "leaf" | "more";
  readonly hasOther: boolean;
}

/** Walks an outline by the rules of docs/specification/tree.md; throws where it breaks one. */
function walk(
  reader: Reader,
  place: {
    readonly entries: readonly Entry[];
    readonly spans: readonly Span[];
    readonly way: bigint;
    readonly depth: number;
  },
): Found {
  const { entries, way, depth } = place;
  const size = 1n << BigInt(256 - depth);
  const [low, high] = [way * size, way * size + size - 1n];
  const spans = place.spans.filter(({ from, to }) => from <= high && to >= low);
  const isAsked = (path: Buffer): boolean =>
    spans.some(({ from, to }) => numberOf(path) >= from && numberOf(path) <= to);
  const demand = (holds: boolean, rule: string): void => {
    if (!holds) throw new Error(rule);
  };
  const kind = reader.number(1);
  switch (kind) {
    case 0:
      demand(entries.length === 0, "an entry where nothing is");
      return { digest: EMPTY, kind: "empty", hasOther: false };
    case 1: {
      const digest = reader.take(32);
      demand(spans.length === 0 && !digest.equals(EMPTY), "hidden what is asked, or nothing");
      return { digest, kind: "more", hasOther: true };
    }
    case 3:
      demand(entries.length > 0 && entries.every(({ path }) => isAsked(path)), "nothing inside");
      return {
        digest: subtree(entries, depth),
        kind: entries.length === 1 ? "leaf" : "more",
        hasOther: false,
      };
    case 4: {
      const [path, valueDigest] = [reader.take(32), reader.take(32)];
      const isOn = numberOf(path) >= low && numberOf(path) <= high;
      demand(entries.length === 0 && spans.length > 0 && isOn && !isAsked(path), "other leaf");
      return { digest: leafOf(path, valueDigest), kind: "leaf", hasOther: true };
    }
    case 2: {
      demand(spans.length > 0 && depth < 256, "an inner node where nothing is asked");
      const side = (bit: number): Found =>
        walk(reader, {
          entries: entries.filter(({ path }) => bitOf(path, depth) === bit),
          spans,
          way: 2n * way + BigInt(bit),
          depth: depth + 1,
        });
      const [left, right] = [side(0), side(1)];
      demand(left.hasOther || right.hasOther, "it is inside, or empty");
      const kinds = [left.kind, right.kind];
      demand(!(kinds.includes("empty") && kinds.includes("leaf")), "a leaf that is alone");
      return { digest: sha256(left.digest, right.digest), kind: "more", hasOther: true };
    }
    default:
      throw new Error(`kind ${kind}`);
  }
}

function rootShown(reader: Reader, entries: readonly Entry[], spans: readonly Span[]): string {
  const { digest } = walk(reader, { entries, spans, way: 0n, depth: 0 });
  if (!reader.isAtEnd()) throw new Error("bytes follow");
  return digest.toString("hex");
}

/** Root and values that a multi-proof shows. */
function readMany(bytes: Buffer, keys: readonly Buffer[]): { root: string; values: string[] } {
  const reader = new Reader(bytes);
  const paths = [...new Set(keys.map((key) => sha256(key).toString("hex")))].toSorted();
  const values = Array.from({ length: reader.count(3) }, () => reader.take(reader.number(3)));
  if (values.length !== paths.length) throw new Error("one value for each key");
  const entries = values.flatMap((value, at) =>
    value.length === 0 ? [] : [{ path: bytesOf(paths[at] ?? ""), value }],
  );
  const spans = paths.map((path) => ({ from: BigInt(`0x${path}`), to: BigInt(`0x${path}`) }));
  return {
    root: rootShown(reader, entries, spans),
    values: keys.map(
      (key) => values[paths.indexOf(sha256(key).toString("hex"))]?.toString("hex") ?? "",
    ),
  };
}

/** Root and pairs that a range proof shows, which `reader` is at. */
function readRange(reader: Reader, span: Span): { root: string; keys: string[] } {
  const pairs = Array.from({ length: reader.count(7) }, () => {
    const [keyLength, valueLength] = [reader.number(2), reader.number(3)];
    return { key: reader.take(keyLength), value: reader.take(valueLength) };
  });
  const entries = pairs.map(({ key, value }) => ({ path: sha256(key), value }));
  const ascends = entries.every(
    ({ path }, at) => at === 0 || numberOf(entries[at - 1]?.path ?? path) < numberOf(path),
  );
  if (!ascends) throw new Error("entries ascend");
  return {
    root: rootShown(reader, entries, [span]),
    keys: pairs.map(({ key }) => key.toString("hex")),
  };
}

describe("the vectors of outlines", () => {
  test("are what the script makes of the package", () => {
    expect(outlineText()).toBe(text);
  });

  test("show what is asked and nothing else, to a reader of the page alone", () => {
    const kinds = new Set<number>();
    for (const { name, root, pairs, many, ranges } of trees) {
      const valueOf = (key: string): string => pairs.find((pair) => pair.key === key)?.value ?? "";
      for (const { keys, bytes } of many) {
        const shown = readMany(bytesOf(bytes), keys.map(bytesOf));
        expect(shown, name).toEqual({ root, values: keys.map(valueOf) });
      }
      for (const { from, to, bytes } of ranges) {
        const span = { from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) };
        const shown = readRange(new Reader(bytesOf(bytes)), span);
        const within = pairs
          .map(({ key }) => key)
          .filter((key) => {
            const path = numberOf(sha256(bytesOf(key)));
            return path >= span.from && path <= span.to;
          });
        expect(shown.root, name).toBe(root);
        expect(shown.keys.toSorted(), name).toEqual(within.toSorted());
        kinds.add(within.length);
      }
    }
    expect(kinds.size).toBeGreaterThan(3);
  });

  test("are chunks that together hold all, one after the other", () => {
    for (const { name, root, pairs, chunks } of trees) {
      const keys: string[] = [];
      let next = 0n;
      for (const chunk of chunks) {
        const reader = new Reader(bytesOf(chunk));
        expect(reader.number(1), name).toBe(1);
        const [from, to] = [numberOf(reader.take(32)), numberOf(reader.take(32))];
        expect(from, name).toBe(next);
        const shown = readRange(reader, { from, to });
        expect(shown.root, name).toBe(root);
        keys.push(...shown.keys);
        next = to + 1n;
      }
      expect(next, name).toBe(LAST + 1n);
      expect(keys.toSorted(), name).toEqual(pairs.map(({ key }) => key).toSorted());
    }
  });

  test("show nothing once a byte of them is another", () => {
    const wrong: string[] = [];
    for (const { root, many, name } of trees) {
      for (const { keys, bytes } of many) {
        const proof = bytesOf(bytes);
        for (let at = 0; at < proof.length; at += 11) {
          const other = Buffer.from(proof);
          other[at] = (other[at] ?? 0) ^ 1;
          let shown: string | undefined;
          try {
            shown = readMany(other, keys.map(bytesOf)).root;
          } catch {
            shown = undefined;
          }
          if (shown === root) wrong.push(`${name}, byte ${at}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
