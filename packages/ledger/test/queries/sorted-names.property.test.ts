import fc from "fast-check";
import { expect, test } from "vitest";
import { type Named, SortedNames } from "../../src/queries/sorted-names.ts";

const names = fc.constantFrom("a", "aa", "b", "transfer", "Z");
const entries = fc.uniqueArray(
  fc.record({
    name: names,
    id: fc.nat({ max: 0xffff }).map((id) => id.toString(16).padStart(4, "0")),
  }),
  {
    selector: ({ name, id }) => `${name} ${id}`,
    maxLength: 40,
  },
);

const inOrder = (some: readonly Named[]): readonly Named[] =>
  some.toSorted((a, b) => (`${a.name} ${a.id}` < `${b.name} ${b.id}` ? -1 : 1));

test("pages of any length together are all entries, each once, by name and then by id", () => {
  fc.assert(
    fc.property(
      entries,
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (all, early, limit) => {
        const listed = new SortedNames();
        listed.addAll(all.slice(0, early));
        for (const entry of all.slice(early)) listed.add(entry);
        // What is there already changes nothing.
        for (const entry of all) listed.add(entry);

        expect(listed.size).toBe(all.length);
        expect(walk(limit, (request) => listed.page(request))).toEqual(inOrder(all));
        for (const name of ["a", "aa", "b"]) {
          expect(walk(limit, (request) => listed.named(name, request))).toEqual(
            inOrder(all.filter((one) => one.name === name)),
          );
        }
      },
    ),
  );
});

test("a page after an entry that is not there begins with what would follow it", () => {
  const listed = new SortedNames();
  listed.addAll([
    { name: "a", id: "01" },
    { name: "c", id: "01" },
  ]);

  expect(listed.page({ after: { name: "b", id: "00" }, limit: 5 })).toEqual([
    { name: "c", id: "01" },
  ]);
});

function walk(
  limit: number,
  page: (request: { after?: Named; limit: number }) => readonly Named[],
): readonly Named[] {
  const all: Named[] = [];
  for (;;) {
    const after = all.at(-1);
    const next = page(after === undefined ? { limit } : { after, limit });
    all.push(...next);
    if (next.length === 0) return all;
  }
}
