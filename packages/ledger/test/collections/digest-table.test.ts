import { toHex } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createDigestTable } from "../../src/collections/digest-table.ts";

interface Value {
  readonly key: Uint8Array;
  readonly at: number;
}

/** Few different starts, so that many keys want one place; the ends of the table are among them. */
const key = fc
  .tuple(fc.constantFrom(0, 1, 2, 0xff, 0xfe), fc.constantFrom(0, 3, 0xff), fc.nat({ max: 5 }))
  .map(([first, second, last]) => {
    const bytes = new Uint8Array(32);
    bytes.set([first, second, 0, 0]);
    bytes[31] = last;
    return bytes;
  });

test("a table does what a map does, however the keys collide", () => {
  const moves = fc.array(fc.record({ key, puts: fc.boolean() }), { maxLength: 200, size: "max" });
  fc.assert(
    fc.property(moves, (list) => {
      const table = createDigestTable<Value>((value) => value.key);
      const map = new Map<string, Value>();
      for (const [at, move] of list.entries()) {
        const value = { key: move.key, at };
        if (move.puts) table.put(value);
        else table.delete(move.key);
        if (move.puts) map.set(toHex(move.key), value);
        else map.delete(toHex(move.key));
        expect(table.size).toBe(map.size);
        expect(table.get(move.key)).toBe(map.get(toHex(move.key)));
      }
      for (const [name, value] of map) expect(table.get(Buffer.from(name, "hex"))).toBe(value);
      expect(new Set(table.values())).toEqual(new Set(map.values()));
    }),
    { numRuns: 200 },
  );
});

test("a table that grew and shrank again has lost nothing", () => {
  const table = createDigestTable<Value>((value) => value.key);
  const keys = Array.from({ length: 5_000 }, (_, at) => {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(0, at * 40_503, true);
    return bytes;
  });
  keys.forEach((one, at) => table.put({ key: one, at }));
  expect(keys.every((one, at) => table.get(one)?.at === at)).toBe(true);
  for (const one of keys.slice(3)) table.delete(one);
  expect(table.size).toBe(3);
  expect(keys.map((one) => table.get(one)?.at).slice(0, 4)).toEqual([0, 1, 2, undefined]);
});
