import type { ChainParameters, Digest, Sequence, SnapshotHead, VerifySigned } from "@aethel/models";
import type { Checkpoint } from "../joining/checkpoint.ts";
import type { ApplicationHead, Clock, SnapshotSink, Transport } from "../ports.ts";
import type { SnapshotSyncEvent } from "./sync-event.ts";

/** Bounds and estimates of a sync by snapshot. All have defaults. */
export interface SnapshotSyncLimits {
  /** Most milliseconds of one request. A peer that takes longer has given no answer. */
  readonly answerMs: number;
  /** Most milliseconds that a small answer should take, before any was measured. */
  readonly usualAnswerMs: number;
  /** Milliseconds after which peers are asked again when nobody could serve. */
  readonly pauseMs: number;
  /** Most milliseconds of that pause, which doubles with each time in a row. */
  readonly pauseMaxMs: number;
  /** Most chunks that are requested at the same time. */
  readonly chunksAtOnceMax: number;
  /** Most peers that are asked for offers at the same time. */
  readonly askedMax: number;
  /** Milliseconds between two questions to all peers which snapshots they serve. */
  readonly offersIntervalMs: number;
  /** Least milliseconds between two reports on the progress. */
  readonly progressIntervalMs: number;
  /** Estimate of the milliseconds that fetching and applying one block takes. */
  readonly blockMs: number;
  /** Estimate of the bytes of keys and values a second that are imported from a snapshot. */
  readonly importBytesPerSecond: number;
  /** Rounds in which no peer has the checkpoint's block, after which it counts as missing. */
  readonly checkpointRoundsMax: number;
}

/** Limits of a sync whose options name no others. */
export const DEFAULT_SYNC_LIMITS: SnapshotSyncLimits = {
  answerMs: 10_000,
  usualAnswerMs: 1_000,
  pauseMs: 1_000,
  pauseMaxMs: 15_000,
  chunksAtOnceMax: 8,
  askedMax: 32,
  offersIntervalMs: 10_000,
  progressIntervalMs: 500,
  blockMs: 20,
  importBytesPerSecond: 8_388_608,
  checkpointRoundsMax: 4,
};

/** Options of a sync by snapshot. */
export interface SnapshotSyncOptions {
  /** Hash of the genesis, which identifies the chain. */
  readonly genesis: Digest;
  /** Last block that this node has applied: its head, or the genesis block. */
  readonly own: ApplicationHead;
  /**
   * Block that a person whom the operator trusts has stated to be final. Without it, the own head
   * is where trust begins.
   */
  readonly checkpoint?: Checkpoint | undefined;
  readonly parameters: Pick<ChainParameters, "minBlockIntervalMs" | "unbondingMs">;
  readonly transport: Pick<Transport, "request" | "peers" | "blame">;
  readonly clock: Clock;
  readonly sink: SnapshotSink;
  readonly limits?: Partial<SnapshotSyncLimits>;
  /** Function that checks one signature. Default: `verifySigned`. */
  readonly verify?: VerifySigned;
  /** Called with news about the progress, and about peers that failed. Must not throw. */
  readonly onEvent?: (event: SnapshotSyncEvent) => void;
}

/** Reason for which a sync by snapshot cannot go on. */
export type SnapshotSyncStop =
  /** The caller's signal aborted. */
  | "aborted"
  /** A validator of the trusted set has left. It could sign another history at no cost. */
  | "checkpoint-needed"
  /** No peer has the block of the checkpoint. */
  | "checkpoint-missing"
  /** The trusted head is dated after this machine's clock. */
  | "clock-behind";

/** Result of a sync by snapshot. */
export type SnapshotSyncResult =
  /** The state after the block of `head` is imported. */
  | { readonly type: "done"; readonly head: SnapshotHead }
  /** Catching up by blocks is faster: peers keep the block `from` and those after it. */
  | { readonly type: "blocks"; readonly from: Sequence }
  | { readonly type: "stopped"; readonly reason: SnapshotSyncStop };
