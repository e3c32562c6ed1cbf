import type { ChainParameters } from "@aethel/models";
import type { KeyChange } from "../applications/key-changes.ts";
import type { TimingPlan } from "../byzantine/timing/timing-plan.ts";
import type { AmbushConfig } from "../virtual-network/ambush.ts";
import type { NetworkConfig } from "../virtual-network/network-config.ts";
import type { SlowBlocks } from "./slow-blocks.ts";
import type { WorldAction } from "./world-action.ts";

/** Crashes at the worst time: just after a node has sent a message. */
export interface PowerCuts {
  /** Probability of a crash after each message of an honest node. */
  readonly rate: number;
  /** Milliseconds from a crash until the node starts again. */
  readonly downMs: number;
  /** Greatest number of crashes in all. There are none after `heal`. */
  readonly most: number;
  /** Indices of nodes whose signing log may be damaged by the crash. Default: none. */
  readonly damaging?: readonly number[];
}

/**
 * Everything that determines a world, as plain JSON. Equal options give equal runs on every
 * machine.
 */
export interface WorldOptions {
  readonly nodeCount: number;
  /**
   * Number of Byzantine nodes, which are drawn. Has no effect if `network.byzantineIds` is given.
   * Default 0.
   */
  readonly byzantineCount?: number;
  readonly seed?: number;
  readonly network?: Partial<NetworkConfig>;
  readonly application?: string;
  /** Names of the strategies that each Byzantine node combines. Default: drawn for each node. */
  readonly strategies?: readonly string[];
  /**
   * Timing plan of every Byzantine node, in addition to its strategies. If it is given, strategies
   * are no longer drawn: a node has only those that `strategies` names.
   */
  readonly timing?: TimingPlan;
  /** Milliseconds after which a request without an answer fails. Default 2,000. */
  readonly requestTimeoutMs?: number;
  /** Stake of each node in units of the minimum stake. Default: 1 each. */
  readonly powers?: readonly number[];
  /**
   * Powers of the nodes in the epochs after the first, in turn; after the last of them `powers`
   * comes again. A node with 0 is not in the set. Only for the application `counter`: on the
   * ledger, intents move stake.
   */
  readonly rotation?: readonly (readonly number[])[];
  /**
   * Validators that vote with a new consensus key from some epoch on. Only for the application
   * `counter`. Default: none.
   */
  readonly keyChanges?: readonly KeyChange[];
  /**
   * Number of blocks in an epoch. Default 8. Only for the application `counter`: the ledger has
   * `parameters.epochMs`.
   */
  readonly epochBlocks?: number;
  /**
   * Indices of nodes of which a second instance runs, with the same keys and another disk. Both
   * instances follow the protocol and count as Byzantine. The second instances have the indices
   * from `nodeCount` on. Default: none.
   */
  readonly twins?: readonly number[];
  /**
   * Indices of nodes whose first item withdraws half of their stake. Only for the application
   * `ledger`. Default: none.
   */
  readonly escaping?: readonly number[];
  /**
   * Indices of nodes whose application finds none of the items that a proposal names, as if gossip
   * had never reached them. They request all items from peers.
   */
  readonly poolless?: readonly number[];
  /**
   * Milliseconds by which all clocks are behind the timestamp of the genesis at first. Default 0.
   */
  readonly startsInMs?: number;
  /** Milliseconds for which faults happen in a random world, before progress is demanded. */
  readonly faultsMs?: number;
  /** Interval, in milliseconds, at which an item is submitted. 0 (default): none is. */
  readonly workEveryMs?: number;
  /** Longest time, in milliseconds, that an application takes to validate a block. Default 5. */
  readonly judgingMs?: number;
  /** Blocks that take long to validate on every node. Default: none. */
  readonly slowBlocks?: SlowBlocks;
  /** Milliseconds that a disk takes to make a write durable. Default 1. */
  readonly syncMs?: number;
  /** Attack of the network on the protocol, until `heal`. Default: none. */
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

/** Returns the command that runs a world again with all its actions, until a virtual time. */
export function replayCommand(options: WorldOptions, untilMs: number): string {
  // Fields are in one order, so that a world and its replay print the same command.
  const fields = Object.entries(options).toSorted(([left], [right]) => (left < right ? -1 : 1));
  const world = JSON.stringify({ ...Object.fromEntries(fields), untilMs: Math.ceil(untilMs) });
  return `npm run sim -- replay '${world.replaceAll("'", "'\\''")}'`;
}
