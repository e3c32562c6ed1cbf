import { emptyTree } from "@aethel/merkle";
import { type AccountId, sha256, toAccountId, toHex, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Lane } from "../../src/state/queue-records.ts";
import { createDraft, type Draft } from "../../src/state/state-overlay.ts";
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

/** The tree with all that a draft changed. */
function treeAfter(draft: Draft, tree: typeof emptyTree): typeof emptyTree {
  const edits = draft.changes().map(({ key, after }) => ({ key, value: after }));
  return edits.length === 0 ? tree : tree.update(edits);
}

/** A lane in which so many wait. */
function laneOf(count: number, lane: Lane = "rising"): typeof emptyTree {
  const draft = createDraft(emptyTree);
  for (let at = 0; at < count; at += 1) enqueue(draft, lane, personOf(100 + at));
  return treeAfter(draft, emptyTree);
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
        let draft = createDraft(tree);
        for (const { lane, who, leaves, ends } of acts) {
          const list = lists.get(lane) ?? [];
          const id = PEOPLE[who] ?? personOf(0);
          if (leaves) {
            dequeue(draft, lane);
            list.shift();
          } else {
            enqueue(draft, lane, id);
            if (!list.includes(id)) list.push(id);
          }
          expect(lengthOf(draft, lane)).toBe(list.length);
          expect(firstOf(draft, lane)?.account).toEqual(list[0]);
          for (const one of PEOPLE) {
            expect(isWaiting(draft, lane, one)).toBe(list.includes(one));
          }
          if (!ends) continue;
          // A block ends: what comes next reads from the tree.
          tree = treeAfter(draft, tree);
          draft = createDraft(tree);
        }
        for (const lane of LANES) {
          const found: string[] = [];
          while (lengthOf(draft, lane) > 0) {
            found.push(toHex(firstOf(draft, lane)?.account ?? personOf(0)));
            dequeue(draft, lane);
          }
          expect(found).toEqual((lists.get(lane) ?? []).map(toHex));
        }
        // Nothing stays behind but the counters.
        expect([...treeAfter(draft, tree).entries()].length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });

  test("releases may name one account several times", () => {
    const draft = createDraft(emptyTree);
    for (const due of [5, 5, 9]) {
      append(draft, "releases", { account: personOf(1), due: toTimestamp(due) });
    }
    const dates: number[] = [];
    for (let next = firstOf(draft, "releases"); next; next = firstOf(draft, "releases")) {
      dates.push(next.due);
      dropFirst(draft, "releases");
    }
    expect(dates).toEqual([5, 5, 9]);
  });

  test("to enter and to leave touch as many keys and bytes whether 10 wait or 2,000", () => {
    const work = (count: number): readonly number[] => {
      const draft = createDraft(laneOf(count));
      enqueue(draft, "rising", personOf(1));
      const entered = draft.changes();
      const size = (value: Uint8Array | undefined): number => value?.length ?? 0;
      const bytes = entered.reduce((sum, { before, after }) => sum + size(before) + size(after), 0);
      dequeue(draft, "rising");
      return [entered.length, bytes, draft.changes().length];
    };
    expect(work(2_000)).toEqual(work(10));
  });
});
