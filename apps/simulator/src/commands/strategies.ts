import {
  crashedTwin,
  type MeasuredSpan,
  measureThroughput,
  STRATEGIES,
  THROUGHPUT_FLOOR,
  type Throughput,
  throughputRatio,
  untroubledTwin,
  type WorldOptions,
} from "@aethel/testkit";
import { ALONE, type Surroundings } from "../output/program-output.ts";

/** Flags of `aethel-sim strategies`. */
export interface StrategyFlags {
  readonly seconds: number;
  readonly seed: number;
  readonly nodes: readonly number[];
  readonly application: string;
  /** Strategies to measure. Default: all. */
  readonly strategies?: readonly string[];
}

const TICK_MS = 500;
const MINUTE_MS = 60_000;
/** Virtual milliseconds before the measurement. Crashed leaders are passed over by then. */
const WARM_UP_MS = 20_000;

/**
 * Runs `aethel-sim strategies`: measures the throughput (B3 in docs/known-bugs.md) while f nodes,
 * the most that are less than a third, follow each strategy, and while these nodes are crashed.
 * Exit code 1 if a strategy leaves less than `THROUGHPUT_FLOOR` of the throughput with crashed
 * nodes.
 */
export async function strategies(
  flags: StrategyFlags,
  write: (line: string) => void,
  { progress }: Surroundings = ALONE,
): Promise<number> {
  const names = flags.strategies ?? STRATEGIES.map((strategy) => strategy.name);
  const of = (names.length + 2) * flags.nodes.length;
  let ended = 0;
  const below: string[] = [];
  const showing = (name: string, nodeCount: number): NodeJS.Timeout =>
    setInterval(() => {
      progress.show(() => `${ended} of ${of} worlds; now ${name}, ${nodeCount} nodes`);
    }, TICK_MS);
  const measure = async (name: string, world: WorldOptions): Promise<Throughput> => {
    const ticking = showing(name, world.nodeCount);
    const measured = await measureThroughput(world, spanOf(flags)).finally(() =>
      clearInterval(ticking),
    );
    ended += 1;
    progress.hide();
    return measured;
  };
  write(HEAD);
  write(HEAD.replaceAll(/[^|]+/g, " --- "));
  for (const nodeCount of flags.nodes) {
    const world = worldOf(flags, { nodeCount, strategy: "silent" });
    const faulty = world.byzantineCount ?? 0;
    const crashed = await measure("crashed", crashedTwin(world));
    write(
      row({ name: "none", nodeCount, faulty: 0 }, await measure("none", untroubledTwin(world))),
    );
    write(row({ name: "crashed", nodeCount, faulty }, crashed));
    for (const name of names) {
      const attacked = await measure(name, worldOf(flags, { nodeCount, strategy: name }));
      const ratio = throughputRatio({ attacked, crashed });
      write(row({ name, nodeCount, faulty, ratio }, attacked));
      if (ratio < THROUGHPUT_FLOOR) below.push(`${name} with ${nodeCount} nodes`);
    }
  }
  if (below.length === 0) return 0;
  write(
    `Less than ${percent(THROUGHPUT_FLOOR)} of the throughput with crashed nodes: ${below.join(", ")}.`,
  );
  return 1;
}

const HEAD =
  "| strategy | nodes | Byzantine | blocks a minute | proofs a minute | of crashed | later views | punished |";

function spanOf({ seconds }: StrategyFlags): MeasuredSpan {
  const virtualMs = seconds * 1_000;
  return { warmUpMs: Math.min(WARM_UP_MS, virtualMs), virtualMs };
}

/**
 * Returns a world with ten proofs a virtual second, in which f nodes (the most that are less than a
 * third) follow one strategy.
 */
function worldOf(
  { seed, application }: StrategyFlags,
  { nodeCount, strategy }: { readonly nodeCount: number; readonly strategy: string },
): WorldOptions {
  return {
    nodeCount,
    byzantineCount: Math.floor((nodeCount - 1) / 3),
    seed,
    application,
    workEveryMs: 100,
    strategies: [strategy],
  };
}

function row(
  world: {
    readonly name: string;
    readonly nodeCount: number;
    readonly faulty: number;
    readonly ratio?: number;
  },
  measured: Throughput,
): string {
  const { name, nodeCount, faulty, ratio } = world;
  const { virtualMs, blocks, proofs, lostViews, punished } = measured;
  const perMinute = (count: number): number => Math.round((count * MINUTE_MS) / virtualMs);
  const cells = [
    name,
    nodeCount,
    faulty,
    perMinute(blocks),
    perMinute(proofs),
    ratio === undefined ? "" : percent(ratio),
    perMinute(lostViews),
    punished === 0 ? "no" : "yes",
  ];
  return `| ${cells.join(" | ")} |`;
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}
