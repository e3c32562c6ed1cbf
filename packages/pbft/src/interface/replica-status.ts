import type { AccountId, Sequence, View } from "@aethel/models";
import type { Quiet } from "../hearing/quiet.ts";
import type { JoiningStop } from "../joining/joining.ts";
import type { ApplicationHead } from "../ports.ts";
import type { State } from "../state.ts";

/** Status of a replica. */
export interface ReplicaStatus {
  readonly head: ApplicationHead;
  /** Current sequence: that of the head plus one. */
  readonly sequence: Sequence;
  readonly view: View;
  readonly phase: State["phase"];
  /** Leader of the current sequence and view. Undefined while it is not known. */
  readonly leader: AccountId | undefined;
  /** Whether this replica's validator is in the set that votes on the current sequence. */
  readonly validator: boolean;
  readonly running: boolean;
  /**
   * Reason for which the replica accepts no further blocks until an operator names a checkpoint.
   * Undefined while it accepts blocks.
   */
  readonly joining: JoiningStop | undefined;
  /** Reason for which the replica signs nothing now, and when that ends. Undefined: it signs. */
  readonly quiet: Quiet | undefined;
  /**
   * Sequence above this replica's head that a peer last claimed to have finalized. Undefined if
   * there is none.
   */
  readonly behind: Sequence | undefined;
  /**
   * Milliseconds by which the head, or genesis, is dated ahead of this replica's clock, beyond the
   * precision; 0 if it is not. While it is more than 0, this replica proposes nothing. Either its
   * clock is behind, or the clock of the head's proposer was ahead.
   */
  readonly headAheadMs: number;
  /**
   * Whether this replica doubts its clock, because it refused a timestamp that a quorum accepted.
   */
  readonly clockDoubted: boolean;
  /** Call that fails because of a disk and is repeated. Undefined if there is none. */
  readonly trouble: StorageTrouble | undefined;
}

/** Call of the application or the signing log that fails because of a disk. */
export interface StorageTrouble {
  readonly call: "append" | "compact" | "commit";
  readonly error: unknown;
}
