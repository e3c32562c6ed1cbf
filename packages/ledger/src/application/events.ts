import type { BlockHeader, Digest, Sequence, StateTransition } from "@aethel/models";
import type { MempoolEvent } from "../mempool/mempool-event.ts";
import type { Receipt } from "../results/receipt.ts";
import type { AccuracyAlert } from "../validators/accuracy.ts";

/** What a ledger tells whoever listens: for logs, metrics and pages, never for consensus. */
export type LedgerEvent =
  | MempoolEvent
  /** A validator's accuracy over its window is under 95 % (R8.3); said once for each epoch. */
  | ({ readonly type: "accuracy"; readonly sequence: Sequence } & AccuracyAlert)
  | {
      readonly type: "finalized";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly header: BlockHeader;
      readonly receipts: readonly Receipt[];
      readonly transition: StateTransition;
    };

/** MUST NOT throw; called synchronously. */
export type LedgerListener = (event: LedgerEvent) => void;
