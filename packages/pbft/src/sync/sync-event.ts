import type { Digest, Sequence } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/** Report on the progress of a sync by snapshot. */
export type SnapshotSyncEvent =
  /** Peers were asked for snapshots. `peers` of them offer `snapshots` different ones. */
  | { readonly type: "offers"; readonly peers: number; readonly snapshots: number }
  /** Nobody can serve what is needed now. The peers are asked again after `pauseMs`. */
  | { readonly type: "waiting"; readonly reason: string; readonly pauseMs: number }
  | WayChosen
  | AttemptFailed
  /** An offered snapshot is not of this chain. Its `peers` are asked no more. */
  | {
      readonly type: "snapshot-refuted";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly peers: number;
      readonly reason: string;
    }
  /** The header of a snapshot is certain, and with it the root of its state. */
  | {
      readonly type: "header-certain";
      readonly sequence: Sequence;
      readonly digest: Digest;
      /** `path`: headers down from the checkpoint. `following`: certificates from a trusted head. */
      readonly by: "path" | "following";
    }
  | SyncProgress;

/** Decision whether to catch up by blocks or by a snapshot, with the estimates behind it. */
export interface WayChosen {
  readonly type: "way-chosen";
  readonly way: "blocks" | "snapshot";
  /** Blocks from the own head to the head that most peers claim. */
  readonly blocks: number;
  /** Estimated milliseconds by blocks. Infinity if peers do not keep the blocks. */
  readonly blocksMs: number;
  /** Estimated milliseconds by the best snapshot. Infinity if none is offered. */
  readonly snapshotMs: number;
  /** Sequence of the best snapshot that is offered. */
  readonly snapshot: Sequence | undefined;
}

/** One request that a peer did not answer as an honest and fast peer does. */
export interface AttemptFailed {
  readonly type: "attempt-failed";
  readonly peer: PeerName;
  /** Request that failed. */
  readonly request: "updates" | "headers" | "snapshots" | "snapshot-head" | "snapshot-chunk";
  /** First path of the requested chunk, in hexadecimal. Undefined for other requests. */
  readonly chunk: string | undefined;
  /**
   * `late`: other peers are asked too. `no-answer`: the request timed out or broke off. `gone`: the
   * peer has the snapshot no more. `wrong`: no honest peer answers so; the peer is asked no more.
   */
  readonly cause: "late" | "no-answer" | "gone" | "wrong";
  readonly reason: string;
}

/** Progress of the import of a snapshot. */
export interface SyncProgress {
  readonly type: "progress";
  readonly sequence: Sequence;
  /** Share of the state's paths that is covered, from 0 to 1, with what earlier runs imported. */
  readonly share: number;
  /** Chunks, entries and bytes of keys and values that this run imported. */
  readonly chunks: number;
  readonly entries: number;
  readonly bytes: number;
  /** Bytes a second of the last seconds. */
  readonly bytesPerSecond: number;
  /** Estimated milliseconds until the whole state is here. Undefined before that can be told. */
  readonly leftMs: number | undefined;
  /** Peers that serve the snapshot. */
  readonly peers: number;
}
