import type { ConsensusMessage, Genesis, Item } from "@aethel/models";
import type { createReplica } from "@aethel/pbft";
import type { ApplicationKind, ChainApplication } from "../applications/application-kind.ts";
import type { Checker } from "../checkers/checker.ts";
import type { TestKey } from "../fixtures/test-chain.ts";
import type { TestNode } from "../node/test-node.ts";
import type { WorldOptions } from "../scenario/world-options.ts";
import type { EventLog } from "../trace/event-log.ts";
import type { WorldReport } from "../trace/measures.ts";

/** Options of `createTestNetwork`: those of a world, and parts that are code. */
export interface TestNetworkOptions extends Omit<WorldOptions, "application"> {
  /** `ledger` (default), `counter`, or an application of your own. */
  readonly application?: string | ApplicationKind;
  /** Constructor of the replicas, such as a deliberately wrong one. Default: the production one. */
  readonly createReplica?: typeof createReplica;
  /** Names of the standard checkers that run. Default: all. */
  readonly onlyCheckers?: readonly string[];
  /** Checkers in addition to the standard ones. Default: none. */
  readonly checkers?: readonly Checker[];
  /** Called for every message that arrives at a node. */
  readonly onDelivered?: (delivery: {
    readonly from: number;
    readonly to: number;
    readonly message: ConsensusMessage;
  }) => void;
  /**
   * Greatest number of lines of the event log that are kept. Its digest covers all lines. Default
   * 2,000.
   */
  readonly logLines?: number;
}

/**
 * Production replicas in a virtual world. Every method takes effect at the current virtual time,
 * and what it does is part of the command that replays the world.
 *
 * Every method that lets time pass rejects with TestkitError `VIOLATION` as soon as a checker finds
 * a violation.
 */
export interface TestNetwork extends AsyncDisposable {
  readonly nodes: readonly TestNode[];
  /** Names of the checkers of this world, in the order in which they run. */
  readonly checkers: readonly string[];
  readonly genesis: Genesis;
  readonly chain: ChainApplication;
  /** Keys of accounts that have funds and are not validators. */
  readonly accounts: readonly TestKey[];
  readonly nowMs: number;
  readonly steps: number;
  readonly log: EventLog;
  /** Lets virtual time pass, in milliseconds. */
  run(virtualMs: number): Promise<void>;
  /**
   * Runs until the predicate holds after some step. Resolves with false if `boundMs` passes first.
   */
  runUntil(
    predicate: (network: TestNetwork) => boolean,
    bound: { readonly boundMs: number },
  ): Promise<boolean>;
  /** Ends the node's process; unsynced writes may be lost. */
  crash(node: number): Promise<void>;
  /** Starts a node again from its disk. */
  restart(node: number): Promise<void>;
  /** Pauses a node. Its clock goes on, so it does not notice. */
  pause(node: number): Promise<void>;
  /** Resumes a paused node. */
  resume(node: number): Promise<void>;
  /**
   * Separates groups of nodes for `forMs` milliseconds (default: until `heal`). Nodes in no group
   * form one more group.
   */
  partition(groups: readonly (readonly number[])[], forMs?: number): Promise<void>;
  /**
   * Ends all partitions, loss, repetition, extra delay and disk faults. Starts and resumes all
   * nodes.
   */
  heal(): Promise<void>;
  /** Submits an item to one node (default: the first honest one), which gossips it to all. */
  submit(item: Item, options?: { readonly to?: number }): Promise<void>;
  /**
   * Heals the world and goes on submitting work. Demands that every honest node gets `blocks`
   * blocks (default 2) past the highest head, within `boundMs` milliseconds (default 300,000).
   * Resolves with the virtual milliseconds that it took.
   */
  expectProgress(options?: {
    readonly blocks?: number;
    readonly boundMs?: number;
  }): Promise<number>;
  /** Returns counts of what has happened so far. */
  report(): WorldReport;
  /** Returns the command that runs this world again up to now, with all actions so far. */
  replayCommand(): string;
}
