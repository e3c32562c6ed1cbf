import type { DiskFault } from "../virtual-disk/virtual-disk.ts";

/**
 * An action on a world from outside. `atMs` is virtual time since the start; `afterStep` says
 * exactly between which two steps it happens.
 */
export type WorldAction = { readonly atMs: number; readonly afterStep?: number } & (
  | { readonly type: "crash"; readonly node: number; readonly forMs?: number }
  | { readonly type: "restart"; readonly node: number }
  | { readonly type: "pause"; readonly node: number; readonly forMs?: number }
  | { readonly type: "resume"; readonly node: number }
  | {
      readonly type: "partition";
      readonly groups: readonly (readonly number[])[];
      readonly forMs?: number;
      readonly oneWay?: true;
    }
  /** Sets the node's clock ahead, or back where it is negative; for a time, or until `heal`. */
  | {
      readonly type: "clock-jump";
      readonly node: number;
      readonly byMs: number;
      readonly forMs?: number;
    }
  | { readonly type: "heal" }
  /** Ends the node's process and flips a bit of its signing log, counted modulo its length. */
  | {
      readonly type: "flip-bit";
      readonly node: number;
      readonly bit: number;
      readonly forMs?: number;
    }
  /** Makes the node's disk fail: its signing log, and with `store` its database too. */
  | {
      readonly type: "disk";
      readonly node: number;
      readonly fault: DiskFault;
      /** Probability that a write fails. Default 1. */
      readonly rate?: number;
      readonly store?: true;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process and removes the last blocks from its database, as a restore from a copy
   * does, or all of them, as after its deletion. Its signing log stays. Counter only.
   */
  | {
      readonly type: "roll-back";
      readonly node: number;
      readonly blocks: number;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process and deletes its signing log, with the last blocks of its database. It
   * starts as after a loss. `blocks`: counter only.
   */
  | {
      readonly type: "lose-log";
      readonly node: number;
      readonly blocks?: number;
      readonly forMs?: number;
    }
  /** Copies the node's disk, signing log and database, while it runs. Counter only. */
  | { readonly type: "snapshot"; readonly node: number }
  /** Ends the node's process and restores its last snapshot, if there is one. */
  | { readonly type: "restore"; readonly node: number; readonly forMs?: number }
  /** Hands an item, in hex, to one node, which passes it on. */
  | { readonly type: "submit"; readonly node: number; readonly item: string }
  | { readonly type: "expect-progress"; readonly blocks: number; readonly boundMs: number }
);
