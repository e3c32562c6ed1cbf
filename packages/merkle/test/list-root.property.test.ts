import { listRoot } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSimdHasher, type Hasher, hashListRoot, nobleHasher } from "../src/index.ts";
import { hex } from "./arbitraries.ts";

const simd = createSimdHasher();
if (simd === undefined) throw new Error("Node has WebAssembly with vectors");

const hashers: readonly (readonly [name: string, hasher: Hasher])[] = [
  ["noble", nobleHasher],
  ["simd", simd],
];

/** Lists of any number of items, many of one length, some longer than what is hashed in batches. */
const lists = fc.oneof(
  fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 40 }),
  fc.array(fc.uint8Array({ minLength: 89, maxLength: 89 }), { maxLength: 70 }),
  fc.array(fc.uint8Array({ minLength: 1_022, maxLength: 1_027 }), { maxLength: 9 }),
);

describe.each(hashers)("the root of a list, in batches on %s", (_, hasher) => {
  test("B13: is the one that models defines, for lists of every length", () => {
    fc.assert(
      fc.property(lists, (items) => {
        expect(hex(hashListRoot(items, hasher))).toBe(hex(listRoot(items)));
      }),
      { numRuns: 200 },
    );
    const items = Array.from({ length: 300 }, (_, at) => Uint8Array.of(at, at >>> 8));
    for (let count = 0; count <= items.length; count++) {
      const some = items.slice(0, count);
      expect(hex(hashListRoot(some, hasher))).toBe(hex(listRoot(some)));
    }
  });
});
