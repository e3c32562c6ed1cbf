/**
 * The economics of Aethel as pure integer functions: emission, shares, fees, slashing, stake.
 *
 * Every result adds up to the micro-token. No clock, no randomness, no floating point: safe to
 * import from anywhere, browsers included.
 *
 * @example
 * ```ts
 * import { blockReward, DEFAULT_ECONOMICS, shareReward } from "@aethel/rewards";
 * import { toAmount, toDifficulty, toValidatorIndex } from "@aethel/models";
 *
 * const reward = blockReward(
 *   {
 *     span: { fromMs: 0, untilMs: 1_000 },
 *     totalDifficulty: toDifficulty(40_000),
 *     minted: toAmount(0n),
 *   },
 *   DEFAULT_ECONOMICS,
 * );
 * const signers = [0, 1, 2].map((index) => ({ index: toValidatorIndex(index), power: 1n }));
 * shareReward({ reward, signers, totalPower: 4n }, DEFAULT_ECONOMICS).minted; // 29500n
 * ```
 *
 * @packageDocumentation
 */

// Parameters
export {
  DEFAULT_ECONOMICS,
  type EconomicParameters,
  findEconomicProblems,
  JUDGING_UNITS_MIN,
  MINIMUM_BURN_BASIS_POINTS,
} from "./parameters.ts";

// Emission
export {
  baseReward,
  blockReward,
  type BlockSpan,
  EMISSION_SPAN_MAX_MS,
  emissionCap,
  emissionCapMost,
  type RewardedBlock,
  scheduledSupply,
} from "./minting/emission.ts";

// Minting
export { mintingDifficulty, type MintingResult } from "./minting/minting-difficulty.ts";

// Shares
export {
  type CertifiedReward,
  type DividedReward,
  type RewardedSigner,
  type RewardShare,
  shareReward,
} from "./minting/shares.ts";

// Fees
export {
  burnedPart,
  burnsEnough,
  type ChargedFee,
  difficultyOfExecution,
  feeFor,
  judgedUnits,
  minimumBurn,
  type Minting,
  type MintingWork,
  requiredFee,
  splitFee,
  type SplitFee,
  type Work,
} from "./fees/fees.ts";

// Lanes and base fees
export {
  type BlockLimits,
  type Lane,
  laneOf,
  laneShare,
  type Room,
  shareOfBlock,
  type Use,
} from "./fees/lanes.ts";
export { useOf, weightOf, weightPrice, WHOLE_LANE } from "./fees/weight.ts";
export { BASE_FEE_MAX, type LaneUse, nextBaseFee } from "./fees/base-fee.ts";

// Charges
export {
  type Charge,
  chargeOf,
  NO_GROWTH,
  type Priced,
  stateFee,
  type StateGrowth,
} from "./fees/charge.ts";

// Slashing
export {
  allOf,
  type Conviction,
  convictedShare,
  correlatedTotal,
  type HeldStake,
  type OffenceKind,
  slash,
  type Slash,
  slashBasisPoints,
  type SlashedStake,
  slashHeldStake,
  takeHeldStake,
  WHOLE_SHARE,
} from "./staking/slashing.ts";

// Absence
export { absenceAfter, type AttendedEpoch } from "./staking/absence.ts";

// Stake
export {
  absenceJails,
  evidenceAcceptedUntil,
  meetsMinimumStake,
  unbondsAt,
  type UnbondingTimes,
  votingPower,
} from "./staking/stake.ts";
export {
  admitPowerChanges,
  type AdmittedChanges,
  type ChangedPower,
  type PowerChange,
  powerChangeAllowed,
  type WaitingChanges,
} from "./staking/power-changes.ts";

// Errors
export { RewardsError, type RewardsFault } from "./errors.ts";
