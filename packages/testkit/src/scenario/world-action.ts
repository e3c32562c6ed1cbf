import type { DiskFault } from "../virtual-disk/virtual-disk.ts";

/**
 * An action on a world from outside. `atMs` is the virtual time, in milliseconds, at which it
 * happens. `afterStep`, if given, is the number of the step after which exactly it happens. `forMs`
 * is the duration in milliseconds, after which the action ends or the node starts again. Undefined:
 * neither happens by itself.
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
  /** Sets the node's clock ahead by `byMs` (negative: back), for `forMs` or until `heal`. */
  | {
      readonly type: "clock-jump";
      readonly node: number;
      readonly byMs: number;
      readonly forMs?: number;
    }
  | { readonly type: "heal" }
  /**
   * Ends the node's process and flips a bit of its signing log. `bit` is taken modulo the log's
   * length.
   */
  | {
      readonly type: "flip-bit";
      readonly node: number;
      readonly bit: number;
      readonly forMs?: number;
    }
  /** Makes the node's disk fail: its signing log, and its database too if `store` is set. */
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
   * Ends the node's process and removes the last `blocks` blocks from its database, or all if there
   * are fewer, as a restore from an old copy or a deletion does. Its signing log stays. Only for
   * the application `counter`.
   */
  | {
      readonly type: "roll-back";
      readonly node: number;
      readonly blocks: number;
      readonly forMs?: number;
    }
  /**
   * Ends the node's process and deletes its signing log, and the last `blocks` blocks of its
   * database. The new signing log records the loss, so the node listens before it signs. `blocks`
   * is only for the application `counter`.
   */
  | {
      readonly type: "lose-log";
      readonly node: number;
      readonly blocks?: number;
      readonly forMs?: number;
    }
  /**
   * Copies the node's signing log and database while it runs. Only for the application `counter`.
   */
  | { readonly type: "snapshot"; readonly node: number }
  /** Ends the node's process and puts it back to its last snapshot, if there is one. */
  | { readonly type: "restore"; readonly node: number; readonly forMs?: number }
  /** Submits an item, in hex, to one node, which gossips it to the others. */
  | { readonly type: "submit"; readonly node: number; readonly item: string }
  | { readonly type: "expect-progress"; readonly blocks: number; readonly boundMs: number }
);
