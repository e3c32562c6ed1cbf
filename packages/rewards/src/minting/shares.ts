import { type Amount, assert, toAmount, type ValidatorIndex } from "@aethel/models";
import { RewardsError } from "../errors.ts";
import type { EconomicParameters } from "../parameters.ts";
import { WHOLE_BASIS_POINTS } from "../ratio.ts";

/** Validator whose verified signature is in the certificate of a rewarded block. */
export interface RewardedSigner {
  readonly index: ValidatorIndex;
  /** Voting power in the validator set of the certificate's sequence. */
  readonly power: bigint;
  /**
   * Whether the signer is convicted of an equivocation. Then its vote counts for the quorum, but it
   * is not paid.
   */
  readonly isConvicted?: true;
}

/** Reward of a certified block, and the signers of its certificate. */
export interface CertifiedReward {
  readonly reward: Amount;
  /**
   * Signers in strictly ascending order of index. The caller has verified all signatures (B10 in
   * docs/known-bugs.md).
   */
  readonly signers: readonly RewardedSigner[];
  /** Power of the whole validator set, including absent validators. */
  readonly totalPower: bigint;
}

/** Share of one signer in a reward. */
export interface RewardShare {
  readonly index: ValidatorIndex;
  readonly amount: Amount;
}

/** Parts of a reward. `shares + bonus + unminted` is exactly the reward. */
export interface DividedReward {
  /** One share for each signer, in the same order. That of a convicted signer is 0. */
  readonly shares: readonly RewardShare[];
  /**
   * Bonus of the validator that chose the votes of the certificate: the proposer of the block that
   * contains it.
   */
  readonly bonus: Amount;
  /** Sum of shares and bonus, which is added to the supply. */
  readonly minted: Amount;
  /**
   * Rest of the reward, which is never minted: the shares of absent and convicted power, the rest
   * of the bonus fund, and remainders of rounding.
   */
  readonly unminted: Amount;
}

/**
 * Divides a reward among the signers of a certificate.
 *
 * - `fund = floor(reward x proposerBonusBasisPoints / 10,000)`, `shared = reward - fund`
 * - share of a signer: `floor(shared x power / totalPower)`, or 0 if it is convicted
 * - bonus: `floor(fund x (paid - base) / (totalPower - base))`, at least 0, where `paid` is the
 *   power of the signers that are not convicted and `base = floor(2 totalPower / 3)`
 *
 * A share does not depend on other votes, and the bonus grows with the included power, so nobody
 * gains by leaving out a vote (property P3). The floor of a sum is at least the sum of the floors,
 * so splitting a stake gains nothing (property P27).
 *
 * @throws RewardsError `SIGNERS` if the list is not ascending, or powers do not fit `totalPower`;
 * `QUORUM` if the signers have at most two thirds of the power.
 */
export function shareReward(
  certified: CertifiedReward,
  parameters: EconomicParameters,
): DividedReward {
  const { reward, signers, totalPower } = certified;
  const paid = paidPower(certified);
  const base = (2n * totalPower) / 3n;
  const fund = (reward * BigInt(parameters.proposerBonusBasisPoints)) / WHOLE_BASIS_POINTS;
  const shared = reward - fund;

  const shares = signers.map(({ index, power, isConvicted = false }) => ({
    index,
    amount: toAmount(isConvicted ? 0n : (shared * power) / totalPower),
  }));
  const above = paid > base ? paid - base : 0n;
  const bonus = toAmount((fund * above) / (totalPower - base));
  const minted = shares.reduce((sum, share) => sum + share.amount, 0n) + bonus;
  assert(minted <= reward, "no more is paid than the reward");
  return { shares, bonus, minted: toAmount(minted), unminted: toAmount(reward - minted) };
}

/** Checks that all signers together are a quorum. Returns the power of those that are paid. */
function paidPower({ signers, totalPower }: CertifiedReward): bigint {
  let included = 0n;
  let convicted = 0n;
  let previous = -1;
  for (const [at, { index, power, isConvicted = false }] of signers.entries()) {
    if (index <= previous) {
      throw new RewardsError({ code: "SIGNERS", at, reason: `index ${index} after ${previous}` });
    }
    if (power <= 0n) {
      throw new RewardsError({ code: "SIGNERS", at, reason: `power ${power} is not positive` });
    }
    included += power;
    if (isConvicted) convicted += power;
    if (included > totalPower) {
      const reason = `power adds up to ${included}, above the set's ${totalPower}`;
      throw new RewardsError({ code: "SIGNERS", at, reason });
    }
    previous = index;
  }
  if (3n * included <= 2n * totalPower) {
    throw new RewardsError({ code: "QUORUM", included, total: totalPower });
  }
  return included - convicted;
}
