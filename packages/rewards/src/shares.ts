import { type Amount, assert, toAmount, type ValidatorIndex } from "@aethel/models";
import { RewardsError } from "./errors.ts";
import type { EconomicParameters } from "./parameters.ts";
import { WHOLE_BASIS_POINTS } from "./ratio.ts";

/** A validator whose verified signature is in the certificate that is being paid for. */
export interface RewardedSigner {
  readonly index: ValidatorIndex;
  /** Its voting power in the set of the certificate's sequence. */
  readonly power: bigint;
  /** Its vote makes the quorum and is paid to nobody: it is convicted of an equivocation. */
  readonly isConvicted?: true;
}

/** A certified block's reward, and who is in the certificate. */
export interface CertifiedReward {
  readonly reward: Amount;
  /** In strictly ascending order of index, every signature verified by the caller (B10). */
  readonly signers: readonly RewardedSigner[];
  /** All power of the set, absent validators included. */
  readonly totalPower: bigint;
}

/** What one signer gets. */
export interface RewardShare {
  readonly index: ValidatorIndex;
  readonly amount: Amount;
}

/** A reward, divided; `shares + bonus + unminted` is the reward, to the micro-token. */
export interface DividedReward {
  /** One for each signer, in the order of the signers; 0 for the convicted. */
  readonly shares: readonly RewardShare[];
  /** For the validator that chose which votes to include: who proposed the block carrying them. */
  readonly bonus: Amount;
  /** Shares plus bonus: what is added to the supply. */
  readonly minted: Amount;
  /** What absent power would have got, and dust. It is never minted. */
  readonly unminted: Amount;
}

/**
 * Divides a reward among the signers of a certificate.
 *
 * - `pool = floor(reward x proposerBonusBasisPoints / 10,000)`, `shared = reward - pool`
 * - share of a signer: `floor(shared x power / totalPower)`
 * - bonus: `floor(pool x (paid - base) / (totalPower - base))`, at least 0, where `paid` is the power of
 *   the signers that are not convicted and `base = floor(2 totalPower / 3)`
 *
 * A share depends on nobody else's vote and the bonus only grows with included power, so leaving
 * a vote out raises nobody's income (P3). Floors are subadditive, so splitting a stake gains
 * nothing (P27).
 *
 * @throws RewardsError `SIGNERS` if the list is not ascending, or powers do not fit `totalPower`;
 * `QUORUM` if the signers hold no more than two thirds.
 */
export function shareReward(
  certified: CertifiedReward,
  parameters: EconomicParameters,
): DividedReward {
  const { reward, signers, totalPower } = certified;
  const paid = paidPower(certified);
  const base = (2n * totalPower) / 3n;
  const pool = (reward * BigInt(parameters.proposerBonusBasisPoints)) / WHOLE_BASIS_POINTS;
  const shared = reward - pool;

  const shares = signers.map(({ index, power, isConvicted = false }) => ({
    index,
    amount: toAmount(isConvicted ? 0n : (shared * power) / totalPower),
  }));
  const above = paid > base ? paid - base : 0n;
  const bonus = toAmount((pool * above) / (totalPower - base));
  const minted = shares.reduce((sum, share) => sum + share.amount, 0n) + bonus;
  assert(minted <= reward, "no more is paid than the reward");
  return { shares, bonus, minted: toAmount(minted), unminted: toAmount(reward - minted) };
}

/** Power of the signers that are paid, in a certificate that holds without asking who is. */
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
