import { AethelError } from "@aethel/models";

/** Error of the caller, with the facts that reproduce it. A correct ledger causes none. */
export type RewardsFault =
  /** The signers hold no more than two thirds of the power: this is not a certificate. */
  | { readonly code: "QUORUM"; readonly included: bigint; readonly total: bigint }
  /** The signers cannot be members of one validator set, in order. */
  | { readonly code: "SIGNERS"; readonly at: number; readonly reason: string }
  /** A number outside the range that the formula is stated for. */
  | { readonly code: "RANGE"; readonly what: string; readonly reason: string };

/** The one error class of `@aethel/rewards`. */
export class RewardsError extends AethelError<RewardsFault> {
  override readonly name = "RewardsError";
}
