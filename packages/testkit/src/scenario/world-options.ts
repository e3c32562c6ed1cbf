import type { ChainParameters } from "@aethel/models";
import type { KeyChange } from "../applications/key-changes.ts";
import { findPlanProblems, type TimingPlan } from "../byzantine/timing/timing-plan.ts";
import { TestkitError } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { DiskFault } from "../virtual-disk.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import {
  CALM_NETWORK,
  checkNetworkConfig,
  type NetworkConfig,
} from "../virtual-network/network-config.ts";
import { findSlowBlocksProblems, type SlowBlocks } from "./slow-blocks.ts";

/**
 * Something that is done to a world from outside. `atMs` is virtual time since the start;
 * `afterStep`, where it is given, says exactly between which two steps.
 */
export type WorldAction = { readonly atMs: number; readonly afterStep?: number } & (
  | { readonly type: "crash"; readonly node: number; readonly forMs?: number }
  | { readonly type: "restart"; readonly node: number }
  | { readonly type: "pause"; readonly node: number; readonly forMs?: number }
  | { readonly type: "resume"; readonly node: number }
  | {
      readonly type: "partition";
      readonly groups: readonly (readonly number[])[];
      readonly forMs?: number;
      readonly oneWay?: true;
    }
  /** Sets the node's clock ahead, or back where it is negative; for a time, or until `heal`. */
  | {
      readonly type: "clock-jump";
      readonly node: number;
      readonly byMs: number;
      readonly forMs?: number;
    }
  | { readonly type: "heal" }
  /** Ends the node's process and turns over a bit of its signing log, wherever that is. */
  | {
      readonly type: "flip-bit";
      readonly node: number;
      readonly bit: number;
      readonly forMs?: number;
    }
  /** The node's disk fails: its signing log, and with `store` its database too. */
  | {
      readonly type: "disk";
      readonly node: number;
      readonly fault: DiskFault;
      /** Probability of each write to fail. Default 1. */
      readonly rate?: number;
      readonly store?: true;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process and takes so many of its last blocks out of its database, which was
   * restored from a copy; all that there are: it was deleted. Its signing log stays. For the counter
   * alone.
   */
  | {
      readonly type: "roll-back";
      readonly node: number;
      readonly blocks: number;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process, and its signing log is gone, with so many of the last blocks of its
   * database. It starts as after a loss. Blocks: for the counter alone.
   */
  | {
      readonly type: "lose-log";
      readonly node: number;
      readonly blocks?: number;
      readonly forMs?: number;
    }
  /** Copies the node's disk, signing log and database, while it runs. For the counter alone. */
  | { readonly type: "snapshot"; readonly node: number }
  /** Ends the node's process and puts its last snapshot in place of its disk, if there is one. */
  | { readonly type: "restore"; readonly node: number; readonly forMs?: number }
  /** A proof in hex, handed to one node, which passes it on. */
  | { readonly type: "submit"; readonly node: number; readonly proof: string }
  | { readonly type: "expect-progress"; readonly blocks: number; readonly boundMs: number }
);

/** Crashes at the worst time: just after a node has said something new. */
export interface PowerCuts {
  /** Probability for each message of an honest node. */
  readonly rate: number;
  /** The node starts again after this time. */
  readonly downMs: number;
  /** How often in all; they end with `heal` too. */
  readonly most: number;
  /** Nodes that may find their signing log damaged then. */
  readonly damaging?: readonly number[];
}

/** All that determines a world. Plain JSON: with it anyone can run the same world again. */
export interface WorldOptions {
  readonly nodeCount: number;
  /** How many of the nodes are Byzantine; which ones is drawn, unless `network` names them. */
  readonly byzantineCount?: number;
  readonly seed?: number;
  readonly network?: Partial<NetworkConfig>;
  readonly application?: string;
  /** Names of the strategies that every Byzantine node follows together. Default: drawn for each. */
  readonly strategies?: readonly string[];
  /**
   * What every Byzantine node does with time, beside its strategies: beside none unless they are
   * named.
   */
  readonly timing?: TimingPlan;
  /** How long a request waits for its answer before the network gives it up. Default 2,000. */
  readonly requestTimeoutMs?: number;
  /** Stake of each node in units of the minimum stake. Default: all equal. */
  readonly powers?: readonly number[];
  /**
   * Powers in later epochs, in turn, `powers` after the last; 0 is out of the set. Of the counter
   * alone: on the ledger stake moves as intents move it.
   */
  readonly rotation?: readonly (readonly number[])[];
  /** Validators that vote with another key from some epoch on. Of the counter alone. */
  readonly keyChanges?: readonly KeyChange[];
  /** Blocks of an epoch. Default 8. Of the counter alone: the ledger has `parameters.epochMs`. */
  readonly epochBlocks?: number;
  /**
   * Nodes of which a second instance runs, with the same keys and a disk of its own. Both follow
   * the protocol and count as Byzantine. The instances have the indices from `nodeCount` on.
   */
  readonly twins?: readonly number[];
  /** Nodes that first of all try to get half of their stake out. On the ledger alone. */
  readonly escaping?: readonly number[];
  /** How far in the future of all clocks the genesis is at first. */
  readonly startsInMs?: number;
  /** For how long faults happen in a random world, before progress is demanded. */
  readonly faultsMs?: number;
  /** A new proof is submitted this often. 0: never. */
  readonly workEveryMs?: number;
  /** Longest time that an application takes to verify a block. */
  readonly judgingMs?: number;
  /** Blocks that take long to verify, on every node alike. Default: none. */
  readonly slowBlocks?: SlowBlocks;
  /** Longest time that a disk takes to make a write durable. Default 1. */
  readonly syncMs?: number;
  /** A network that plays against the protocol until it is healed. */
  readonly ambush?: AmbushConfig;
  readonly powerCuts?: PowerCuts;
  readonly parameters?: Partial<Pick<ChainParameters, Timing>>;
  readonly actions?: readonly WorldAction[];
}

type Timing =
  | "minBlockIntervalMs"
  | "heartbeatIntervalMs"
  | "maxDriftMs"
  | "viewTimeoutMs"
  | "viewTimeoutMaxMs"
  | "epochMs";

/** Options with every default filled in. */
export type ResolvedWorld = Required<
  Omit<
    WorldOptions,
    | "strategies"
    | "timing"
    | "network"
    | "ambush"
    | "powerCuts"
    | "slowBlocks"
    | "faultsMs"
    | "epochBlocks"
  >
> & {
  readonly ambush: AmbushConfig | undefined;
  readonly powerCuts: PowerCuts | undefined;
  readonly slowBlocks: SlowBlocks | undefined;
  readonly epochBlocks: number | undefined;
  readonly strategies: readonly string[] | undefined;
  readonly timing: TimingPlan | undefined;
  readonly network: NetworkConfig;
};

/** @throws TestkitError `CONFIG` with every problem at once. */
export function resolveWorld(options: WorldOptions): ResolvedWorld {
  const { nodeCount, seed = 1, byzantineCount = 0, powers, rotation = [], twins = [] } = options;
  const { escaping = [] } = options;
  const nodes = Array.from({ length: Math.max(0, nodeCount) }, (_, at) => at);
  const drawn = createRandom(seed).fork("byzantine").shuffle(nodes).slice(0, byzantineCount);
  const chosen = options.network?.byzantineIds ?? drawn;
  const byzantineIds = [...new Set([...chosen, ...twins])].toSorted((a, b) => a - b);
  const problems = [
    ...(Number.isInteger(nodeCount) && nodeCount >= 1 ? [] : ["nodeCount: at least 1"]),
    ...(byzantineCount <= nodeCount ? [] : [`byzantineCount: at most ${nodeCount}`]),
    ...(powers === undefined || powers.length === nodeCount ? [] : ["powers: one for each node"]),
    ...(powers?.every((power) => Number.isInteger(power) && power >= 1) === false
      ? ["powers: whole numbers from 1"]
      : []),
    ...(rotation.every((each) => each.length === nodeCount && each.some((power) => power > 0))
      ? []
      : ["rotation: one power for each node, not all of them 0"]),
    ...(options.keyChanges?.every(({ node }) => nodes.includes(node)) === false
      ? ["keyChanges: nodes of the world"]
      : []),
    ...(escaping.every((node) => nodes.includes(node)) ? [] : ["escaping: nodes of the world"]),
    ...(twins.every((node) => nodes.includes(node)) && new Set(twins).size === twins.length
      ? []
      : ["twins: different nodes of the world"]),
    ...findPlanProblems(options.timing ?? {}),
    ...findSlowBlocksProblems(options.slowBlocks),
  ];
  if (problems.length > 0) throw new TestkitError({ code: "CONFIG", problems });
  const network = { ...CALM_NETWORK, ...options.network, byzantineIds };
  return {
    nodeCount,
    seed,
    byzantineCount: byzantineIds.length,
    network: checkNetworkConfig(network, nodeCount),
    rotation,
    keyChanges: options.keyChanges ?? [],
    epochBlocks: options.epochBlocks,
    twins,
    escaping,
    application: options.application ?? "ledger",
    strategies: options.strategies ?? (options.timing === undefined ? undefined : []),
    timing: options.timing,
    requestTimeoutMs: options.requestTimeoutMs ?? 2_000,
    powers: powers ?? nodes.map(() => 1),
    workEveryMs: options.workEveryMs ?? 0,
    judgingMs: options.judgingMs ?? 5,
    syncMs: options.syncMs ?? 1,
    ambush: options.ambush,
    powerCuts: options.powerCuts,
    slowBlocks: options.slowBlocks,
    startsInMs: options.startsInMs ?? 0,
    parameters: options.parameters ?? {},
    actions: options.actions ?? [],
  };
}

/** The one command that runs a world again, with what was done to it, until a virtual time. */
export function replayCommand(options: WorldOptions, untilMs: number): string {
  // One order of fields, so that a world and its replay print the same command.
  const fields = Object.entries(options).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const world = JSON.stringify({ ...Object.fromEntries(fields), untilMs: Math.ceil(untilMs) });
  return `npm run sim -- replay '${world.replaceAll("'", "'\\''")}'`;
}
