import { AethelError } from "@aethel/models";

/** What a caller handed in that no correct ledger hands in, and the facts needed to reproduce it. */
export type RewardsFault =
  /** The signers hold no more than two thirds of the power: this is not a certificate. */
  | { readonly code: "QUORUM"; readonly included: bigint; readonly total: bigint }
  /** The list of signers cannot come from one validator set. */
  | { readonly code: "SIGNERS"; readonly at: number; readonly reason: string }
  /** A number outside the range that the formula is stated for. */
  | { readonly code: "RANGE"; readonly what: string; readonly reason: string };

/** The one error class of `@aethel/rewards`. */
export class RewardsError extends AethelError<RewardsFault> {
  override readonly name = "RewardsError";
}
