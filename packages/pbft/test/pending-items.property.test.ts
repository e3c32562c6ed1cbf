import { itemOf } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPendingItems, resolveBounds } from "../src/application/pending-items.ts";
import { POP, plainRun, type Stack, stackMachine, THROW } from "./stack-machine.ts";

const item = fc
  .tuple(fc.oneof(fc.nat(3), fc.constant(POP), fc.constant(THROW)), fc.nat(3), fc.nat(3))
  .map(([byte, name, length]) => Uint8Array.from([byte, name, ...new Uint8Array(length)]));
const act = fc.oneof(
  { weight: 5, arbitrary: item.map((bytes) => ({ type: "submit", bytes }) as const) },
  // A block of another leader: some items of ours, some that we have never seen.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(4), fc.array(item, { maxLength: 2 }))
      .map(([own, others]) => ({ type: "block", own, others }) as const),
  },
);
const bounds = resolveBounds({ items: 6, bytes: 20, itemBytes: 4, blockItems: 3, blockBytes: 8 });

test("what waits applies in its order, is bounded, known once, and nothing is lost without a reason", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const pool = createPendingItems(stackMachine, { state: [], bounds });
      /** The dumb oracle: a list, run from its beginning each time. */
      let state: Stack = [];
      let waiting: readonly Uint8Array[] = [];
      let final: readonly string[] = [];
      for (const next of acts) {
        if (next.type === "submit") {
          const isKnown = [...waiting.map(String), ...final].includes(String(next.bytes));
          const after = [...waiting, next.bytes];
          const bytes = after.reduce((sum, { length }) => sum + length, 0);
          const answer = pool.submit(next.bytes);
          const said = answer.type === "refused" ? answer.code : answer.type;
          const wanted =
            next.bytes.length > bounds.itemBytes
              ? "oversize"
              : isKnown
                ? "known"
                : after.length > bounds.items || bytes > bounds.bytes
                  ? "full"
                  : plainRun(after, state) === undefined
                    ? "does-not-apply"
                    : "accepted";
          expect(said).toBe(wanted);
          if (said === "accepted") waiting = after;
        } else {
          const own = waiting.slice(0, next.own);
          const others = next.others.filter((each) => !final.includes(String(each)));
          const block = [...own, ...others];
          const reached = plainRun(block, state);
          if (reached === undefined) continue;
          state = reached;
          final = [...final, ...block.map(String)];
          pool.rebase(state, block.map(itemOf));
          const left = waiting.filter((each) => !final.includes(String(each)));
          waiting = left.reduce<readonly Uint8Array[]>(
            (kept, each) =>
              plainRun([...kept, each], state) === undefined ? kept : [...kept, each],
            [],
          );
        }
        expect(pool.all().map(({ bytes }) => String(bytes))).toEqual(waiting.map(String));
        for (const each of pool.all()) expect(pool.item(each.hash)).toBe(each);
        expect(pool.item(itemOf(Uint8Array.of(99)).hash)).toBeUndefined();
        expect(pool.hasAny()).toBe(waiting.length > 0);
        const first = pool.first().map(({ bytes }) => bytes);
        expect(first.map(String)).toEqual(waiting.slice(0, first.length).map(String));
        expect(first.length > 0).toBe(waiting.length > 0);
        expect(first.length).toBeLessThanOrEqual(bounds.blockItems);
        expect(first.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(8);
      }
    }),
    { numRuns: 400 },
  );
});

test("a caller who writes into the bytes that it gave changes nothing", () => {
  const pool = createPendingItems(stackMachine, { state: [], bounds });
  const bytes = Uint8Array.of(1, 2);
  pool.submit(bytes);
  bytes.fill(9);

  expect(pool.all().map((each) => String(each.bytes))).toEqual(["1,2"]);
  expect(pool.submit(Uint8Array.of(1, 2)).type).toBe("known");
});
