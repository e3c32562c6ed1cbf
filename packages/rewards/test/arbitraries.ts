import {
  type Amount,
  type Difficulty,
  toAmount,
  toDifficulty,
  toResource,
  toValidatorIndex,
} from "@aethel/models";
import fc from "fast-check";
import type {
  BlockSpan,
  CertifiedReward,
  EconomicParameters,
  RewardedSigner,
} from "../src/index.ts";

export const amounts: fc.Arbitrary<Amount> = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map(toAmount);

/** Numbers up to the largest, biased to small ones, for which rounding matters most. */
export const difficulties: fc.Arbitrary<Difficulty> = fc
  .oneof(fc.nat({ max: 50 }), fc.nat({ max: 10_000_000 }), fc.maxSafeNat())
  .map(toDifficulty);

/** Ages of a chain, in milliseconds: around its first eras, and up to the largest. */
export const ages: fc.Arbitrary<number> = fc.oneof(
  fc.nat({ max: 20_000 }),
  fc.nat({ max: 1e8 }),
  fc.maxSafeNat(),
);

/** Ages of a block and its parent: quick blocks, slow ones, and one after a long pause. */
export const spans: fc.Arbitrary<BlockSpan> = fc
  .tuple(ages, fc.oneof(fc.nat({ max: 3_000 }), fc.nat({ max: 120_000 }), fc.nat({ max: 1e12 })))
  .map(([fromMs, elapsed]) => ({
    fromMs,
    untilMs: Math.min(fromMs + elapsed, Number.MAX_SAFE_INTEGER),
  }));

/** Every kind of sound parameters, the largest bonus included. */
export const parameters: fc.Arbitrary<EconomicParameters> = fc.record({
  baseReward: fc.bigInt({ min: 0n, max: 2_048_000_000n }).map(toAmount),
  emissionPerSecond: fc.bigInt({ min: 0n, max: 2n ** 40n }).map(toAmount),
  halvingMs: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 1e7 })),
  emissionTotal: fc.bigInt({ min: 0n, max: 2n ** 50n }).map(toAmount),
  proposerBonusBasisPoints: fc.oneof(fc.constant(1_000), fc.integer({ min: 0, max: 1_000 })),
  burnBasisPoints: fc.integer({ min: 4_000, max: 10_000 }),
  resourcePrice: fc.bigInt({ min: 0n, max: 1_000_000_000n }).map(toAmount),
  judgingUnits: fc.integer({ min: 5_000, max: 1_000_000 }).map(toResource),
  bytePrice: fc.bigInt({ min: 0n, max: 1_000_000n }).map(toAmount),
  invokeBaseFeeMin: fc.bigInt({ min: 0n, max: 1_000_000_000n }).map(toAmount),
  judgedBaseFeeMin: fc.bigInt({ min: 0n, max: 1_000_000_000n }).map(toAmount),
  creationFee: fc.bigInt({ min: 0n, max: 1_000_000_000n }).map(toAmount),
  statePrice: fc.bigInt({ min: 0n, max: 1_000_000_000n }).map(toAmount),
  depositPrice: fc.bigInt({ min: 0n, max: 1_000_000n }).map(toAmount),
  invokeDifficulty: fc.nat().map(toDifficulty),
  solverTheoremsMint: fc.boolean(),
  minimumStake: fc.bigInt({ min: 1n, max: 1_000_000n }).map(toAmount),
  unbondingMs: fc.integer({ min: 1, max: 2_000 }),
  absenceMs: fc.integer({ min: 1, max: 20_000 }),
  slashDoubleSignBasisPoints: fc.constant(2_000),
  slashVerificationBasisPoints: fc.constant(500),
});

/** Powers of a whole set, from equal to very unequal. */
export const powers: fc.Arbitrary<readonly bigint[]> = fc.array(
  fc.oneof(fc.bigInt({ min: 1n, max: 10n }), fc.bigInt({ min: 1n, max: 2n ** 50n })),
  { minLength: 1, maxLength: 40 },
);

/** Reward with a set and its signers: always a quorum, rarely all. */
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
