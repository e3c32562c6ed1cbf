import fc from "fast-check";
import { expect, test } from "vitest";
import { createZeroTest, scanning } from "../../src/z3/memory/zero-test.ts";

test("what a browser does to find zeros agrees with memcmp, wherever a range begins and ends", () => {
  const bytes = new Uint8Array(4_096);
  const [here, browser] = [createZeroTest(bytes), scanning(bytes)];
  const ranges = fc.record({
    set: fc.array(fc.nat({ max: 4_095 }), { maxLength: 3 }),
    from: fc.nat({ max: 4_096 }),
    length: fc.nat({ max: 4_096 }),
  });
  fc.assert(
    fc.property(ranges, ({ set, from, length }) => {
      bytes.fill(0);
      for (const at of set) bytes[at] = 0x80;
      const to = Math.min(from + length, bytes.length);
      const expected = !set.some((at) => at >= from && at < to);

      expect(here(from, to)).toBe(expected);
      expect(browser(from, to)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});
