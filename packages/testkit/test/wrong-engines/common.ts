import type { WorldOptions } from "@aethel/testkit";
import type { Edit } from "./patch.ts";

/** World in which one node alone knows that a block is final, and Byzantine leaders follow. */
export const HIDDEN_COMMIT = { rate: 1, holdMs: 6_000, plan: "hidden-commit" } as const;

/** World in which one node alone holds a lock, so that a quorum of requests names none. */
export const LONE_LOCKS = { rate: 1, holdMs: 2_000, plan: "hidden-votes" } as const;

/** Accepts a certificate without a quorum; its signatures must hold. */
export const NO_QUORUM: Edit = {
  find: "return findCertificateDefect({ ...expected, certificate });",
  replace:
    'const d = findCertificateDefect({ ...expected, certificate }); return d === "no-quorum" ? undefined : d;',
};

/** World in which each node crashes after about every third message, and starts again at once. */
export const ALL_CRASH: Partial<WorldOptions> = {
  nodeCount: 4,
  powers: [1, 1, 1, 1],
  rotation: [],
  twins: [],
  poolless: [],
  actions: [],
  workEveryMs: 200,
  judgingMs: 5,
  syncMs: 20,
  powerCuts: { rate: 0.3, downMs: 1, most: 60 },
  network: {
    latencyMs: 20,
    jitterMs: 150,
    lossRate: 0.1,
    duplicateRate: 0.3,
    reorderRate: 0.3,
    clockDriftMs: 500,
    clockRate: 0.001,
    regions: [],
    bandwidth: 0,
    partitions: [],
    byzantineIds: [0],
  },
};

/** World of four nodes in which a message often comes before one that was sent a while earlier. */
export const UNEVEN: Partial<WorldOptions> = {
  nodeCount: 4,
  powers: [1, 1, 1, 1],
  rotation: [],
  keyChanges: [],
  twins: [],
  poolless: [],
  actions: [],
  powerCuts: { rate: 0, downMs: 1, most: 0 },
  network: {
    latencyMs: 1,
    jitterMs: 400,
    lossRate: 0,
    duplicateRate: 0,
    reorderRate: 0,
    clockDriftMs: 0,
    clockRate: 0,
    regions: [],
    bandwidth: 0,
    partitions: [],
    byzantineIds: [0],
  },
};
