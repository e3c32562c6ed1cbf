import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSimdHasher, createTree, MerkleError, nobleHasher } from "../src/index.ts";
import { changeLists, closePaths, keys, pathHasher } from "./arbitraries.ts";

const simd = createSimdHasher();
if (simd === undefined) throw new Error("Node has WebAssembly with vectors");

describe("many values in one go", () => {
  test.each([
    ["noble", nobleHasher],
    ["simd", simd],
  ])("are those of `get`, one by one, on %s", (_, hasher) => {
    fc.assert(
      fc.property(changeLists, changeLists, fc.array(keys), (first, second, more) => {
        const tree = createTree({ hasher }).update(first).update(second);
        const asked = [...first, ...second, ...first].map(({ key }) => key).concat(more);

        expect(tree.getMany(asked)).toEqual(asked.map((key) => tree.get(key)));
      }),
      { numRuns: 200 },
    );
  });

  test("are found where the hashed keys share up to 255 bits", () => {
    fc.assert(
      fc.property(fc.array(closePaths), fc.array(closePaths), (known, asked) => {
        const changes = known.map((key, at) => ({ key, value: Uint8Array.of(1, at) }));
        const tree = createTree({ hasher: pathHasher }).update(changes);

        expect(tree.getMany(asked)).toEqual(asked.map((key) => tree.get(key)));
      }),
      { numRuns: 200 },
    );
  });

  test("are copies, and a key of no length is refused like anywhere", () => {
    const key = Uint8Array.of(1);
    const tree = createTree().update([{ key, value: Uint8Array.of(7, 8) }]);
    const [value] = tree.getMany([key]);
    value?.fill(0);

    expect(tree.getMany([key, key])).toEqual([Uint8Array.of(7, 8), Uint8Array.of(7, 8)]);
    expect(() => tree.getMany([key, new Uint8Array()])).toThrow(MerkleError);
    expect(tree.getMany([])).toEqual([]);
  });
});
