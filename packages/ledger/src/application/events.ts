import type { BlockHeader, Digest, Sequence, StateTransition } from "@aethel/models";
import type { MempoolEvent } from "../mempool/mempool-event.ts";
import type { Receipt } from "../results/receipt.ts";
import type { AccuracyAlert } from "../validators/accuracy.ts";

/** Event of a ledger. For logs, metrics and web pages, never for consensus. */
export type LedgerEvent =
  | MempoolEvent
  /**
   * The accuracy of a validator over its last epochs is below 95 % (R8.3). Emitted at most once an
   * epoch for each validator.
   */
  | ({ readonly type: "accuracy"; readonly sequence: Sequence } & AccuracyAlert)
  | {
      readonly type: "finalized";
      readonly sequence: Sequence;
      readonly digest: Digest;
      readonly header: BlockHeader;
      readonly receipts: readonly Receipt[];
      readonly transition: StateTransition;
    };

/** Function that receives events. It is called synchronously and MUST NOT throw. */
export type LedgerListener = (event: LedgerEvent) => void;
