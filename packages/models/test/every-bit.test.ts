import { describe, expect, test } from "vitest";
import { ModelsError } from "../src/index.ts";
import { type SignedType, signedTypes } from "./signed-types.ts";
import { withoutStacks } from "./without-stacks.ts";

// P30, enumerated: of each signed type one good object, and every bit of it flipped in turn.

withoutStacks();

describe.each(signedTypes.map((type) => [type.name, type] as const))("P30: %s", (_, type) => {
  const { codec, good, isGood } = type;
  const bytes = codec.encode(good);

  test("is good as it was signed", () => {
    expect(isGood(codec.decode(bytes))).toBe(true);
  });

  test("is rejected with any single bit flipped", () => {
    const accepted: string[] = [];
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const where = bit >> 3;
      const flipped = bytes.with(where, (bytes[where] ?? 0) ^ (1 << (bit & 7)));
      if (isAccepted(type, flipped)) accepted.push(`byte ${where}, bit ${bit & 7}`);
    }
    expect(accepted).toEqual([]);
  });

  test("is rejected cut short or extended by any byte", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(isAccepted(type, bytes.slice(0, length))).toBe(false);
    }
    for (let byte = 0; byte < 256; byte++) {
      expect(isAccepted(type, new Uint8Array([...bytes, byte]))).toBe(false);
    }
  });
});

function isAccepted({ codec, isGood }: SignedType, bytes: Uint8Array): boolean {
  try {
    return isGood(codec.decode(bytes));
  } catch (error) {
    if (error instanceof ModelsError && error.fault.code === "DECODE") return false;
    throw error;
  }
}
