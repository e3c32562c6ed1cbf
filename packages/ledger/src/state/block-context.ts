import type { Sequence, Timestamp } from "@aethel/models";
import type { StateBounds } from "./bounds.ts";
import type { LedgerState } from "./ledger-state.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Context of an invoke. `state` is the state before the block, `overlay` the current one. */
export interface InvokeBlock {
  readonly sequence: Sequence;
  /** Timestamp of the block. */
  readonly now: Timestamp;
  readonly overlay: StateOverlay;
  readonly state: LedgerState;
  readonly bounds: StateBounds;
}

/** Context of a block that is being executed. */
export interface Where {
  readonly sequence: Sequence;
  /** Timestamp of the block. */
  readonly now: Timestamp;
  readonly overlay: StateOverlay;
  /** State before the block. */
  readonly state: LedgerState;
}
