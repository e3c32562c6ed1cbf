import { toSequence, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { leaderOf } from "../src/index.ts";
import { likelyLeaderAfter } from "../src/schedule/leader-at.ts";
import { createMembership } from "./keys.ts";
import { grow, LeaderChain, namesOf } from "./leader-chain.ts";

const { set } = createMembership([1, 1, 1, 1, 1, 1, 1]);
const names = namesOf(set);
const views = [0, 1, 2, 3, 4, 5, 6, 7];

describe("the leaders of the sequence after the next", () => {
  test("are those of its own slot in every view, with the current block, and without where it changes nothing", () => {
    for (const count of [0, 2]) {
      const chain = new LeaderChain(set);
      const down = new Set(names.slice(0, count));
      grow(chain, 30, { down });
      for (let block = 0; block < 7; block++) {
        const { head } = chain;
        grow(chain, 1, { down });
        const led = views.map((view) => chain.leader(view));
        for (const known of [chain.block, undefined]) {
          // Asked for in any order, since what is found out is remembered.
          const likely = views.map((view) => names[likelyLeaderAfter(head, known, toView(view))]);
          expect(likely).toEqual(led);
        }
      }
    }
  });

  test("are the schedule's where no record is kept, also for early messages", () => {
    const chain = new LeaderChain(set);
    for (let block = 0; block < 9; block++) {
      const head = { ...chain.head, leadership: undefined };
      grow(chain, 1);
      const sequence = toSequence(head.header.sequence + 2);
      for (const known of [structuredClone(chain.block), undefined]) {
        for (const view of views) {
          expect(likelyLeaderAfter(head, known, toView(view))).toBe(
            leaderOf(set, sequence, toView(view)),
          );
        }
      }
    }
  });
});
