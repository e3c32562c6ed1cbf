import {
  crashedTwin,
  drawWorld,
  exploreEngine,
  measureThroughput,
  runWorld,
  TestkitError,
  type TestNetworkOptions,
  THROUGHPUT_FLOOR,
  type Throughput,
  throughputRatio,
  untroubledTwin,
  type WorldOptions,
} from "@aethel/testkit";
import { WRONG_ENGINES } from "./catalogue.ts";
import { loadEngine } from "./load-engine.ts";
import type { WrongEngine } from "./wrong-engine.ts";

/** Task of a process: engines by name, and a number of worlds at most. */
export interface Hunt {
  readonly engines: readonly string[];
  /** Worlds from seed 1 on, after the known one. 0: only the known one. */
  readonly budget: number;
  /** Runs the same worlds on the unpatched engine; they must pass. */
  readonly control: boolean;
  /** Leaves out the known world. */
  readonly full?: boolean;
  /** Explores the small scope, up to this many states, in place of random worlds. */
  readonly states?: number;
  /** Measures the throughput that each leaves under its attack. */
  readonly floor?: true;
  /** Interval of these states at which faults are switched off and all nodes must go on. */
  readonly recoverEvery?: number;
}

/** Result for one engine, a line of JSON each. */
export interface Catch {
  readonly name: string;
  readonly checker: string | undefined;
  readonly reason: string;
  /** Seed of the world that found it. */
  readonly seed: number | undefined;
  readonly worlds: number;
  readonly milliseconds: number;
}

/** Small worlds with short faults: many a second. */
const HUNTED = { nodesMax: 5, faultsMs: 6_000 };

const SPAN = { warmUpMs: 8_000, virtualMs: 16_000 };
/**
 * Least part of the blocks of a world without faults that crashed nodes leave once they are passed
 * over.
 */
const CRASHED_SHARE = 0.85;

async function hunt(order: Hunt): Promise<void> {
  const { engines, budget, control, full = false, states } = order;
  for (const name of engines) {
    const engine = WRONG_ENGINES.find((each) => each.name === name);
    if (engine === undefined) throw new Error(`there is no engine ${name}`);
    const wanted = control ? { name: `right-${name}`, edits: [] } : engine;
    if (states !== undefined) {
      const found = await explore(engine, { ...order, states });
      process.stdout.write(`${JSON.stringify({ ...found, name })}\n`);
      continue;
    }
    if (order.floor === true) {
      const found = await measure(wanted, engine.costs);
      process.stdout.write(`${JSON.stringify({ ...found, name })}\n`);
      continue;
    }
    const caught = await search(full && !control ? undefined : engine.seed, {
      wanted,
      world: engine.world,
      instead: engine.instead,
      budget: control ? 0 : budget,
    });
    process.stdout.write(`${JSON.stringify({ ...caught, name })}\n`);
  }
}

/** Explores an engine; `worlds` of the result counts states here. */
async function explore(
  wanted: WrongEngine,
  { states, recoverEvery }: Pick<Hunt, "recoverEvery"> & { readonly states: number },
): Promise<Omit<Catch, "name">> {
  const started = performance.now();
  const engine = await loadEngine(wanted);
  const place = recoverEvery === undefined ? wanted.explored : wanted.recovers;
  const scope = { powers: [wanted.powers ?? [1, 1, 1, 1]], byzantine: place ?? 0, views: 3 };
  const often = recoverEvery === undefined ? {} : { recoverEvery };
  const found = await exploreEngine(scope, { engine, states, ...often });
  const { checker, reason = "survived" } = found.violation ?? {};
  const milliseconds = Math.round(performance.now() - started);
  return { checker, reason, seed: undefined, worlds: found.states, milliseconds };
}

async function measure(
  wanted: Pick<WrongEngine, "name" | "edits">,
  costs: WrongEngine["costs"],
): Promise<Omit<Catch, "name">> {
  const started = performance.now();
  const { createReplica } = await loadEngine(wanted);
  const world: WorldOptions = {
    nodeCount: 4,
    byzantineCount: 1,
    seed: 1,
    application: "counter",
    workEveryMs: 100,
    ...(costs === "crashed" ? {} : costs),
  };
  const of = (each: WorldOptions): Promise<Throughput> =>
    measureThroughput(each, SPAN, { createReplica, onlyCheckers: ["agreement"] });
  const crashed = await of(crashedTwin(world));
  const left =
    costs === "crashed"
      ? crashed.blocks / (await of(untroubledTwin(world))).blocks / CRASHED_SHARE
      : throughputRatio({ attacked: await of(world), crashed }) / THROUGHPUT_FLOOR;
  return {
    checker: left < 1 ? "throughput" : undefined,
    reason: left < 1 ? `leaves ${left.toFixed(2)} of the floor` : "survived",
    seed: 1,
    worlds: 2,
    milliseconds: Math.round(performance.now() - started),
  };
}

async function search(
  known: number | undefined,
  order: {
    readonly wanted: Pick<WrongEngine, "name" | "edits">;
    readonly world: WrongEngine["world"];
    readonly instead: WrongEngine["instead"];
    readonly budget: number;
  },
): Promise<Omit<Catch, "name">> {
  const { wanted, world, instead, budget } = order;
  const started = performance.now();
  const { createReplica } = await loadEngine(wanted);
  const first = known === undefined ? [] : [known];
  const seeds = [...first, ...Array.from({ length: budget }, (_, at) => at + 1)];
  let worlds = 0;
  for (const seed of seeds) {
    worlds += 1;
    const drawn = replaceOptions(drawWorld({ ...HUNTED, ...world, seed }), instead);
    const violation = await violationOf({ ...drawn, createReplica });
    const milliseconds = Math.round(performance.now() - started);
    if (violation !== undefined) return { ...violation, seed, worlds, milliseconds };
  }
  const milliseconds = Math.round(performance.now() - started);
  return { checker: undefined, reason: "survived", seed: undefined, worlds, milliseconds };
}

/** Replaces options of a world; nodes without a pool are those that it has then. */
function replaceOptions(drawn: WorldOptions, instead: WrongEngine["instead"]): WorldOptions {
  const world = { ...drawn, ...instead };
  const { poolless = [], nodeCount } = world;
  return { ...world, poolless: poolless.filter((node) => node < nodeCount) };
}

async function violationOf(
  world: TestNetworkOptions,
): Promise<{ readonly checker: string; readonly reason: string } | undefined> {
  try {
    await runWorld(world);
    return undefined;
  } catch (error) {
    if (!(error instanceof TestkitError) || error.fault.code !== "VIOLATION") throw error;
    const { checker, reason } = error.fault;
    return { checker, reason };
  }
}

const [, , order] = process.argv;
if (order !== undefined) await hunt(JSON.parse(order));
