import type { DiskFault } from "../virtual-disk/virtual-disk.ts";

/**
 * Something that is done to a world from outside. `atMs` is virtual time since the start;
 * `afterStep`, where it is given, says exactly between which two steps.
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
  /** Ends the node's process and turns over a bit of its signing log, wherever that is. */
  | {
      readonly type: "flip-bit";
      readonly node: number;
      readonly bit: number;
      readonly forMs?: number;
    }
  /** The node's disk fails: its signing log, and with `store` its database too. */
  | {
      readonly type: "disk";
      readonly node: number;
      readonly fault: DiskFault;
      /** Probability of each write to fail. Default 1. */
      readonly rate?: number;
      readonly store?: true;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process and takes so many of its last blocks out of its database, which was
   * restored from a copy; all that there are: it was deleted. Its signing log stays. For the counter
   * alone.
   */
  | {
      readonly type: "roll-back";
      readonly node: number;
      readonly blocks: number;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process, and its signing log is gone, with so many of the last blocks of its
   * database. It starts as after a loss. Blocks: for the counter alone.
   */
  | {
      readonly type: "lose-log";
      readonly node: number;
      readonly blocks?: number;
      readonly forMs?: number;
    }
  /** Copies the node's disk, signing log and database, while it runs. For the counter alone. */
  | { readonly type: "snapshot"; readonly node: number }
  /** Ends the node's process and puts its last snapshot in place of its disk, if there is one. */
  | { readonly type: "restore"; readonly node: number; readonly forMs?: number }
  /** A proof in hex, handed to one node, which passes it on. */
  | { readonly type: "submit"; readonly node: number; readonly proof: string }
  | { readonly type: "expect-progress"; readonly blocks: number; readonly boundMs: number }
);
