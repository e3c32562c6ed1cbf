import { equalBytes } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyName } from "../../src/collections/key-name.ts";

const bytes = fc.uint8Array({ maxLength: 70 });

test("B18: two keys have one name exactly when they are the same bytes", () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(keyName(left) === keyName(right)).toBe(equalBytes(left, right));
    }),
    { numRuns: 500 },
  );
});

test("B18: a key and the same with more zeros at its end, or its last byte gone, differ", () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 1, max: 4 }), (key, zeros) => {
      const longer = new Uint8Array(key.length + zeros);
      longer.set(key);
      expect(keyName(longer)).not.toBe(keyName(key));
      if (key.length > 0) expect(keyName(key.slice(0, -1))).not.toBe(keyName(key));
    }),
    { numRuns: 500 },
  );
});
