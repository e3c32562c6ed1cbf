import { TestkitError, type TestkitFault } from "../errors.ts";
import type { WorldAction } from "../scenario/world-action.ts";
import type { WorldOptions } from "../scenario/world-options.ts";

/** A property that a world broke. */
export type Violation = Extract<TestkitFault, { readonly code: "VIOLATION" }>;

/** The smallest world found, and the violation that it ends with. */
export interface Shrunk {
  readonly world: WorldOptions;
  readonly violation: Violation;
  /** Number of worlds that were run. */
  readonly tried: number;
}

/**
 * Returns the violation with which a world ends, or undefined if it ends well.
 * @throws Error for any other error of the world
 */
export async function violationOf(world: Promise<unknown>): Promise<Violation | undefined> {
  try {
    await world;
    return undefined;
  } catch (error) {
    if (error instanceof TestkitError && error.fault.code === "VIOLATION") return error.fault;
    throw error;
  }
}

/**
 * Makes a world that breaks a property smaller, as long as the same checker reports a violation: it
 * leaves out actions (in halves, then one by one) and faults, shortens the world, and uses fewer
 * nodes and a single strategy. At most `tries` worlds are run, so the result need not be the
 * smallest possible.
 */
export async function shrinkWorld(
  found: { readonly world: WorldOptions; readonly violation: Violation },
  options: {
    readonly run: (world: WorldOptions) => Promise<Violation | undefined>;
    readonly tries?: number;
    /** Names of strategies that are tried alone. Default: none. */
    readonly strategies?: readonly string[];
  },
): Promise<Shrunk> {
  const { run, tries = 80, strategies = [] } = options;
  let { world, violation } = found;
  let tried = 0;
  const attempt = async (candidate: WorldOptions): Promise<boolean> => {
    tried += 1;
    const other = await run(candidate);
    if (other?.checker !== violation.checker) return false;
    world = candidate;
    violation = other;
    return true;
  };
  for (let smaller = true; smaller && tried < tries; ) {
    smaller = false;
    for (const propose of proposals(strategies)) {
      // Each success changes what a kind of cut can propose: start over from there.
      for (let at = 0; tried < tries; ) {
        const candidate = propose(world)[at];
        if (candidate === undefined) break;
        const shrank = await attempt(candidate);
        smaller ||= shrank;
        at = shrank ? 0 : at + 1;
      }
    }
  }
  return { world, violation, tried };
}

type Propose = (world: WorldOptions) => readonly WorldOptions[];

function proposals(strategies: readonly string[]): readonly Propose[] {
  return [
    fewerActions,
    (world) => [
      ...(world.powerCuts === undefined ? [] : [without(world, "powerCuts")]),
      ...(world.ambush === undefined ? [] : [without(world, "ambush")]),
      ...(world.rotation === undefined ? [] : [without(world, "rotation")]),
      ...(world.keyChanges === undefined ? [] : [without(world, "keyChanges")]),
      ...(world.twins === undefined ? [] : [without(world, "twins")]),
      ...(world.escaping === undefined ? [] : [without(world, "escaping")]),
      ...(world.poolless === undefined ? [] : [without(world, "poolless")]),
      ...(world.parameters === undefined ? [] : [without(world, "parameters")]),
      ...(world.startsInMs === undefined ? [] : [without(world, "startsInMs")]),
    ],
    simplerTiming,
    shorter,
    fewerByzantine,
    fewerNodes,
    calmer,
    (world) =>
      (world.network?.byzantineIds?.length ?? 0) > 0 && (world.strategies?.length ?? 2) > 1
        ? strategies.map((name) => ({ ...world, strategies: [name] }))
        : [],
  ];
}

/**
 * Proposes worlds with fewer actions by delta debugging: none, one half, the other half, all but
 * one.
 */
function fewerActions(world: WorldOptions): readonly WorldOptions[] {
  const { actions = [] } = world;
  if (actions.length === 0) return [];
  const half = Math.ceil(actions.length / 2);
  const kept: readonly (readonly WorldAction[])[] = [
    [],
    ...(actions.length > 2 ? [actions.slice(half), actions.slice(0, half)] : []),
    ...(actions.length > 1 ? actions.map((_, at) => actions.toSpliced(at, 1)) : []),
  ];
  return kept.map((list) => ({ ...world, actions: list }));
}

function shorter(world: WorldOptions): readonly WorldOptions[] {
  const { faultsMs = 0 } = world;
  return faultsMs < 500 ? [] : [{ ...world, faultsMs: Math.floor(faultsMs / 2) }];
}

function fewerByzantine(world: WorldOptions): readonly WorldOptions[] {
  const ids = world.network?.byzantineIds ?? [];
  return ids.map((_, at) => ({
    ...world,
    network: { ...world.network, byzantineIds: ids.toSpliced(at, 1) },
  }));
}

/**
 * Proposes worlds without the timing plan, without one of its fields, and without one of its rules.
 */
function simplerTiming(world: WorldOptions): readonly WorldOptions[] {
  const { timing } = world;
  if (timing === undefined) return [];
  const { sends = [], answers = [] } = timing;
  const plans = [
    ...Object.keys(timing).map((name) =>
      Object.fromEntries(Object.entries(timing).filter(([field]) => field !== name)),
    ),
    ...sends.map((_, at) => ({ ...timing, sends: sends.toSpliced(at, 1) })),
    ...answers.map((_, at) => ({ ...timing, answers: answers.toSpliced(at, 1) })),
  ];
  const isAlone = world.strategies?.length === 0;
  return [
    ...(isAlone ? [] : [without(world, "timing")]),
    ...plans.map((plan) => ({ ...world, timing: plan })),
  ];
}

/** Proposes the world without its last node, unless another option refers to that node. */
function fewerNodes(world: WorldOptions): readonly WorldOptions[] {
  const { nodeCount, powers, network = {}, actions = [], twins = [], rotation } = world;
  const last = nodeCount - 1;
  const spoken =
    network.byzantineIds?.includes(last) === true ||
    world.escaping?.includes(last) === true ||
    world.poolless?.includes(last) === true ||
    world.keyChanges?.some((change) => change.node === last) === true ||
    twins.length > 0 ||
    rotation !== undefined ||
    actions.some((action) => names(action, last));
  if (nodeCount === 1 || spoken) return [];
  return [
    {
      ...world,
      nodeCount: last,
      ...(powers === undefined ? {} : { powers: powers.slice(0, last) }),
      network: {
        ...network,
        ...(network.regions === undefined ? {} : { regions: network.regions.slice(0, last) }),
      },
    },
  ];
}

function names(action: WorldAction, node: number): boolean {
  if ("node" in action) return action.node === node;
  return action.type === "partition" && action.groups.some((group) => group.includes(node));
}

function calmer(world: WorldOptions): readonly WorldOptions[] {
  const { network = {}, judgingMs = 0, syncMs = 0 } = world;
  const rates = [
    "lossRate",
    "duplicateRate",
    "reorderRate",
    "jitterMs",
    "clockDriftMs",
    "clockRate",
    "bandwidth",
  ] as const;
  return [
    ...rates
      .filter((name) => (network[name] ?? 0) > 0)
      .map((name) => ({ ...world, network: { ...network, [name]: 0 } })),
    ...((network.regions ?? []).length > 0
      ? [{ ...world, network: { ...network, regions: [] } }]
      : []),
    ...(judgingMs > 0 ? [{ ...world, judgingMs: 0 }] : []),
    ...(world.slowBlocks === undefined ? [] : [without(world, "slowBlocks")]),
    ...(syncMs > 0 ? [{ ...world, syncMs: 0 }] : []),
  ];
}

function without(world: WorldOptions, field: keyof WorldOptions): WorldOptions {
  const { [field]: _, ...rest } = world;
  return { nodeCount: world.nodeCount, ...rest };
}
