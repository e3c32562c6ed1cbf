import fc from "fast-check";
import { expect, test } from "vitest";
import { createHeap } from "../../src/collections/heap.ts";

interface Item {
  readonly rank: number;
  readonly serial: number;
}

/** Few ranks, so that many items share one; the serial makes the order strict. */
const isBefore = (left: Item, right: Item): boolean =>
  left.rank === right.rank ? left.serial < right.serial : left.rank < right.rank;

const moves = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ type: fc.constant("push"), rank: fc.nat({ max: 20 }) }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("pop"), rank: fc.constant(0) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("retain"), rank: fc.nat({ max: 6 }) }) },
  ),
  { maxLength: 120, size: "max" },
);

test("a heap gives what a list gives that is sorted anew each time", () => {
  let deepest = 0;
  fc.assert(
    fc.property(moves, (all) => {
      const heap = createHeap(isBefore);
      let list: Item[] = [];
      const first = (): Item | undefined =>
        list.toSorted((left, right) => (isBefore(left, right) ? -1 : 1))[0];
      const pop = (): void => {
        const wanted = first();
        expect(heap.pop()).toBe(wanted);
        list = list.filter((one) => one !== wanted);
      };
      for (const [serial, { type, rank }] of all.entries()) {
        if (type === "push") {
          const item = { rank, serial };
          heap.push(item);
          list.push(item);
        } else if (type === "retain") {
          const isWanted = (one: Item): boolean => one.serial % 7 !== rank;
          heap.retain(isWanted);
          list = list.filter(isWanted);
        } else pop();
        expect(heap.size).toBe(list.length);
        expect(heap.peek()).toBe(first());
        deepest = Math.max(deepest, list.length);
      }
      while (list.length > 0) pop();
      expect(heap.pop()).toBeUndefined();
    }),
    { numRuns: 200 },
  );
  // Three floors at least, and both children of most.
  expect(deepest).toBeGreaterThan(30);
});
