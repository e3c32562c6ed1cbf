import type { Attack, SendRule } from "../../src/index.ts";

/** Sends block and vote to just enough nodes, and only the header to the rest. */
const PARTIAL: readonly SendRule[] = [
  { what: "proposal", to: "enough" },
  { what: "proposal", how: "bare" },
  { what: "prepare", turns: "own", to: "enough" },
  { what: "prepare", turns: "own", how: "drop" },
  { what: "commit", turns: "own", how: "drop" },
];

/**
 * Worst attacks that `npm run sim -- worst` found, each on the engine of its time. All must leave
 * the floor now.
 */
export const WORST_ATTACKS: Readonly<Record<string, Attack>> = {
  /** Left 27 % before blocks were asked for at several peers. */
  "partial and hanging": {
    timing: {
      sends: PARTIAL,
      answers: [
        { what: "head", how: "one", lateMs: 20 },
        { what: "blocks", how: "hang" },
        { what: "any", how: "hang" },
      ],
    },
    strategies: [],
  },
  /** The same, and the node seems to be far ahead. */
  "partial and far ahead": {
    timing: {
      sends: [{ what: "prepare", every: 3, nth: 1, order: "turning", lateMs: 450 }, ...PARTIAL],
      answers: [{ what: "any", how: "hang" }],
      flood: { what: "ahead", count: 5 },
    },
    strategies: [],
  },
  /** Left 76 % while clocks were allowed to differ by a block interval. */
  "dated ahead, late for the rival": {
    timing: {
      sends: [{ what: "view-change", turns: "rival", to: "one", lateMs: 4_000 }],
      dateMs: 260,
    },
    strategies: [],
  },
};
