import { AethelError } from "@aethel/models";

/**
 * Fault after which a ledger cannot continue: a mistake of a caller, a damaged store, or a
 * finalized block that cannot be executed. A failed proof is an outcome in a receipt and never
 * throws.
 */
export type LedgerFault =
  /** The economic parameters cannot work. `problems`: one entry for each problem to fix. */
  | { readonly code: "ECONOMICS"; readonly problems: readonly string[] }
  /**
   * An intent of the genesis has no `valid` verdict with a certificate, so the chain must not
   * start. `at`: index of the intent.
   */
  | { readonly code: "GENESIS_INTENT"; readonly at: number; readonly reason: string }
  /** The identity of the Judge is not the one that the chain requires. */
  | { readonly code: "JUDGE_MISMATCH"; readonly expected: string; readonly actual: string }
  /** The stored data belong to another chain, do not match their root, or are incomplete. */
  | { readonly code: "STORE_MISMATCH"; readonly what: string; readonly reason: string }
  /** A finalized block contradicts this ledger's own execution. The replica must stop. */
  | {
      readonly code: "FINAL_BLOCK_REFUSED";
      readonly sequence: number;
      readonly digest: string;
      readonly reason: string;
    }
  /** The Judge gave no verdict on a proof of a finalized block. The same call may succeed later. */
  | { readonly code: "JUDGE_ABSTAINED"; readonly reason: string }
  /** The sequence of a finalized block is not the one after the head. */
  | { readonly code: "FINAL_BLOCK_ORDER"; readonly expected: number; readonly actual: number };

/** Error class of `@aethel/ledger`. */
export class LedgerError extends AethelError<LedgerFault> {
  override readonly name = "LedgerError";

  /** Whether the same call may succeed later, because the ledger found nothing invalid. */
  get isTransient(): boolean {
    return this.fault.code === "JUDGE_ABSTAINED";
  }
}
