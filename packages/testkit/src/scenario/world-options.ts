import type { ChainParameters } from "@aethel/models";
import type { KeyChange } from "../applications/key-changes.ts";
import type { TimingPlan } from "../byzantine/timing/timing-plan.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import type { NetworkConfig } from "../virtual-network/network-config.ts";
import type { SlowBlocks } from "./slow-blocks.ts";
import type { WorldAction } from "./world-action.ts";

/** Crashes at the worst time: just after a node has sent something new. */
export interface PowerCuts {
  /** Probability for each message of an honest node. */
  readonly rate: number;
  /** Time after which the node starts again. */
  readonly downMs: number;
  /** Most cuts in all; they end with `heal` too. */
  readonly most: number;
  /** Nodes whose signing log may be damaged then. */
  readonly damaging?: readonly number[];
}

/** All that determines a world, as plain JSON: it runs the same everywhere. */
export interface WorldOptions {
  readonly nodeCount: number;
  /** Number of Byzantine nodes; which ones is drawn, unless `network` names them. */
  readonly byzantineCount?: number;
  readonly seed?: number;
  readonly network?: Partial<NetworkConfig>;
  readonly application?: string;
  /**
   * Names of the strategies that every Byzantine node follows together. Default: drawn for each.
   */
  readonly strategies?: readonly string[];
  /**
   * Timing of every Byzantine node, besides its strategies. With a plan, strategies are followed
   * only if they are named.
   */
  readonly timing?: TimingPlan;
  /** Time that a request waits for its answer before the network gives it up. Default 2,000. */
  readonly requestTimeoutMs?: number;
  /** Stake of each node in units of the minimum stake. Default: all equal. */
  readonly powers?: readonly number[];
  /**
   * Powers in later epochs, in turn, `powers` after the last; 0 is out of the set. Counter only: on
   * the ledger intents move stake.
   */
  readonly rotation?: readonly (readonly number[])[];
  /** Validators that vote with another key from some epoch on. Counter only. */
  readonly keyChanges?: readonly KeyChange[];
  /** Blocks of an epoch. Default 8. Counter only: the ledger has `parameters.epochMs`. */
  readonly epochBlocks?: number;
  /**
   * Nodes of which a second instance runs, with the same keys and a disk of its own. Both follow
   * the protocol and count as Byzantine. The instances have the indices from `nodeCount` on.
   */
  readonly twins?: readonly number[];
  /** Nodes that first try to withdraw half of their stake. Ledger only. */
  readonly escaping?: readonly number[];
  /**
   * Nodes whose application finds none of the items that a proposal names, as if nothing had been
   * gossiped to them: they ask peers for all of them.
   */
  readonly poolless?: readonly number[];
  /** Time by which the genesis is ahead of all clocks at first. */
  readonly startsInMs?: number;
  /** Time for which faults happen in a random world, before progress is demanded. */
  readonly faultsMs?: number;
  /** Interval of the submission of a new proof. 0: never. */
  readonly workEveryMs?: number;
  /** Longest time that an application takes to validate a block. */
  readonly judgingMs?: number;
  /** Blocks that take long to validate, on every node alike. Default: none. */
  readonly slowBlocks?: SlowBlocks;
  /** Longest time that a disk takes to make a write durable. Default 1. */
  readonly syncMs?: number;
  /** A network that works against the protocol until it is healed. */
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

/**
 * Returns the command that runs a world again, with all that was done to it, until a virtual time.
 */
export function replayCommand(options: WorldOptions, untilMs: number): string {
  // Fields are in one order, so that a world and its replay print the same command.
  const fields = Object.entries(options).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const world = JSON.stringify({ ...Object.fromEntries(fields), untilMs: Math.ceil(untilMs) });
  return `npm run sim -- replay '${world.replaceAll("'", "'\\''")}'`;
}
