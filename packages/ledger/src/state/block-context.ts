import type { Sequence, Timestamp } from "@aethel/models";
import type { StateBounds } from "./bounds.ts";
import type { LedgerState } from "./ledger-state.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Where an invoke runs. `state` is the one before the block, `overlay` the present one. */
export interface InvokeBlock {
  readonly sequence: Sequence;
  /** Its timestamp. */
  readonly now: Timestamp;
  readonly overlay: StateOverlay;
  readonly state: LedgerState;
  readonly bounds: StateBounds;
}

/** A block in the middle of its execution. */
export interface Where {
  readonly sequence: Sequence;
  /** The block's timestamp. */
  readonly now: Timestamp;
  readonly overlay: StateOverlay;
  /** As it was before the block. */
  readonly state: LedgerState;
}
