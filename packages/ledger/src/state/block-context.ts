import type { Sequence, Timestamp } from "@aethel/models";
import type { StateBounds } from "./bounds.ts";
import type { LedgerState } from "./ledger-state.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Context of a block that is being executed. */
export interface BlockContext {
  readonly sequence: Sequence;
  /** Timestamp of the block. */
  readonly now: Timestamp;
  readonly overlay: StateOverlay;
  /** State before the block. */
  readonly state: LedgerState;
}

/** Context of a block that is being executed, with the bounds of the chain. */
export interface BoundedContext extends BlockContext {
  readonly bounds: StateBounds;
}
