import type { BlockHeader, Digest, Sequence, StateTransition } from "@aethel/models";
import type { MempoolEvent } from "../mempool/mempool-event.ts";
import type { Receipt } from "../results/receipt.ts";
import type { AccuracyAlert } from "../validators/accuracy.ts";

/** Event of a ledger: for logs, metrics and pages, never for consensus. */
export type LedgerEvent =
  | MempoolEvent
  /** A validator whose accuracy over its window is under 95 % (R8.3); told once for each epoch. */
  | ({ readonly type: "accuracy"; readonly sequence: Sequence } & AccuracyAlert)
  | {
      readonly type: "finalized";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly header: BlockHeader;
      readonly receipts: readonly Receipt[];
      readonly transition: StateTransition;
    };

/** Receiver of events. It is called synchronously and MUST NOT throw. */
export type LedgerListener = (event: LedgerEvent) => void;
