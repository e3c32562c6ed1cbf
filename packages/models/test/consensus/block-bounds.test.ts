import { describe, expect, test } from "vitest";
import { boundedBytes, list, struct, withinBytes } from "../../src/codec/index.ts";
import {
  ANNEX_BYTES_MAX,
  BLOCK_BYTES_MAX,
  Block,
  BlockHeader,
  blockBytesBesides,
  CLAIM_BYTES_MAX,
  completeBlock,
  EVIDENCE_BYTES_MAX,
  Evidence,
  ITEM_BYTES_MAX,
  type Item,
  itemOf,
  ModelsError,
  OFFSET_BYTES,
  outlineOf,
  SCRIPT_BYTES_MAX,
} from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";

const empty: Block = {
  ...(exampleOf(Block.schema, 0) as Block),
  items: [],
  annex: [],
  evidence: [],
  parentCertificate: undefined,
};

/** Bytes by which the header is shorter than the longest. */
const shorter = BlockHeader.maxBytes - BlockHeader.encode(empty.header).length;

/** Evidence of so many bytes, in pieces whose claims are as long as they may be. */
function evidenceOf(bytes: number): Evidence[] {
  const examples = [0, 1, 2, 3, 4, 5, 6, 7].map((salt) => exampleOf(Evidence.schema, salt));
  const example = (examples as Evidence[]).find(({ type }) => type === "false-header");
  if (example?.type !== "false-header") throw new Error("every member occurs");
  const of = (size: number): Evidence => ({ ...example, claim: new Uint8Array(size) });
  const least = OFFSET_BYTES + Evidence.encode(of(0)).length;
  const pieces: Evidence[] = [];
  for (let left = bytes; left > 0; ) {
    const size = Math.min(left - least, CLAIM_BYTES_MAX);
    // A last piece needs room for more than its frame.
    const claim = left - least - size > 0 && left - least - size < least ? size - least : size;
    pieces.push(of(claim));
    left -= least + claim;
  }
  return pieces;
}

/** Items that fill a block up to so many bytes. */
function filled(bytes: number): Block {
  const items: Item[] = [];
  let left = bytes - blockBytesBesides(undefined) + shorter;
  while (left > ITEM_BYTES_MAX) {
    items.push(itemOf(new Uint8Array(SCRIPT_BYTES_MAX)));
    left -= SCRIPT_BYTES_MAX + OFFSET_BYTES;
  }
  return { ...empty, items: [...items, itemOf(new Uint8Array(left - OFFSET_BYTES))] };
}

describe("bounds of a whole block", () => {
  test("a block of the most bytes is read back, one of a byte more is not written", () => {
    const full = filled(BLOCK_BYTES_MAX);
    const bytes = Block.encode(full);

    expect(bytes).toHaveLength(BLOCK_BYTES_MAX);
    expect(Block.decode(bytes)).toEqual(full);
    expect(() => Block.encode(filled(BLOCK_BYTES_MAX + 1))).toThrow(ModelsError);
  });

  test("P9: an outline is completed to blocks that can be written, and to none of a byte more", () => {
    for (const [bytes, fits] of [
      [BLOCK_BYTES_MAX, true],
      [BLOCK_BYTES_MAX + 1, false],
    ] as const) {
      const block = filled(bytes);
      const completed = completeBlock(outlineOf(block), block.items);
      expect(completed).toEqual(fits ? block : undefined);
    }
  });

  test("bytes above the bound are refused, whatever they are", () => {
    const bytes = new Uint8Array(BLOCK_BYTES_MAX + 1);
    expect(() => Block.decode(bytes)).toThrow(`at most ${BLOCK_BYTES_MAX}`);
  });

  test("evidence has a bound of its own", () => {
    const most = { ...empty, evidence: evidenceOf(EVIDENCE_BYTES_MAX) };
    const more = { ...empty, evidence: evidenceOf(EVIDENCE_BYTES_MAX + 1) };

    expect(Block.decode(Block.encode(most))).toEqual(most);
    expect(() => Block.encode(more)).toThrow("evidence");
  });

  test("an annex has a bound of its own", () => {
    const entry = (size: number): Uint8Array => new Uint8Array(size - OFFSET_BYTES);
    const count = ANNEX_BYTES_MAX / 256;
    const most = { ...empty, annex: Array.from({ length: count }, () => entry(256)) };
    const more = { ...most, annex: [entry(257), ...most.annex.slice(1)] };

    expect(Block.decode(Block.encode(most))).toEqual(most);
    expect(() => Block.encode(more)).toThrow("annex");
  });

  test("a full block has room for full evidence when its items leave it", () => {
    const evidence = evidenceOf(EVIDENCE_BYTES_MAX);
    const block = { ...filled(BLOCK_BYTES_MAX - EVIDENCE_BYTES_MAX), evidence };
    expect(Block.encode(block)).toHaveLength(BLOCK_BYTES_MAX);
  });
});

test("a bounded type has the bytes of the plain one, and refuses what a longer encoding holds", () => {
  const plain = struct("Pair", { left: list(boundedBytes(8), 4), right: boundedBytes(8) });
  const bounded = withinBytes(plain, 20);
  const small = { left: [Uint8Array.of(1)], right: Uint8Array.of(2) };
  const large = { left: [new Uint8Array(8)], right: Uint8Array.of(2) };

  expect(bounded.maxBytes).toBe(20);
  expect(bounded.encode(small)).toEqual(plain.encode(small));
  expect(bounded.fromJson(plain.toJson(small))).toEqual(small);
  expect(() => bounded.encode(large)).toThrow("21 bytes are more than 20");
  expect(() => bounded.decode(plain.encode(large))).toThrow("at most 20 bytes, got 21");
  expect(() => bounded.fromJson(plain.toJson(large))).toThrow("more than 20");
});
