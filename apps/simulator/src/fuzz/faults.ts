import { STRATEGIES, type WorldOptions, type WorldReport } from "@aethel/testkit";

/** World (a simulated network) that was drawn at random, with its report. */
export interface DrawnWorld {
  readonly world: WorldOptions;
  /** Strategies of all Byzantine nodes, in any order, possibly repeated. */
  readonly strategies: readonly string[];
  readonly report: Pick<WorldReport, "viewChanges" | "evidence">;
  /** Number of restarts of processes. */
  readonly restarts: number;
}

interface Fault {
  readonly name: string;
  readonly isIn: (drawn: DrawnWorld) => boolean;
}

/**
 * Virtual milliseconds from which a disk counts as slow; `SLOW_JUDGE_MS` is the same for a Judge.
 */
const SLOW_DISK_MS = 20;
const SLOW_JUDGE_MS = 100;

const action =
  (type: string) =>
  ({ world }: DrawnWorld): boolean =>
    world.actions?.some((each) => each.type === type) === true;

const ambush =
  (plan: string) =>
  ({ world }: DrawnWorld): boolean =>
    world.ambush !== undefined && (world.ambush.plan ?? "hidden-commit") === plan;

const rate =
  (
    name: "lossRate" | "duplicateRate" | "reorderRate" | "clockDriftMs" | "clockRate" | "bandwidth",
  ) =>
  ({ world }: DrawnWorld): boolean =>
    (world.network?.[name] ?? 0) > 0;

const BYZANTINE: readonly Fault[] = [
  { name: "any", isIn: ({ strategies }) => strategies.length > 0 },
  { name: "twins", isIn: ({ world }) => (world.twins ?? []).length > 0 },
  { name: "own timing", isIn: ({ world }) => world.timing !== undefined },
  ...STRATEGIES.map(({ name }) => ({
    name,
    isIn: ({ strategies }: DrawnWorld) => strategies.includes(name),
  })),
];

const PROCESSES: readonly Fault[] = [
  { name: "crash", isIn: action("crash") },
  { name: "power cut after a message", isIn: ({ world }) => world.powerCuts !== undefined },
  { name: "pause", isIn: action("pause") },
  {
    name: "damaged disk",
    isIn: (drawn) =>
      action("flip-bit")(drawn) || (drawn.world.powerCuts?.damaging ?? []).length > 0,
  },
];

const NETWORK: readonly Fault[] = [
  { name: "loss", isIn: rate("lossRate") },
  { name: "duplicates", isIn: rate("duplicateRate") },
  { name: "held back", isIn: rate("reorderRate") },
  { name: "partition", isIn: action("partition") },
  {
    name: "one-way partition",
    isIn: ({ world }) => world.actions?.some((each) => "oneWay" in each) === true,
  },
  { name: "ambush hidden-commit", isIn: ambush("hidden-commit") },
  { name: "ambush two-locks", isIn: ambush("two-locks") },
  { name: "ambush hidden-votes", isIn: ambush("hidden-votes") },
  { name: "long outage", isIn: ambush("starvation") },
  { name: "far regions", isIn: ({ world }) => (world.network?.regions ?? []).length > 0 },
  { name: "narrow lines", isIn: rate("bandwidth") },
];

const MACHINES: readonly Fault[] = [
  { name: "clocks off", isIn: rate("clockDriftMs") },
  { name: "clocks fast or slow", isIn: rate("clockRate") },
  { name: "clock jump", isIn: action("clock-jump") },
  { name: "slow Judge", isIn: ({ world }) => (world.judgingMs ?? 0) >= SLOW_JUDGE_MS },
  { name: "slow blocks", isIn: ({ world }) => world.slowBlocks !== undefined },
  { name: "disk that fails", isIn: action("disk") },
  { name: "older database", isIn: action("roll-back") },
  { name: "lost signing log", isIn: action("lose-log") },
  { name: "restored machine", isIn: action("restore") },
  { name: "slow disk", isIn: ({ world }) => (world.syncMs ?? 0) >= SLOW_DISK_MS },
];

const CHAIN: readonly Fault[] = [
  { name: "unequal stakes", isIn: ({ world }) => new Set(world.powers).size > 1 },
  { name: "genesis in the future", isIn: ({ world }) => (world.startsInMs ?? 0) > 0 },
  { name: "changing keys", isIn: ({ world }) => world.keyChanges !== undefined },
  { name: "no shared mempool", isIn: ({ world }) => (world.poolless ?? []).length > 0 },
  { name: "changing sets", isIn: ({ world }) => world.rotation !== undefined },
];

const SEEN: readonly Fault[] = [
  { name: "view changes", isIn: ({ report }) => report.viewChanges > 0 },
  { name: "restarts", isIn: ({ restarts }) => restarts > 0 },
  { name: "evidence", isIn: ({ report }) => Object.keys(report.evidence).length > 0 },
  {
    name: "nothing wrong",
    isIn: (drawn) => ![BYZANTINE, PROCESSES, NETWORK].flat().some(({ isIn }) => isIn(drawn)),
  },
];

const ALL: readonly (readonly [string, readonly Fault[]])[] = [
  ["Byzantine", BYZANTINE],
  ["Processes", PROCESSES],
  ["Network", NETWORK],
  ["Machines", MACHINES],
  ["Chain", CHAIN],
  ["Seen", SEEN],
];

/** Names of all faults by group. `faultsOf` returns them as `group:name`. */
export const FAULT_GROUPS: readonly {
  readonly group: string;
  readonly names: readonly string[];
}[] = ALL.map(([group, faults]) => ({ group, names: faults.map(({ name }) => name) }));

/**
 * Faults that only worlds of the ledger can have, and worlds of the counter cannot, as
 * `group:name`.
 */
export const LEDGER_FAULTS: ReadonlySet<string> = new Set(
  STRATEGIES.filter(({ isOfLedger }) => isOfLedger === true).map(({ name }) => `Byzantine:${name}`),
);

/**
 * Lists the faults in a world and their consequences, such as view changes, each as `group:name`.
 */
export function faultsOf(drawn: DrawnWorld): readonly string[] {
  return ALL.flatMap(([group, faults]) =>
    faults.filter(({ isIn }) => isIn(drawn)).map(({ name }) => `${group}:${name}`),
  );
}
