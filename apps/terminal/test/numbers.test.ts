import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { count, group } from "../src/index.ts";

describe("grouped numbers", () => {
  test("have the digits of the number, in groups of three from the right", () => {
    fc.assert(
      fc.property(fc.bigInt(), (value) => {
        const text = group(value);
        expect(text).toMatch(/^-?\d{1,3}(,\d{3})*$/);
        expect(text.replaceAll(",", "")).toBe(String(value));
      }),
    );
  });

  test("keep a fraction as it is, and are in one piece for a line break", () => {
    expect(group("1234567.8901")).toBe("1,234,567.8901");
    expect(group(1_000)).not.toMatch(/\s/);
  });

  test("count in the singular for one alone", () => {
    expect([0, 1, 2_000].map((number) => count(number, "proof"))).toEqual([
      "0 proofs",
      "1 proof",
      "2,000 proofs",
    ]);
  });
});
