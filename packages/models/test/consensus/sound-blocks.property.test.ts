import crypto from "node:crypto";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  annexRoot,
  Block,
  BlockOutline,
  completeBlock,
  evidenceRoot,
  findBodyDefect,
  findOutlineDefect,
  itemOf,
  outlineOf,
  parentCertificateRoot,
  payloadRoot,
} from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";

const example = exampleOf(Block.schema, 0) as Block;
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const lists = fc.record({
  items: fc.array(bytes, { maxLength: 40 }),
  annex: fc.array(bytes, { maxLength: 4 }),
});
type Lists = typeof lists extends fc.Arbitrary<infer Value> ? Value : never;

/** A block whose header fits its body. */
function fitting({ items, annex }: Lists): Block {
  const body = { ...example, items: items.map(itemOf), annex };
  const header = {
    ...example.header,
    payloadRoot: payloadRoot(body.items),
    annexRoot: annexRoot(annex),
    evidenceRoot: evidenceRoot(body.evidence),
    parentCertificateRoot: parentCertificateRoot(body.parentCertificate),
  };
  return { ...body, header };
}

/** Hashes that `work` computes. */
function hashesOf(work: () => unknown): number {
  const spy = vi.spyOn(crypto, "hash");
  work();
  const { length } = spy.mock.calls;
  spy.mockRestore();
  return length;
}

/** An outline as it comes over the network, with items that have their hashes. */
function received(block: Block): BlockOutline {
  for (const { hash } of block.items) expect(hash).toHaveLength(32);
  return BlockOutline.decode(BlockOutline.encode(outlineOf(block)));
}

afterEach(() => vi.restoreAllMocks());

describe("the body of a block is hashed once", () => {
  test("an outline, the block that it is completed to, and the outline of that", () => {
    fc.assert(
      fc.property(lists, (given) => {
        const block = fitting(given);
        const outline = received(block);
        const first = hashesOf(() => expect(findOutlineDefect(outline)).toBeUndefined());
        expect(first).toBeGreaterThanOrEqual(given.items.length);
        const rest = hashesOf(() => {
          const completed = completeBlock(outline, block.items);
          if (completed === undefined) throw new Error("all items are there");
          expect(findOutlineDefect(outline)).toBeUndefined();
          expect(findBodyDefect(completed)).toBeUndefined();
          expect(findOutlineDefect(outlineOf(completed))).toBeUndefined();
        });
        expect(rest).toBe(0);
      }),
    );
  });

  test("a block, and its outline", () => {
    fc.assert(
      fc.property(lists, (given) => {
        const block = Block.decode(Block.encode(fitting(given)));
        expect(findBodyDefect(block)).toBeUndefined();
        const again = hashesOf(() => {
          expect(findBodyDefect(block)).toBeUndefined();
          expect(findOutlineDefect(outlineOf(block))).toBeUndefined();
        });
        expect(again).toBe(0);
      }),
    );
  });
});

describe("a block is sound only if it, or its outline, was checked", () => {
  const parts = fc.constantFrom("items", "annex", "evidence", "parentCertificate");

  test("the block of an outline that was not checked, or was found wrong, is checked", () => {
    fc.assert(
      fc.property(lists, parts, fc.boolean(), (given, part, isChecked) => {
        const { items } = fitting(given);
        const wrong = exchanged(fitting(given), part);
        const outline = received(wrong);
        if (isChecked) expect(findOutlineDefect(outline)).toBeDefined();
        const completed = completeBlock(outline, part === "items" ? wrong.items : items);
        if (completed === undefined) throw new Error("all items are there");

        expect(findBodyDefect(completed)).toBeDefined();
        expect(findOutlineDefect(outlineOf(completed))).toBeDefined();
      }),
    );
  });

  test("a copy with another part is checked, whatever is known of the original", () => {
    fc.assert(
      fc.property(lists, parts, (given, part) => {
        const block = fitting(given);
        expect(findBodyDefect(block)).toBeUndefined();
        expect(findOutlineDefect(outlineOf(block))).toBeUndefined();

        expect(findBodyDefect(exchanged(block, part))).toBeDefined();
        expect(findOutlineDefect(outlineOf(exchanged(block, part)))).toBeDefined();
      }),
    );
  });
});

/** The block with another part, under the same header. */
function exchanged(block: Block, part: keyof Omit<Block, "header" | "version">): Block {
  const { items, annex, evidence, parentCertificate } = block;
  const [first] = evidence;
  switch (part) {
    case "items":
      return { ...block, items: [...items, itemOf(new Uint8Array([7]))] };
    case "annex":
      return { ...block, annex: [...annex, new Uint8Array([7])] };
    case "evidence":
      return { ...block, evidence: first === undefined ? [] : [...evidence, first] };
    case "parentCertificate":
      return {
        ...block,
        parentCertificate:
          parentCertificate === undefined
            ? undefined
            : { ...parentCertificate, sequence: (parentCertificate.sequence + 1) as never },
      };
  }
}
