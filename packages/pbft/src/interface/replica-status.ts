import type { AccountId, Sequence, View } from "@aethel/models";
import type { Quiet } from "../hearing/quiet.ts";
import type { JoiningStop } from "../joining/joining.ts";
import type { ApplicationHead } from "../ports.ts";
import type { State } from "../state.ts";

/** Status of a replica. */
export interface ReplicaStatus {
  readonly head: ApplicationHead;
  /** Current sequence: the head's plus one. */
  readonly sequence: Sequence;
  readonly view: View;
  readonly phase: State["phase"];
  /** Leader of the current sequence and view. */
  readonly leader: AccountId | undefined;
  /** Whether this replica is in the set that votes on the current sequence. */
  readonly validator: boolean;
  readonly running: boolean;
  /**
   * Reason for which no more history is followed, until an operator names a checkpoint; undefined
   * while it is.
   */
  readonly joining: JoiningStop | undefined;
  /** Reason for which it signs nothing now, and what it waits for; undefined: it signs. */
  readonly quiet: Quiet | undefined;
  /**
   * Sequence above our head that a peer claimed last to have finalized; undefined if there is none.
   */
  readonly behind: Sequence | undefined;
  /**
   * Milliseconds by which the head, or genesis, is dated ahead of the own clock, beyond the
   * precision; 0 if it is not. While it is more, nothing is proposed here: this clock is behind, or
   * that of the head's proposer was ahead.
   */
  readonly headAheadMs: number;
  /** Whether the own clock is wrong: it refused a timestamp that a quorum did not. */
  readonly clockDoubted: boolean;
  /** Call that fails because of a disk and is tried again; undefined if there is none. */
  readonly trouble: StorageTrouble | undefined;
}

/** Call of a port that fails because of a disk. */
export interface StorageTrouble {
  readonly call: "append" | "compact" | "commit";
  readonly error: unknown;
}
