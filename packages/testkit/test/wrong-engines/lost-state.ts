import type { WorldAction, WorldOptions } from "@aethel/testkit";
import type { WrongEngine } from "./wrong-engine.ts";

/** World of four honest nodes under load, with COMMITs held up. */
const FOUR: Partial<WorldOptions> = {
  nodeCount: 4,
  powers: [1, 1, 1, 1],
  rotation: [],
  keyChanges: [],
  twins: [],
  poolless: [],
  // A node whose log a power cut damages listens as well: two of four would be too many.
  powerCuts: { rate: 0, downMs: 1, most: 0 },
  network: { latencyMs: 20, jitterMs: 40, lossRate: 0, byzantineIds: [] },
  workEveryMs: 200,
};

/** World in which one node loses its signing log again and again, with its database. */
const LOSING: Partial<WorldOptions> = {
  ...FOUR,
  ambush: { rate: 0.5, holdMs: 300, plan: "hidden-commit" },
  actions: Array.from({ length: 5 }, (_, at): WorldAction => {
    const blocks = at % 2 === 0 ? 1_000 : 1;
    return { type: "lose-log", node: 0, blocks, atMs: 900 + 1_111 * at, forMs: 1 };
  }),
};

/**
 * World in which one machine goes back a little, again and again, right after it has signed.
 * COMMITs are held up, so that it returns to the sequence that it had signed at.
 */
const GOING_BACK: Partial<WorldOptions> = {
  ...FOUR,
  ambush: { rate: 0.5, holdMs: 300, plan: "hidden-commit" },
  actions: Array.from({ length: 12 }, (_, at): readonly WorldAction[] => [
    { type: "snapshot", node: 0, atMs: 700 + 400 * at },
    { type: "restore", node: 0, atMs: 780 + 400 * at, forMs: 90 },
  ]).flat(),
};

/** Engines that are wrong about what a replica may have signed and does not know. */
export const LOST_STATE: readonly WrongEngine[] = [
  {
    name: "listens-not",
    breaks: "a replica without its signing state signs at once, and asks nobody what it signed",
    edits: [
      { find: "if (since !== undefined) resumeListening(context, since);", replace: "" },
      { find: "if (asksFirst) beginStarting(context);", replace: "" },
    ],
    instead: LOSING,
    seed: 3,
    by: ["double-signing"],
  },
  {
    name: "listens-too-short",
    breaks: "after a loss it signs from the sequence right after the highest head",
    edits: [
      {
        find: "toSequence(Math.max(own, next) + 3)",
        replace: "toSequence(Math.max(own, next) + 1)",
      },
    ],
    instead: LOSING,
    seed: 8,
    by: ["double-signing"],
  },
  {
    name: "copy-not-noticed",
    breaks: "signatures of the own key that the log does not hold are nothing to it",
    edits: [
      {
        find: "if (own.statements.some((known) => isSame(known, statement))) return;",
        replace: "if (own.statements.length >= 0) return;",
      },
    ],
    instead: GOING_BACK,
    seed: 49,
    by: ["double-signing"],
  },
];
