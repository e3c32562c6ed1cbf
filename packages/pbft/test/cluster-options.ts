import type { Block, ConsensusMessage } from "@aethel/models";
import type { Effect, Occurrence, PacingParameters } from "../src/index.ts";
import type { ClusterView } from "./cluster-view.ts";
import type { Scheme } from "./keys.ts";

export const parameters: PacingParameters = {
  minBlockIntervalMs: 100,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 1_000,
  viewTimeoutMaxMs: 8_000,
  judgingBoundMs: 500,
  disseminationBoundMs: 500,
  networkDelayMs: 100,
};

export interface ClusterOptions {
  readonly powers?: readonly number[];
  readonly seed?: number;
  readonly scheme?: Scheme;
  readonly parameters?: Partial<PacingParameters>;
  /** One-way delay of a message, milliseconds. */
  readonly latency?: readonly [min: number, max: number];
  readonly loss?: number;
  readonly duplication?: number;
  /** Whether a node asks others at each start what they hold of it, as the driver does. */
  readonly asksFirst?: boolean;
  /** Logs keep everything, as one that is not worth compacting does. */
  readonly keepsLogs?: boolean;
  readonly validationMs?: number;
  /**
   * Time that a voter takes to validate a block, if not `validationMs`; `node` is who validates.
   */
  readonly validationFor?: (block: Block, node: number) => number;
  /**
   * Strategies that choose what a Byzantine node sends instead of `message` to node `to`; honest
   * nodes are not in it.
   */
  readonly byzantine?: ReadonlyMap<number, Strategy>;
  /** A line for each step, for golden traces. */
  readonly onStep?: (node: number, occurrence: Occurrence, effects: readonly Effect[]) => void;
}

export type Strategy = (
  cluster: ClusterView,
  from: number,
  message: ConsensusMessage,
  to: number,
) => readonly ConsensusMessage[];

/** A node crashes before it performs its n-th effect, counted from 0 over all its lives. */
export interface CrashPoint {
  readonly node: number;
  readonly effect: number;
  /** If that effect sends: it has reached so many peers before the crash. */
  readonly reaching?: number;
}
