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
  /** Reason for which no further history is followed; an operator must name a checkpoint. */
  readonly joining: JoiningStop | undefined;
  /** Reason for which it signs nothing now, and what it waits for; undefined: it signs. */
  readonly quiet: Quiet | undefined;
  /** Highest sequence that a peer claims to have finalized, if it is above ours. */
  readonly behind: Sequence | undefined;
  /**
   * Milliseconds by which the head, or genesis, is dated ahead of the own clock, beyond what clocks
   * may differ; 0: not at all. While it is more nothing is proposed here: the clock is behind, or
   * the head's was wrong.
   */
  readonly headAheadMs: number;
  /** The own clock is wrong: it refused a timestamp that a quorum did not. */
  readonly clockDoubted: boolean;
  /** The disk that does not take something: the call fails, and is tried again. */
  readonly trouble: StorageTrouble | undefined;
}

/** A call of a port that fails for want of a working disk. */
export interface StorageTrouble {
  readonly call: "append" | "compact" | "commit";
  readonly error: unknown;
}
