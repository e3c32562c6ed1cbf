import { emptyTree } from "@aethel/merkle";
import { compareBytes, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Coding, createStateOverlay } from "../../src/state/state-overlay.ts";

/** One byte of value, so that changes are easily undone. */
const coding: Coding<number> = {
  encode: (value) => Uint8Array.of(value),
  decode: (bytes) => bytes[0] ?? 0,
};
const keys = fc.nat({ max: 9 }).map((key) => Uint8Array.of(0x01, key));
const values = fc.option(fc.nat({ max: 2 }), { nil: undefined });

type Step =
  | { readonly type: "load"; readonly keys: readonly Uint8Array[] }
  | {
      readonly type: "write" | "cell";
      readonly key: Uint8Array;
      readonly value: number | undefined;
    }
  | { readonly type: "change"; readonly key: Uint8Array };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("load" as const), keys: fc.array(keys, { maxLength: 6 }) }),
    fc.record({
      type: fc.constantFrom("write" as const, "cell" as const),
      key: keys,
      value: values,
    }),
    fc.record({ type: fc.constant("change" as const), key: keys }),
  ),
);

const next = (value: number | undefined): number | undefined =>
  value === undefined ? 1 : value === 2 ? undefined : value + 1;

describe("an overlay", () => {
  test("has the values and the changes of a plain map, whatever was loaded ahead or kept open", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, fc.nat({ max: 2 }))), steps, (entries, some) => {
        const tree = emptyTree.update(
          entries.map(([key, value]) => ({ key, value: Uint8Array.of(value) })),
        );
        const before = new Map(entries.map(([key, value]) => [toHex(key), value]));
        const now = new Map<string, number | undefined>(before);
        const overlay = createStateOverlay(tree);
        const open = new Map<string, ReturnType<typeof overlay.cell<number>>>();
        for (const step of some) {
          if (step.type === "load") {
            overlay.load(step.keys, coding);
            continue;
          }
          const name = toHex(step.key);
          const cell = open.get(name) ?? overlay.cell(step.key, coding);
          open.set(name, cell);
          const value = step.type === "change" ? next(now.get(name)) : step.value;
          if (step.type === "change") overlay.change(step.key, coding, next);
          else if (step.type === "cell") cell.write(value);
          else overlay.write(step.key, coding, value);
          now.set(name, value);

          expect(cell.read()).toBe(value);
          expect(overlay.read(step.key, coding)).toBe(value);
        }

        const changed = [...now.keys()].filter((name) => now.get(name) !== before.get(name));
        const expected = changed.map((name) => [name, before.get(name), now.get(name)]);
        const decoded = (bytes: Uint8Array | undefined): number | undefined => bytes?.[0];
        const changes = overlay.changes();
        const actual = changes.map((one) => [
          toHex(one.key),
          decoded(one.before),
          decoded(one.after),
        ]);
        expect(new Set(actual.map(String))).toEqual(new Set(expected.map(String)));
        expect(changes.length).toBe(expected.length);
        for (const [at, { key }] of changes.entries()) {
          const previous = changes[at - 1];
          if (previous !== undefined) expect(compareBytes(previous.key, key)).toBeLessThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
