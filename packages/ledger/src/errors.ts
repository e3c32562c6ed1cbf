import { AethelError } from "@aethel/models";

/**
 * What a caller or a disk did that no ledger can go on from. Outcomes of proofs are never thrown.
 */
export type LedgerFault =
  /** Parameters whose economics cannot work; one entry for each thing to mend. */
  | { readonly code: "ECONOMICS"; readonly problems: readonly string[] }
  /** A genesis intent that the Judge does not find valid: the chain must not start. */
  | { readonly code: "GENESIS_INTENT"; readonly at: number; readonly reason: string }
  /** The chain needs another Judge than the one that was given. */
  | { readonly code: "JUDGE_MISMATCH"; readonly expected: string; readonly actual: string }
  /** What is stored does not belong to this chain, or is not what its root says. */
  | { readonly code: "STORE_MISMATCH"; readonly what: string; readonly reason: string }
  /** A final block that contradicts this ledger's own execution. The replica must stop. */
  | {
      readonly code: "FINAL_BLOCK_REFUSED";
      readonly sequence: number;
      readonly digest: string;
      readonly reason: string;
    }
  /** The Judge gave no verdict on a final block, however often it was asked. */
  | { readonly code: "JUDGE_ABSTAINED"; readonly reason: string }
  /** Blocks come one by one, in order. */
  | { readonly code: "FINAL_BLOCK_ORDER"; readonly expected: number; readonly actual: number };

/** The one error class of `@aethel/ledger`. */
export class LedgerError extends AethelError<LedgerFault> {
  override readonly name = "LedgerError";

  /** Whether the same call may succeed later: nothing was found wrong. */
  get isTransient(): boolean {
    return this.fault.code === "JUDGE_ABSTAINED";
  }
}
