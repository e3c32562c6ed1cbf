import {
  type Amount,
  type Difficulty,
  type Sequence,
  toAmount,
  toDifficulty,
  toSequence,
  toValidatorIndex,
} from "@aethel/models";
import fc from "fast-check";
import type { CertifiedReward, EconomicParameters, RewardedSigner } from "../src/index.ts";

export const amounts: fc.Arbitrary<Amount> = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map(toAmount);

/** Biased to small numbers, where rounding weighs most, yet up to the largest. */
export const difficulties: fc.Arbitrary<Difficulty> = fc
  .oneof(fc.nat({ max: 50 }), fc.nat({ max: 10_000_000 }), fc.maxSafeNat())
  .map(toDifficulty);

export const sequences: fc.Arbitrary<Sequence> = fc
  .oneof(fc.nat({ max: 1_000 }), fc.maxSafeNat())
  .map(toSequence);

/** Every kind of sound parameters, tight bonus included. */
export const parameters: fc.Arbitrary<EconomicParameters> = fc
  .record({
    baseRewardPerMillion: fc.bigInt({ min: 0n, max: 2_048_000_000n }),
    emissionCapInitial: fc.bigInt({ min: 0n, max: 2n ** 40n }),
    halvingInterval: fc.integer({ min: 1, max: 5_000 }),
    emissionTotalMax: fc.bigInt({ min: 0n, max: 2n ** 50n }),
    minimumBurnBasisPoints: fc.integer({ min: 4_000, max: 10_000 }),
    resourcePricePerMillion: fc.bigInt({ min: 0n, max: 500_000_000n }),
    executionPricePerMillion: fc.bigInt({ min: 0n, max: 500_000_000n }),
    bytePricePerMillion: fc.bigInt({ min: 0n, max: 500_000_000n }),
    minimumStake: fc.bigInt({ min: 1n, max: 1_000_000n }),
    evidenceSequences: fc.integer({ min: 1, max: 1_000 }),
    doubleSigningBasisPoints: fc.constant(2_000),
    invalidVerificationBasisPoints: fc.constant(500),
  })
  .chain((base) =>
    fc
      .record({
        bonusBasisPoints: fc.oneof(
          fc.constant(largestBonus(base.minimumBurnBasisPoints)),
          fc.integer({ min: 0, max: largestBonus(base.minimumBurnBasisPoints) }),
        ),
        burnBasisPoints: fc.integer({ min: base.minimumBurnBasisPoints, max: 10_000 }),
        unbondingSequences: fc.integer({ min: base.evidenceSequences + 1, max: 2_000 }),
      })
      .map((rest): EconomicParameters => ({ ...base, ...rest })),
  );

/** Powers of a whole set, from equal to very unequal. */
export const powers: fc.Arbitrary<readonly bigint[]> = fc.array(
  fc.oneof(fc.bigInt({ min: 1n, max: 10n }), fc.bigInt({ min: 1n, max: 2n ** 50n })),
  { minLength: 1, maxLength: 40 },
);

/** A reward with a set and those of it who signed: always a quorum, rarely all. */
export const certifiedRewards: fc.Arbitrary<CertifiedReward> = fc
  .tuple(amounts, powers, fc.infiniteStream(fc.nat({ max: 9 })))
  .map(([reward, set, dice]) => {
    const signers = [...signersOf(set)];
    const totalPower = sum(set);
    for (const signer of signersOf(set)) {
      if (dice.next().value > 6) continue;
      const rest = signers.filter(({ index }) => index !== signer.index);
      if (3n * sum(rest.map(({ power }) => power)) <= 2n * totalPower) continue;
      signers.splice(0, signers.length, ...rest);
    }
    return { reward, signers, totalPower };
  });

export function signersOf(set: readonly bigint[]): readonly RewardedSigner[] {
  return set.map((power, index) => ({ index: toValidatorIndex(index), power }));
}

export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

function largestBonus(minimumBurn: number): number {
  return Math.min(10_000, Math.floor((3 * minimumBurn - 10_000) / 2));
}
