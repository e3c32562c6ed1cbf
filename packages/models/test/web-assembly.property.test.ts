import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Code,
  constant,
  encodeCode,
  encodeModule,
  list,
  name,
  sized,
  unsigned,
} from "../src/web-assembly.ts";

/** Parts of the engine that are used here. TypeScript's library declares them for browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Record<string, unknown> };
};

const I32 = 0x7f;
const END = 0x0b;

test("the engine reads every 32-bit constant as the integer that was encoded", () => {
  fc.assert(
    fc.property(int32, (value) => {
      expect(run(constant(value))).toBe(value);
    }),
    { examples: [[0x3f], [0x40], [-0x40], [-0x41], [2 ** 31 - 1], [-(2 ** 31)]] },
  );
});

test("the engine reads every count and size, however many bytes these take", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40_000 }), (count) => {
      const nothing = Array.from({ length: count }, () => 0x01);
      expect(run([nothing, constant(count)])).toBe(count);
    }),
    { numRuns: 30, examples: [[0x7f], [0x80], [0x3fff], [0x4000]] },
  );
});

test("an unsigned number is its digits to base 128, the last of them below 128", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const bytes = encodeCode(unsigned(value));
      const digits = Array.from(bytes, (byte) => byte % 128);
      expect(digits.reduceRight((sum, digit) => sum * 128 + digit, 0)).toBe(value);
      expect(Array.from(bytes, (byte) => byte < 128).indexOf(true)).toBe(bytes.length - 1);
    }),
  );
});

const int32 = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.integer({ min: -200, max: 200 }),
);

/** Runs code that leaves one integer, in a module with one function. */
function run(code: Code): unknown {
  const bytes = encodeModule([
    { id: 1, content: list([[0x60, list([]), list([I32])]]) },
    { id: 3, content: list([0]) },
    { id: 7, content: list([[name("answer"), 0, 0]]) },
    { id: 10, content: list([sized([list([]), code, END])]) },
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { answer } = exports;
  if (typeof answer !== "function") throw new Error("the module exports no function");
  return answer();
}
