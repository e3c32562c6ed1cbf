import type { Ledger } from "@aethel/ledger";
import type { Digest, Item, Signer, VerifySigned } from "@aethel/models";
import type {
  Application,
  ApplicationHead,
  createReplica,
  PacingParameters,
  PeerName,
  ReplicaEvent,
} from "@aethel/pbft";
import type { ChainApplication } from "../applications/application-kind.ts";
import type { Conspiracy, Strategy } from "../byzantine/behaviour/strategy.ts";
import type { Observation } from "../checkers/checker.ts";
import type { TestKey } from "../fixtures/test-chain.ts";
import type { Random } from "../random.ts";
import type { SlowBlocks } from "../scenario/slow-blocks.ts";
import type { DiskFault, VirtualDisk } from "../virtual-disk/virtual-disk.ts";
import type { VirtualNetwork } from "../virtual-network/virtual-network.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";

/** One node of a test network, for use by tests. */
export interface TestNode {
  readonly index: number;
  readonly id: PeerName;
  readonly isByzantine: boolean;
  /** Names of the strategies of a Byzantine node; empty if it is honest. */
  readonly strategies: readonly string[];
  readonly state: "up" | "paused" | "down";
  /** Current head. While the node is down, the last one that it had. */
  readonly head: ApplicationHead;
  /** Number of bytes of the node's signing log that would survive a crash. */
  readonly signedBytes: number;
  /** Ledger of the node. Undefined while it is down, and in worlds without a ledger. */
  readonly ledger: Ledger | undefined;
}

/** A node with the methods by which the test network controls it. */
export interface ManagedNode extends TestNode {
  start(): Promise<void>;
  crash(): void;
  pause(): void;
  resume(): void;
  /** Submits an item. Returns false if the node cannot take it now. */
  submit(item: Item): boolean;
  /**
   * Sets the node's clock off by `byMs` milliseconds (negative: back), until the next jump. A
   * restart does not correct it.
   */
  jumpClock(byMs: number): void;
  /** Flips a bit in the signing log of a node that is down. */
  flipBit(bit: number): void;
  /** Makes the node's disk fail in this way from now on. Undefined: it works again. */
  setDiskFault(fault: NodeDiskFault | undefined): void;
  /**
   * Removes the last blocks from the database of a node that is down, as a restore from a copy
   * does.
   */
  rollBack(blocks: number): void;
  /**
   * Deletes the signing log of a node that is down, and the last `blocks` blocks of its database.
   */
  loseLog(blocks: number): void;
  /** Copies the signing log, while the node is up, for `restoreSnapshot`. */
  takeSnapshot(): void;
  /**
   * Puts a node that is down back to the state of the last snapshot: the signing log, and the
   * blocks of the database.
   */
  restoreSnapshot(): void;
  readonly disk: VirtualDisk;
  /** Application of the node since its last start. Undefined while the node is down. */
  readonly application: Application | undefined;
}

/** Failure of a node's disk. */
export interface NodeDiskFault {
  readonly fault: DiskFault;
  /** Probability that a write fails. Default 1. */
  readonly rate?: number;
  /** Whether the application's database fails too, besides the signing log. Default: no. */
  readonly store?: boolean;
}

/** Keys, network, strategies and timing of a node. */
export interface NodeOptions {
  readonly index: number;
  readonly key: { readonly owner: TestKey; readonly voter: TestKey };
  /** Signers that the node's process holds. Default: that of `key.voter` only. */
  readonly signers?: readonly Signer[];
  readonly genesis: Digest;
  readonly parameters: PacingParameters;
  readonly chain: ChainApplication;
  readonly scheduler: Scheduler;
  readonly network: VirtualNetwork;
  readonly random: Random;
  readonly clockOffsetMs: number;
  readonly clockRate: number;
  readonly isByzantine: boolean;
  /** Whether every lookup of an item fails, as if the mempool were empty. */
  readonly isPoolless: boolean;
  readonly judgingMs: number;
  readonly slowBlocks: SlowBlocks | undefined;
  readonly syncMs: number;
  readonly strategies: readonly Strategy[];
  readonly conspiracy: Conspiracy;
  readonly others: readonly PeerName[];
  readonly isAccomplice: (peer: PeerName) => boolean;
  readonly createReplica: typeof createReplica;
  readonly verify: VerifySigned;
  readonly tell: (observation: Observation) => void;
  readonly onReplicaEvent: (node: number, event: ReplicaEvent) => void;
}
