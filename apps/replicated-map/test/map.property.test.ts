import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeSetting,
  encodeSetting,
  type MapState,
  mapCoding,
  mapMachine,
  nextVersion,
} from "../src/map.ts";

const setting = fc.record({
  key: fc.constantFrom("colour", "shape", "size"),
  value: fc.string(),
  version: fc.integer({ min: -1, max: 5 }),
});

const run = (items: readonly Uint8Array[]): MapState =>
  items.reduce((state, item) => mapMachine.apply(state, item) ?? state, mapMachine.initial);

test("a setting counts once, in the order of its versions, whoever repeats it", () => {
  fc.assert(
    fc.property(fc.array(setting, { maxLength: 20 }), (settings) => {
      const state = run(settings.map(encodeSetting));
      for (const key of ["colour", "shape", "size"]) {
        /** The dumb oracle: the first setting of version 1, then the first of version 2 after it. */
        let [value, version]: [string | undefined, number] = [undefined, 0];
        for (const each of settings) {
          if (each.key === key && each.version === version + 1)
            [value, version] = [each.value, each.version];
        }
        expect(state.get(key)?.value).toBe(value);
        expect(nextVersion(state, key)).toBe(version + 1);
      }
    }),
  );
});

test("no bytes end a node: they are a setting, or cannot apply", () => {
  const anything = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.jsonValue().map((value) => new TextEncoder().encode(JSON.stringify([value, value, value]))),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      const decoded = decodeSetting(bytes);
      const after = mapMachine.apply(mapMachine.initial, bytes);
      expect(after !== undefined).toBe(decoded?.version === 1);
    }),
  );
});

test("equal maps have equal roots whatever their history, others have others, and coding keeps them", () => {
  const entries = fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }));
  const stateOf = (pairs: readonly (readonly [string, string])[]): MapState =>
    new Map(pairs.map(([key, value]) => [key, { value, version: 1 }]));
  const rootOf = (state: MapState): string => String(mapMachine.root(state));
  fc.assert(
    fc.property(entries, entries, (left, right) => {
      const pairs = Object.entries(left);
      const state = stateOf(pairs);
      expect(rootOf(stateOf(pairs.toReversed()))).toBe(rootOf(state));
      expect(rootOf(mapCoding.decode(mapCoding.encode(state)))).toBe(rootOf(state));
      const isSame = sortedText(pairs) === sortedText(Object.entries(right));
      expect(rootOf(stateOf(Object.entries(right))) === rootOf(state)).toBe(isSame);
    }),
  );
});

/** Writes entries in the order of their keys. */
function sortedText(entries: readonly (readonly [string, string])[]): string {
  return JSON.stringify(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
