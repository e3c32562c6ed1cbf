import { toSequence } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createSpoiltBlocks } from "../src/inbox/spoilt-blocks.ts";

describe("wrong blocks", () => {
  test.each([
    [false, 1],
    [true, 8],
  ])(
    "B23: of an account that is shared (%s) so many of a sequence are hashed: %i",
    (isShared, most) => {
      const spoilt = createSpoiltBlocks();
      const account = { name: "a", isShared, sequence: toSequence(5) };
      let hashed = 0;
      while (hashed < 20 && !spoilt.isFull(account)) {
        spoilt.add(account);
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
    spoilt.add(account("a", 5));
    spoilt.add(account("b", 6));
    expect([5, 6].map((at) => spoilt.isFull(account(at === 5 ? "a" : "b", at)))).toEqual([
      true,
      true,
    ]);
    spoilt.add(account("c", 7));
    expect(spoilt.isFull(account("a", 5))).toBe(false);
    expect(spoilt.isFull(account("b", 6))).toBe(true);
  });
});
