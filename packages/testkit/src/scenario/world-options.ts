import type { ChainParameters } from "@aethel/models";
import type { KeyChange } from "../applications/key-changes.ts";
import type { TimingPlan } from "../byzantine/timing/timing-plan.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import type { NetworkConfig } from "../virtual-network/network-config.ts";
import type { SlowBlocks } from "./slow-blocks.ts";
import type { WorldAction } from "./world-action.ts";

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

/** The one command that runs a world again, with what was done to it, until a virtual time. */
export function replayCommand(options: WorldOptions, untilMs: number): string {
  // One order of fields, so that a world and its replay print the same command.
  const fields = Object.entries(options).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const world = JSON.stringify({ ...Object.fromEntries(fields), untilMs: Math.ceil(untilMs) });
  return `npm run sim -- replay '${world.replaceAll("'", "'\\''")}'`;
}
