import fc from "fast-check";
import { expect, test } from "vitest";
import { createByteCache } from "../../src/collections/byte-cache.ts";

const steps = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("get" as const), name: fc.integer({ min: 0, max: 9 }) }),
    fc.record({
      type: fc.constant("set" as const),
      name: fc.integer({ min: 0, max: 9 }),
      bytes: fc.integer({ min: 1, max: 60 }),
    }),
  ),
  { maxLength: 60 },
);

test("a cache never has more bytes than its bound, and forgets what was used longest ago", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 120 }), (some, bytesMax) => {
      const cache = createByteCache<number>({ bytesMax });
      // The naive one: a list in the order of last uses.
      let kept: { name: number; value: number; bytes: number }[] = [];
      for (const [at, step] of some.entries()) {
        const found = kept.find(({ name }) => name === step.name);
        kept = kept.filter((one) => one !== found);
        if (step.type === "get") {
          expect(cache.get(`${step.name}`)).toBe(found?.value);
          if (found !== undefined) kept.push(found);
        } else {
          cache.set(`${step.name}`, at, step.bytes);
          if (step.bytes <= bytesMax) kept.push({ name: step.name, value: at, bytes: step.bytes });
        }
        const sum = (): number => kept.reduce((all, { bytes }) => all + bytes, 0);
        while (sum() > bytesMax) kept.shift();
        expect(cache.bytes).toBe(sum());
        expect(cache.bytes).toBeLessThanOrEqual(bytesMax);
      }
    }),
    { numRuns: 500 },
  );
});
