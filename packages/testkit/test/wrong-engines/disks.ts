import type { WorldAction, WorldOptions } from "@aethel/testkit";
import type { WrongEngine } from "./wrong-engine.ts";

/** World of four honest nodes. */
const FOUR: Partial<WorldOptions> = {
  nodeCount: 4,
  powers: [1, 1, 1, 1],
  rotation: [],
  twins: [],
  poolless: [],
  network: { latencyMs: 20, jitterMs: 40, lossRate: 0.05, byzantineIds: [] },
  workEveryMs: 200,
};

/** World in which each node's disk fails for a while, in turn, and power fails now and then. */
const FAILING: Partial<WorldOptions> = {
  ...FOUR,
  powerCuts: { rate: 0.05, downMs: 20, most: 12 },
  actions: [0, 1, 2, 3].flatMap((node): readonly WorldAction[] => [
    { type: "disk", node, fault: "sync", atMs: 1_000 + 300 * node, forMs: 400 },
    { type: "disk", node, fault: "short", rate: 0.5, atMs: 3_000 + 300 * node, forMs: 400 },
  ]),
};

/**
 * World in which databases are rolled back, by a little, then by all; COMMITs are held up
 * meanwhile.
 */
const GOING_BACK: Partial<WorldOptions> = {
  ...FOUR,
  ambush: { rate: 1, holdMs: 2_000, plan: "hidden-commit" },
  actions: Array.from({ length: 10 }, (_, at): WorldAction => {
    const blocks = at % 4 < 2 ? 1 : 1_000;
    return { type: "roll-back", node: at % 2, blocks, atMs: 800 + 500 * at, forMs: 20 };
  }),
};

/**
 * Engines that are wrong about what is durable, or about a log beside a database that was rolled
 * back. Where a vote has left that the log lacks, the replica learns it from others and listens:
 * then only progress is missing.
 */
export const DISKS: readonly WrongEngine[] = [
  {
    name: "failed-write-ignored",
    breaks: "a vote leaves although the disk did not take it",
    edits: [
      {
        find: "if (failure === undefined) return signAndSend(statement, options);",
        replace: "return signAndSend(statement, options);",
      },
    ],
    instead: FAILING,
    seed: 23,
    by: ["double-signing", "progress"],
  },
  {
    name: "log-not-repaired",
    breaks: "after a failure the old file is written on",
    edits: [
      {
        find: "    repair: replace,",
        replace:
          "    repair: () => {\n      works = true;\n      return Promise.resolve(undefined);\n    },",
      },
    ],
    instead: FAILING,
    seed: 1,
    by: ["double-signing", "progress"],
  },
  {
    name: "stops-when-a-disk-fails",
    breaks: "a disk that fails once stops its replica for good",
    edits: [
      {
        find: "    return { call, error };",
        replace: "    throw error;",
      },
    ],
    instead: FAILING,
    seed: 1,
    by: ["replica"],
  },
  {
    name: "disk-taken-for-a-judge",
    breaks: "a block that a disk did not take counts as refused",
    edits: [
      {
        find: "if (!isTransient(error)) {",
        replace: "if (isTransient(error) || true) {",
      },
    ],
    instead: {
      ...FAILING,
      actions: [{ type: "disk", node: 1, fault: "full", store: true, atMs: 1_000, forMs: 3_000 }],
    },
    seed: 6,
    by: ["replica"],
  },
  {
    name: "kept-entries-dropped",
    breaks: "what the log holds beyond the head is forgotten when a block is applied",
    edits: [
      {
        find: "    kept: state.kept.filter((entry) => (sequenceOfEntry(entry) ?? 0) > state.sequence),",
        replace: "    kept: [],",
      },
    ],
    instead: GOING_BACK,
    seed: 8,
    by: ["double-signing", "progress"],
  },
  {
    name: "no-floor",
    breaks: "a database that went back below the floor lets its replica sign there again",
    edits: [
      {
        find: '(entry.type === "floor" ? Math.max(floor, entry.sequence) : floor)',
        replace: '(entry.type === "floor" ? floor : floor)',
      },
    ],
    instead: GOING_BACK,
    seed: 1,
    by: ["double-signing", "progress"],
  },
];
