import { emptyTree } from "@aethel/merkle";
import { type AccountId, sha256, toAccountId, toHex, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lane } from "../../src/state/queue-records.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import {
  append,
  dequeue,
  dropFirst,
  enqueue,
  firstOf,
  isWaiting,
  lengthOf,
} from "../../src/validators/queue.ts";

const LANES = ["falling", "rising", "seats", "keys"] as const;
const PEOPLE = Array.from({ length: 6 }, (_, at) => personOf(at));

function personOf(at: number): AccountId {
  return toAccountId(sha256(new TextEncoder().encode(`waiting ${at}`)));
}

/** The tree with all that an overlay changed. */
function treeAfter(overlay: StateOverlay, tree: typeof emptyTree): typeof emptyTree {
  const edits = overlay.changes().map(({ key, after }) => ({ key, value: after }));
  return edits.length === 0 ? tree : tree.update(edits);
}

/** A lane in which so many wait. */
function laneOf(count: number, lane: Lane = "rising"): typeof emptyTree {
  const overlay = createStateOverlay(emptyTree);
  for (let at = 0; at < count; at += 1) enqueue(overlay, lane, personOf(100 + at));
  return treeAfter(overlay, emptyTree);
}

describe("queues in the tree", () => {
  test("are first in, first out, and have each account once, as lists in memory would", () => {
    const act = fc.record({
      lane: fc.constantFrom(...LANES),
      who: fc.nat({ max: PEOPLE.length - 1 }),
      leaves: fc.boolean(),
      ends: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const lists = new Map<Lane, AccountId[]>(LANES.map((lane) => [lane, []]));
        let tree = emptyTree;
        let overlay = createStateOverlay(tree);
        for (const { lane, who, leaves, ends } of acts) {
          const list = lists.get(lane) ?? [];
          const id = PEOPLE[who] ?? personOf(0);
          if (leaves) {
            dequeue(overlay, lane);
            list.shift();
          } else {
            enqueue(overlay, lane, id);
            if (!list.includes(id)) list.push(id);
          }
          expect(lengthOf(overlay, lane)).toBe(list.length);
          expect(firstOf(overlay, lane)?.account).toEqual(list[0]);
          for (const one of PEOPLE) {
            expect(isWaiting(overlay, lane, one)).toBe(list.includes(one));
          }
          if (!ends) continue;
          // A block ends: what comes next reads from the tree.
          tree = treeAfter(overlay, tree);
          overlay = createStateOverlay(tree);
        }
        for (const lane of LANES) {
          const found: string[] = [];
          while (lengthOf(overlay, lane) > 0) {
            found.push(toHex(firstOf(overlay, lane)?.account ?? personOf(0)));
            dequeue(overlay, lane);
          }
          expect(found).toEqual((lists.get(lane) ?? []).map(toHex));
        }
        // Nothing stays behind but the counters.
        expect([...treeAfter(overlay, tree).entries()].length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });

  test("releases may name one account several times", () => {
    const overlay = createStateOverlay(emptyTree);
    for (const due of [5, 5, 9]) {
      append(overlay, "releases", { account: personOf(1), due: toTimestamp(due) });
    }
    const dates: number[] = [];
    for (let next = firstOf(overlay, "releases"); next; next = firstOf(overlay, "releases")) {
      dates.push(next.due);
      dropFirst(overlay, "releases");
    }
    expect(dates).toEqual([5, 5, 9]);
  });

  test("to enter and to leave touch as many keys and bytes whether 10 wait or 2,000", () => {
    const work = (count: number): readonly number[] => {
      const overlay = createStateOverlay(laneOf(count));
      enqueue(overlay, "rising", personOf(1));
      const entered = overlay.changes();
      const size = (value: Uint8Array | undefined): number => value?.length ?? 0;
      const bytes = entered.reduce((sum, { before, after }) => sum + size(before) + size(after), 0);
      dequeue(overlay, "rising");
      return [entered.length, bytes, overlay.changes().length];
    };
    expect(work(2_000)).toEqual(work(10));
  });
});
