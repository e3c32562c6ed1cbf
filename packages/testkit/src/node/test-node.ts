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

/** One node of a test network, as tests see it. */
export interface TestNode {
  readonly index: number;
  readonly id: PeerName;
  readonly isByzantine: boolean;
  /** Names of its strategies, if it is Byzantine. */
  readonly strategies: readonly string[];
  readonly state: "up" | "paused" | "down";
  /** Last head that it was seen with; while it is down, the one on its disk. */
  readonly head: ApplicationHead;
  /** Bytes of its signing log that a crash would leave. */
  readonly signedBytes: number;
  /** Its ledger while it is up, in a world that has one. */
  readonly ledger: Ledger | undefined;
}

/** A node as the network handles it. */
export interface ManagedNode extends TestNode {
  start(): Promise<void>;
  crash(): void;
  pause(): void;
  resume(): void;
  /** Submits an item; false: the node could not take it now. */
  submit(item: Item): boolean;
  /** Sets its clock ahead or back; a restart does not correct it. */
  jumpClock(byMs: number): void;
  /** Flips a bit in the signing log of a node that is down. */
  flipBit(bit: number): void;
  /** Makes its disk fail in this way from now on; undefined: it works. */
  setDiskFault(fault: NodeDiskFault | undefined): void;
  /** Removes the last blocks from the database of a node that is down. */
  rollBack(blocks: number): void;
  /** Deletes the signing log of a node that is down, and the last blocks of its database. */
  loseLog(blocks: number): void;
  /** Copies the disk while the node is up. */
  takeSnapshot(): void;
  /** Restores the copy on the disk of a node that is down. */
  restoreSnapshot(): void;
  readonly disk: VirtualDisk;
  /** Application of the current incarnation, for tests. */
  readonly application: Application | undefined;
}

/** Failure of a node's disk. */
export interface NodeDiskFault {
  readonly fault: DiskFault;
  /** Probability that a write fails. Default 1. */
  readonly rate?: number;
  /** Whether the application's database fails too, besides the signing log. */
  readonly store?: boolean;
}

/** Parts and surroundings of a node. */
export interface NodeOptions {
  readonly index: number;
  readonly key: { readonly owner: TestKey; readonly voter: TestKey };
  /** Signers of the node's process. Default: `key.voter` only. */
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
  /** Whether the application finds no item that a proposal names. */
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
