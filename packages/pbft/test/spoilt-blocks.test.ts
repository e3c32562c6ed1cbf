import { toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createSpoiltBlocks } from "../src/inbox/spoilt-blocks.ts";

describe("wrong blocks", () => {
  test.each([
    [false, 0, 1],
    [false, 16_384, 1],
    [true, 0, 8],
    [true, 1_024, 8],
    [true, 1_025, 4],
    [true, 8_192, 1],
    [true, 16_384, 1],
  ])(
    "B23: of an account that is shared (%s) so many of a sequence with %i names are hashed: %i",
    (isShared, names, most) => {
      const spoilt = createSpoiltBlocks();
      const account = { name: "a", isShared, sequence: toSequence(5) };
      let hashed = 0;
      while (hashed < 20 && !spoilt.isFull(account)) {
        spoilt.add(account, names);
        hashed += 1;
      }
      expect(hashed).toBe(most);
      expect(spoilt.isFull({ ...account, name: "b" })).toBe(false);
      expect(spoilt.isFull({ ...account, sequence: toSequence(6) })).toBe(false);
    },
  );

  test("those of the sequence before are remembered, older ones are not", () => {
    const spoilt = createSpoiltBlocks();
    const account = (name: string, sequence: number) => ({
      name,
      isShared: false,
      sequence: toSequence(sequence),
    });
    spoilt.add(account("a", 5), 1);
    spoilt.add(account("b", 6), 1);
    expect([5, 6].map((at) => spoilt.isFull(account(at === 5 ? "a" : "b", at)))).toEqual([
      true,
      true,
    ]);
    spoilt.add(account("c", 7), 1);
    expect(spoilt.isFull(account("a", 5))).toBe(false);
    expect(spoilt.isFull(account("b", 6))).toBe(true);
  });
});
