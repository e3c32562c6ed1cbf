import type { Sequence, Timestamp } from "@aethel/models";
import type { Draft } from "../draft.ts";
import type { LedgerState } from "../state.ts";

/** A block in the middle of its execution. */
export interface Where {
  readonly sequence: Sequence;
  /** The block's timestamp. */
  readonly now: Timestamp;
  readonly draft: Draft;
  /** As it was before the block. */
  readonly state: LedgerState;
}
