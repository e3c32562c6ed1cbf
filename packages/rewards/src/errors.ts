import { AethelError } from "@aethel/models";

/**
 * Error in a caller's arguments, with the facts that reproduce it. A correct ledger causes none.
 */
export type RewardsFault =
  /** The signers have at most two thirds of the power, so they form no certificate. */
  | { readonly code: "QUORUM"; readonly included: bigint; readonly total: bigint }
  /** The signers are not in the order of a validator set, or their powers do not fit its total. */
  | { readonly code: "SIGNERS"; readonly at: number; readonly reason: string }
  /** A number outside the range for which the formula is defined. */
  | { readonly code: "RANGE"; readonly what: string; readonly reason: string };

/** The one error class of `@aethel/rewards`. */
export class RewardsError extends AethelError<RewardsFault> {
  override readonly name = "RewardsError";
}
