import { INTERRUPTED } from "@aethel/terminal";
import {
  type Attack,
  findThroughputLoss,
  searchWorstAttack,
  TestkitError,
  type TriedAttack,
  type WorldOptions,
} from "@aethel/testkit";
import { ALONE, type Surroundings } from "../output/program-output.ts";

/** Flags of `aethel-sim worst`. */
export interface WorstFlags {
  readonly nodes: number;
  readonly tries: number;
  readonly seed: number;
  readonly latency: number;
  readonly jitter: number;
  /**
   * Additional virtual milliseconds to verify a slow block; one block in three is slow. 0: none is.
   */
  readonly slowJudging: number;
  /** Virtual seconds of each try. */
  readonly seconds: number;
  /** Real minutes after which no further try begins. Undefined: there is no such limit. */
  readonly minutes?: number;
  /** Number of the worst attacks that are measured again, longer and with other seeds. */
  readonly confirm: number;
}

const SHOWN_MS = 500;
const SEEDS = 3;

/**
 * Runs `aethel-sim worst`: searches for the timing and strategies with which a Byzantine minority
 * costs the most throughput, and measures the worst attacks again. Exit code 1 if one of them still
 * costs more throughput than a crash of the same nodes.
 */
export async function worst(
  flags: WorstFlags,
  write: (line: string) => void,
  surroundings: Surroundings = ALONE,
): Promise<number> {
  if (flags.nodes < 4) {
    throw new TestkitError({ code: "CONFIG", problems: ["--nodes: at least 4"] });
  }
  const world = worldOf(flags);
  const { progress } = surroundings;
  using stop = surroundings.listenForStop();
  const started = performance.now();
  const endsMs = (flags.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  let least = Number.POSITIVE_INFINITY;
  let tried = 0;
  const ticking = setInterval(() => {
    progress.show(() => `${tried} of ${flags.tries} tried, the worst: ${describe(least)}`);
  }, SHOWN_MS);
  const found = await searchWorstAttack({
    world,
    seed: flags.seed,
    tries: flags.tries,
    measured: { warmUpMs: 10_000, virtualMs: flags.seconds * 1_000 },
    onTried: ({ left, attack }, count) => {
      tried = count;
      if (left < least) {
        least = left;
        progress.hide();
        write(`${count}: ${describe(left)} by ${JSON.stringify(attack)}`);
      }
      return !stop.signal.aborted && performance.now() - started < endsMs;
    },
  }).finally(() => clearInterval(ticking));
  progress.hide();
  if (stop.signal.aborted) return INTERRUPTED;
  return conclude({ flags, world, write, tried, found });
}

async function conclude(ended: {
  readonly flags: WorstFlags;
  readonly world: WorldOptions;
  readonly write: (line: string) => void;
  readonly tried: number;
  readonly found: readonly TriedAttack[];
}): Promise<number> {
  const { flags, world, write, tried, found } = ended;
  write(`${tried} tried. The worst, measured again for longer:`);
  let code = 0;
  for (const { attack } of found.slice(0, flags.confirm)) {
    const defect = await confirm(world, attack, flags.seed);
    if (defect !== undefined) code = 1;
    write(`${defect ?? "no more than as many crashes"}: ${JSON.stringify(attack)}`);
  }
  return code;
}

async function confirm(
  world: WorldOptions,
  attack: Attack,
  seed: number,
): Promise<string | undefined> {
  const seeds = Array.from({ length: SEEDS }, (_, at) => seed + at);
  return findThroughputLoss({ ...world, ...attack }, { seeds });
}

function worldOf({ nodes, seed, latency, jitter, slowJudging }: WorstFlags): WorldOptions {
  return {
    ...(slowJudging === 0 ? {} : { slowBlocks: { rate: 1 / 3, judgingMs: slowJudging } }),
    nodeCount: nodes,
    byzantineCount: Math.floor((nodes - 1) / 3),
    seed,
    application: "counter",
    workEveryMs: 100,
    network: { latencyMs: latency, jitterMs: jitter },
  };
}

function describe(left: number): string {
  return Number.isFinite(left) ? `${(100 * left).toFixed(1)} % left` : "nothing yet";
}
