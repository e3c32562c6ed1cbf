import type { Strategy } from "../behaviour/strategy.ts";
import type { TimingPlan } from "./timing-plan.ts";
import { timingStrategy } from "./timing-strategy.ts";

/**
 * Plans that cost the others most without breaking a rule of the wire; each is a strategy by its
 * name.
 */
export const NAMED_PLANS: Readonly<Record<string, TimingPlan>> = {
  /**
   * Sends its block to just enough nodes at once and to the rest late; is silent in the next turn.
   */
  stretcher: {
    sends: [
      { what: "proposal", every: 2, nth: 1, how: "drop" },
      { what: "proposal", to: "enough" },
      { what: "proposal", lateMs: 1_400 },
      { what: "prepare", turns: "own", to: "enough" },
      { what: "prepare", turns: "own", how: "drop" },
      { what: "commit", turns: "own", how: "drop" },
    ],
  },
  /** Dates its blocks as far ahead as voters accept: twice the precision of clocks. */
  "edge-dater": { dateMs: 240 },
  /** Sends block and vote to just enough nodes, only the header to the rest, and answers nobody. */
  "partial-sender": {
    sends: [
      { what: "proposal", to: "enough" },
      { what: "proposal", how: "bare" },
      { what: "prepare", turns: "own", to: "enough" },
      { what: "prepare", turns: "own", how: "drop" },
      { what: "commit", turns: "own", how: "drop" },
    ],
    answers: [{ what: "any", how: "hang" }],
  },
  /** Proposes just before the others would give up. */
  "late-proposer": { sends: [{ what: "proposal", lateMs: 1_200 }] },
  /** Answers late and one block at a time, and claims to be ahead, so that others fetch from it. */
  dripper: {
    answers: [
      { what: "blocks", how: "one", lateMs: 1_900 },
      { what: "any", how: "answer", lateMs: 1_900 },
    ],
    flood: { what: "ahead", count: 2 },
  },
  /** Leaves votes of the same honest nodes out of the certificates in its blocks. */
  "vote-omitter": { omits: 1 },
  /**
   * Sends no prepare and no commit to honest nodes where the rival leads, and leaves one honest
   * vote out of the certificates in its own blocks.
   */
  "rival-spoiler": {
    sends: [
      { what: "prepare", turns: "rival", how: "drop" },
      { what: "commit", turns: "rival", how: "drop" },
    ],
    omits: 1,
  },
};

/** Strategies of the plans. */
export const TIMING_STRATEGIES: readonly Strategy[] = Object.entries(NAMED_PLANS).map(
  ([name, plan]) => timingStrategy(plan, name),
);
