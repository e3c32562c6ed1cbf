import { drawStrategies } from "../byzantine/catalogue.ts";
import { drawTiming } from "../byzantine/timing/draw-timing.ts";
import type { Random } from "../random.ts";
import type { WorldAction } from "../scenario/world-action.ts";
import type { WorldOptions } from "../scenario/world-options.ts";

/** Nodes of a random world that may fail, and the time for which they may. */
export interface Suspects {
  readonly byzantineIds: readonly number[];
  /** Nodes, among them all Byzantine ones, that together have less than a third of the power. */
  readonly faulty: readonly number[];
  readonly faultsMs: number;
}

const HOUR_MS = 3_600_000;
const TIMING_RATE = 0.35;
const JUMP_RATE = 0.6;
const DISK_RATE = 0.25;
const ROLL_BACK_RATE = 0.5;
const FUTURE_RATE = 0.04;
const LOSS_RATE = 0.3;
const KEY_RATE = 0.2;
const RESTORE_RATE = 0.5;
const SLOW_BLOCKS_RATE = 0.2;
/** Milliseconds after which all messages that a node had sent have arrived, in a calm network. */
const ARRIVED_MS = 1_000;

/**
 * Adds machine faults of honest nodes and timing plans of Byzantine nodes to a world. Each kind is
 * drawn from a stream of its own, so that a seed without these faults gives the same world as
 * before they existed.
 */
export function addFaults(world: WorldOptions, random: Random, suspects: Suspects): WorldOptions {
  const actions = [
    ...(world.actions ?? []),
    ...drawJumps(random.fork("jumps"), suspects),
    ...drawDiskFaults(random.fork("disks"), world.nodeCount, suspects),
    ...(world.application === "counter" ? drawRollBacks(random.fork("roll-backs"), suspects) : []),
    ...drawLosses(random.fork("losses"), world, suspects),
  ];
  return {
    ...world,
    ...drawKeyChanges(random.fork("keys"), world, suspects),
    ...drawPlan(random.fork("timing"), world, suspects),
    ...drawSlowBlocks(random.fork("slow-blocks")),
    ...(random.fork("future").chance(FUTURE_RATE) ? { startsInMs: 4_000 } : {}),
    actions,
  };
}

function drawPlan(
  random: Random,
  world: WorldOptions,
  { byzantineIds }: Suspects,
): Pick<WorldOptions, "timing" | "strategies"> {
  const isOpen = world.strategies === undefined && (world.twins ?? []).length === 0;
  if (byzantineIds.length === 0 || !isOpen || !random.chance(TIMING_RATE)) return {};
  const application = world.application ?? "counter";
  const beside = random.chance(0.5) ? [] : drawStrategies(random, application);
  return { timing: drawTiming(random), strategies: beside.map(({ name }) => name) };
}

/**
 * Draws, for some worlds, blocks that take long to validate: a part of all blocks, sometimes most
 * of them. They never take longer than a leader is allowed to.
 */
export function drawSlowBlocks(
  random: Random,
  chance = SLOW_BLOCKS_RATE,
): Pick<WorldOptions, "slowBlocks"> {
  if (!random.chance(chance)) return {};
  const rate = random.pick([0.1, 0.3, 0.7]);
  return { slowBlocks: { rate, judgingMs: random.pick([200, 500, 900]) } };
}

/** Draws clock jumps of seconds or hours. They last for a while, or until the faults end. */
function drawJumps(
  random: Random,
  { byzantineIds, faulty, faultsMs }: Suspects,
): readonly WorldAction[] {
  const honest = faulty.filter((node) => !byzantineIds.includes(node));
  if (honest.length === 0 || !random.chance(JUMP_RATE)) return [];
  return Array.from({ length: 1 + random.below(2) }, (): WorldAction => {
    const byMs = random.pick([-5 * HOUR_MS, -HOUR_MS, -3_000, 3_000, HOUR_MS, 30 * HOUR_MS]);
    const forMs = 1 + random.below(faultsMs);
    const lasts = random.chance(0.5) ? {} : { forMs };
    return {
      type: "clock-jump",
      node: random.pick(honest),
      byMs,
      atMs: random.below(faultsMs),
      ...lasts,
    };
  });
}

/**
 * Draws disk faults of any node, each for a while. Even many are harmless, since no node sends what
 * it could not write.
 */
function drawDiskFaults(
  random: Random,
  nodeCount: number,
  { faultsMs }: Suspects,
): readonly WorldAction[] {
  if (!random.chance(DISK_RATE)) return [];
  return Array.from({ length: 1 + random.below(3) }, (): WorldAction => {
    const fault = random.pick(["full", "io", "short", "sync", "read-only"] as const);
    const rate = random.chance(0.5) ? {} : { rate: random.pick([0.05, 0.3]) };
    return {
      type: "disk",
      node: random.below(nodeCount),
      fault,
      ...rate,
      ...(random.chance(0.4) ? { store: true } : {}),
      atMs: random.below(faultsMs),
      forMs: 1 + random.below(faultsMs),
    };
  });
}

/**
 * Draws faults in which a node's database is restored from an old copy or deleted, while its
 * signing log stays.
 */
function drawRollBacks(
  random: Random,
  { byzantineIds, faulty, faultsMs }: Suspects,
): readonly WorldAction[] {
  const honest = faulty.filter((node) => !byzantineIds.includes(node));
  if (honest.length === 0 || !random.chance(ROLL_BACK_RATE)) return [];
  return Array.from(
    { length: 1 + random.below(2) },
    (): WorldAction => ({
      type: "roll-back",
      node: random.pick(honest),
      blocks: random.pick([1, 1, 2, 5, 1_000]),
      atMs: random.below(faultsMs),
      forMs: 1 + random.below(random.pick([100, 1_000, faultsMs])),
    }),
  );
}

/**
 * Draws, for some worlds, the loss of a node's signing log, with or without the last blocks of its
 * database.
 */
function drawLosses(
  random: Random,
  { application }: WorldOptions,
  { byzantineIds, faulty, faultsMs }: Suspects,
): readonly WorldAction[] {
  const honest = faulty.filter((node) => !byzantineIds.includes(node));
  if (honest.length === 0 || !random.chance(LOSS_RATE)) return [];
  const blocks = application === "counter" ? random.pick([0, 0, 1, 3, 1_000]) : 0;
  return [
    {
      type: "lose-log",
      node: random.pick(honest),
      ...(blocks === 0 ? {} : { blocks }),
      atMs: random.below(faultsMs),
      forMs: 1 + random.below(random.pick([100, 1_000, faultsMs])),
    },
  ];
}

/**
 * Draws a change of a validator's consensus key. If the node may fail, its process may hold only
 * one of the two keys.
 */
function drawKeyChanges(
  random: Random,
  { application, nodeCount }: WorldOptions,
  { byzantineIds, faulty }: Suspects,
): Pick<WorldOptions, "keyChanges"> {
  const honest = Array.from({ length: nodeCount }, (_, at) => at).filter(
    (node) => !byzantineIds.includes(node),
  );
  if (application !== "counter" || !random.chance(KEY_RATE)) return {};
  const node = random.pick(honest);
  const holds = faulty.includes(node) ? random.pick(["both", "old", "new"] as const) : "both";
  return { keyChanges: [{ node, epoch: 1 + random.below(3), holds }] };
}

/**
 * Adds, to some calm worlds, a machine that goes back to an earlier moment, with signing log and
 * database. Then only other nodes know what it signed last. So the world must have no other fault
 * in which nodes forget or messages are lost.
 */
export function addRestore(world: WorldOptions, random: Random, suspects: Suspects): WorldOptions {
  const { byzantineIds, faulty, faultsMs } = suspects;
  const honest = faulty.filter((node) => !byzantineIds.includes(node));
  const isAlone = world.powerCuts === undefined && world.ambush === undefined;
  const isCalm = isAlone && world.application === "counter" && (world.actions ?? []).length === 0;
  if (honest.length === 0 || !isCalm || !random.chance(RESTORE_RATE)) return world;
  const node = random.pick(honest);
  const atMs = random.below(faultsMs);
  const restoredMs = atMs + random.below(Math.max(1, faultsMs - atMs));
  const actions: readonly WorldAction[] = [
    { type: "snapshot", node, atMs },
    { type: "restore", node, atMs: restoredMs, forMs: ARRIVED_MS + random.below(3_000) },
  ];
  return { ...world, actions };
}
