import type { Strategy } from "../behaviour/strategy.ts";
import type { TimingPlan } from "./timing-plan.ts";
import { timingStrategy } from "./timing-strategy.ts";

/**
 * Timing plans of Byzantine nodes that cost the other nodes most while every message stays valid.
 * Each is also a strategy with that name.
 */
export const NAMED_PLANS: Readonly<Record<string, TimingPlan>> = {
  /**
   * Sends its block at once to the fewest nodes that make a quorum, and late to the rest, in every
   * second of its turns as leader. Proposes nothing in the turns between.
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
  /** Dates its blocks as far ahead as voters are willing to wait: twice the clock precision. */
  "edge-dater": { dateMs: 240 },
  /**
   * Sends block and prepare vote to the fewest nodes that make a quorum, and to the rest only the
   * header. Never answers a request.
   */
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
  /** Proposes just before the others would time out. */
  "late-proposer": { sends: [{ what: "proposal", lateMs: 1_200 }] },
  /** Answers late and one block at a time. Claims to be ahead, so that others ask it for blocks. */
  dripper: {
    answers: [
      { what: "blocks", how: "one", lateMs: 1_900 },
      { what: "any", how: "answer", lateMs: 1_900 },
    ],
    flood: { what: "ahead", count: 2 },
  },
  /**
   * Leaves one honest node's vote out of the certificates in its blocks, always the same node's.
   */
  "vote-omitter": { omits: 1 },
  /**
   * Sends no prepare and no commit to honest nodes when the rival leads (see `rivalOf`). Leaves one
   * honest vote out of the certificates in its own blocks.
   */
  "rival-spoiler": {
    sends: [
      { what: "prepare", turns: "rival", how: "drop" },
      { what: "commit", turns: "rival", how: "drop" },
    ],
    omits: 1,
  },
};

/** Strategies that follow the named plans. */
export const TIMING_STRATEGIES: readonly Strategy[] = Object.entries(NAMED_PLANS).map(
  ([name, plan]) => timingStrategy(plan, name),
);
