import type { ConsensusMessage, Genesis, Item } from "@aethel/models";
import type { createReplica } from "@aethel/pbft";
import type { ApplicationKind, ChainApplication } from "../applications/application-kind.ts";
import type { Checker } from "../checkers/checker.ts";
import type { TestKey } from "../fixtures/test-chain.ts";
import type { TestNode } from "../node/test-node.ts";
import type { WorldOptions } from "../scenario/world-options.ts";
import type { EventLog } from "../trace/event-log.ts";
import type { WorldReport } from "../trace/measures.ts";

/** Options of `createTestNetwork`: a world, and parts of it that are code. */
export interface TestNetworkOptions extends Omit<WorldOptions, "application"> {
  /** `ledger` (default), `counter`, or another. */
  readonly application?: string | ApplicationKind;
  /** Another replica than the production one, such as a deliberately wrong one. */
  readonly createReplica?: typeof createReplica;
  /** Names of the standard checkers that watch. Default: all. */
  readonly onlyCheckers?: readonly string[];
  /** Checkers besides the standard ones. */
  readonly checkers?: readonly Checker[];
  /** Called for every message that reaches a node. */
  readonly onDelivered?: (delivery: {
    readonly from: number;
    readonly to: number;
    readonly message: ConsensusMessage;
  }) => void;
  /** Lines of the event log that are kept; its digest covers all. Default 2,000. */
  readonly logLines?: number;
}

/**
 * Production replicas in a virtual world. Everything that a method does takes effect at the current
 * virtual time, and is part of the command that replays the world.
 *
 * Every method that lets time pass rejects with TestkitError `VIOLATION` as soon as a checker finds
 * a violation.
 */
export interface TestNetwork extends AsyncDisposable {
  readonly nodes: readonly TestNode[];
  /** Names of the checkers that watch this world, in the order in which they are asked. */
  readonly checkers: readonly string[];
  readonly genesis: Genesis;
  readonly chain: ChainApplication;
  /** Keys of accounts that have funds and are not validators. */
  readonly accounts: readonly TestKey[];
  readonly nowMs: number;
  readonly steps: number;
  readonly log: EventLog;
  /** Lets virtual time pass. */
  run(virtualMs: number): Promise<void>;
  /** Runs until the predicate holds after some step; false when the bound came first. */
  runUntil(
    predicate: (network: TestNetwork) => boolean,
    bound: { readonly boundMs: number },
  ): Promise<boolean>;
  /** Ends the node's process; unsynced writes may be lost. */
  crash(node: number): Promise<void>;
  /** Starts a node again from its disk. */
  restart(node: number): Promise<void>;
  /** Pauses a node without its noticing: its clock goes on. */
  pause(node: number): Promise<void>;
  /** Resumes a paused node. */
  resume(node: number): Promise<void>;
  /** Separates groups of nodes until `heal`, or for a time; nodes in no group are one more. */
  partition(groups: readonly (readonly number[])[], forMs?: number): Promise<void>;
  /** Ends all partitions, loss, repetition and holding back; starts and resumes all nodes. */
  heal(): Promise<void>;
  /** Hands an item to one node (default: the first honest one), which passes it on to all. */
  submit(item: Item, options?: { readonly to?: number }): Promise<void>;
  /**
   * Heals, goes on submitting work, and demands that every honest node finalizes `blocks` blocks
   * more than the highest had, within the bound. Resolves with the virtual time that it took.
   */
  expectProgress(options?: {
    readonly blocks?: number;
    readonly boundMs?: number;
  }): Promise<number>;
  /** Returns counts of what has happened so far. */
  report(): WorldReport;
  /** Returns the command that runs this world again up to now, with all that was done to it. */
  replayCommand(): string;
}
