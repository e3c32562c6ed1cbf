import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHashtreeHasher } from "../src/hashtree/index.ts";
import { createSimdHasher, createTree, emptyTree, type Hasher, nobleHasher } from "../src/index.ts";
import { applyToMap, changeLists, hex, pairsOf } from "./arbitraries.ts";
import { referenceRoot } from "./oracle.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const simd = createSimdHasher();
if (simd === undefined) throw new Error("Node has WebAssembly with vectors");

const hashers: readonly (readonly [name: string, hasher: Hasher])[] = [
  ["noble", nobleHasher],
  ["simd", simd],
  ["hashtree", createHashtreeHasher()],
];

describe.each(hashers)("the hasher on %s", (_, hasher) => {
  test("gives SHA-256 of one message of any length, as an array of its own", () => {
    fc.assert(
      fc.property(messages, fc.nat({ max: 7 }), (message, shift) => {
        const moved = new Uint8Array(message.length + shift).subarray(shift);
        moved.set(message);
        const digest = hasher.digest(moved);

        expect(hex(digest)).toBe(sha256(message));
        hasher.digest(Uint8Array.of(1, 2, 3));
        hasher.digest(new Uint8Array(64));
        expect(hex(digest)).toBe(sha256(message));
      }),
      { numRuns: 300 },
    );
  });

  test("gives SHA-256 of each pair of a batch, and writes nothing else", () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.nat(), (count, seed) => {
        const pairs = noise(count * 64, seed);
        const [before, around] = [hex(pairs), new Uint8Array(count * 32 + 64).fill(0xee)];
        hasher.digestPairs({ pairs, digests: around.subarray(32, 32 + count * 32) });

        for (let at = 0; at < count; at++) {
          const expected = sha256(pairs.subarray(at * 64, (at + 1) * 64));
          expect(hex(around.subarray(32 + at * 32, 64 + at * 32))).toBe(expected);
        }
        expect(hex(around.subarray(0, 32))).toBe("ee".repeat(32));
        expect(hex(around.subarray(-32))).toBe("ee".repeat(32));
        expect(hex(pairs)).toBe(before);
      }),
    );
  });

  test("gives SHA-256 of each message of a batch, whatever length they have in common", () => {
    const { digestEach } = hasher;
    if (digestEach === undefined) return expect(hasher).toBe(nobleHasher);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 384 }),
        fc.nat({ max: 9 }),
        fc.nat(),
        (length, count, seed) => {
          const input = noise(length * count, seed);
          const digests = new Uint8Array(count * 32);
          digestEach({ messages: input, length, digests });

          for (let at = 0; at < count; at++) {
            const expected = sha256(input.subarray(at * length, (at + 1) * length));
            expect(hex(digests.subarray(at * 32, (at + 1) * 32))).toBe(expected);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("takes batches that are larger than any memory it has, and messages too", () => {
    const { digestEach } = hasher;
    const pairs = noise(64 * 5_001, 7);
    const digests = new Uint8Array(32 * 5_001);
    hasher.digestPairs({ pairs, digests });
    for (const at of [0, 1, 2_043, 2_044, 2_045, 4_999, 5_000]) {
      const expected = sha256(pairs.subarray(at * 64, (at + 1) * 64));
      expect(hex(digests.subarray(at * 32, (at + 1) * 32))).toBe(expected);
    }

    const short = noise(5 * 9_001, 9);
    const many = new Uint8Array(32 * 9_001);
    digestEach?.({ messages: short, length: 5, digests: many });
    for (const at of digestEach === undefined ? [] : [0, 4_095, 4_096, 8_191, 8_192, 9_000]) {
      const expected = sha256(short.subarray(at * 5, at * 5 + 5));
      expect(hex(many.subarray(at * 32, (at + 1) * 32))).toBe(expected);
    }

    for (const length of [32_672, 32_704, 98_304, 131_072, 1_048_576]) {
      const message = noise(length * 2, length);
      const first = message.subarray(0, length);
      expect(hex(hasher.digest(first))).toBe(sha256(first));
      const two = new Uint8Array(64);
      digestEach?.({ messages: message, length, digests: two });
      if (digestEach !== undefined) {
        expect(hex(two)).toBe(sha256(first) + sha256(message.subarray(length)));
      }
    }
  });

  test("gives every tree the root by definition, values of all lengths together", () => {
    fc.assert(
      fc.property(fc.array(changeLists, { maxLength: 3 }), lengths, (batches, sizes) => {
        const batch = sizes.map((length, at) => ({
          key: noise(at % 3 === 0 ? 7 : 32, at),
          value: noise(length, at),
        }));
        let tree = createTree({ hasher });
        let map: ReadonlyMap<string, Uint8Array> = new Map();
        for (const changes of [...batches, batch]) {
          tree = tree.update(changes);
          map = applyToMap(map, changes);
        }

        expect(hex(tree.root)).toBe(hex(referenceRoot(pairsOf(map))));
        expect(tree.root).toEqual(emptyTree.update(tree.entries()).root);
      }),
    );
  });
});

const messages = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .constantFrom(0, 32, 55, 56, 63, 64, 65, 96, 119, 120, 128, 4096)
    .map((length) => noise(length, 1)),
);

/** Lengths of values: many of one, some of others, multiples of 32 among them. */
const lengths = fc.array(
  fc.oneof(fc.constantFrom(32, 64, 96, 128, 4064, 4065, 5000), fc.integer({ min: 1, max: 300 })),
  { maxLength: 40 },
);

/** Bytes that the seed alone determines. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1_103_515_245) + 12_345;
    return state >>> 16;
  });
}
