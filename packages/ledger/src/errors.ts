import { AethelError } from "@aethel/models";

/**
 * Mistake of a caller or damage of a store after which a ledger cannot continue. Outcomes of proofs
 * are never thrown.
 */
export type LedgerFault =
  /** Economic parameters that cannot work, with one entry for each problem to fix. */
  | { readonly code: "ECONOMICS"; readonly problems: readonly string[] }
  /** Intent of the genesis that the Judge does not find valid: the chain must not start. */
  | { readonly code: "GENESIS_INTENT"; readonly at: number; readonly reason: string }
  /** Judge of another identity than the chain requires. */
  | { readonly code: "JUDGE_MISMATCH"; readonly expected: string; readonly actual: string }
  /** Stored data of another chain, or data that does not match its root. */
  | { readonly code: "STORE_MISMATCH"; readonly what: string; readonly reason: string }
  /** Finalized block that contradicts this ledger's own execution. The replica must stop. */
  | {
      readonly code: "FINAL_BLOCK_REFUSED";
      readonly sequence: number;
      readonly digest: string;
      readonly reason: string;
    }
  /** Finalized block for which the Judge gave no verdict, however often it was asked. */
  | { readonly code: "JUDGE_ABSTAINED"; readonly reason: string }
  /** Finalized block that does not follow the head. */
  | { readonly code: "FINAL_BLOCK_ORDER"; readonly expected: number; readonly actual: number };

/** Error class of `@aethel/ledger`. */
export class LedgerError extends AethelError<LedgerFault> {
  override readonly name = "LedgerError";

  /** Whether the same call may succeed later, since nothing invalid was found. */
  get isTransient(): boolean {
    return this.fault.code === "JUDGE_ABSTAINED";
  }
}
