import { type Amount, type ChainParameters, type ProofBody, toDifficulty } from "@aethel/models";
import {
  difficultyOfExecution,
  emissionCapMost,
  laneOf,
  NO_GROWTH,
  type Room,
} from "@aethel/rewards";
import type { BaseFees } from "../state/records.ts";
import { chargeFor, type Usage } from "./charge.ts";
import { mostTaken, type Offered } from "./units.ts";
import { priceOfWeight, type Reckoned, reckon } from "./whole-limit.ts";

/** Returns the lowest base fee of each lane (invokes and judged proofs). */
export function floorsOf(parameters: ChainParameters): BaseFees {
  return { invoke: parameters.invokeBaseFeeMin, judged: parameters.judgedBaseFeeMin };
}

/**
 * Returns the least price of a proof, in micro-tokens for each million units of its weight: the
 * lowest base fee that its lane can have, plus its tip. Proofs of one lane are ordered by it, since
 * all of them pay the same base fee.
 */
export function priceOf(
  body: Pick<ProofBody, "type" | "tip">,
  parameters: ChainParameters,
): bigint {
  const floor = floorsOf(parameters)[laneOf(body.type)];
  return body.tip === undefined ? floor : floor + body.tip;
}

/**
 * Returns the lowest fee limit with which a proof may enter a block with these base fees, in
 * micro-tokens. It is the charge if the proof uses its whole resource limit and adds nothing to the
 * state. For an invoke it also covers the burn for the highest difficulty that the invoke can
 * reach. It may exceed the largest `Amount`.
 */
export function leastFeeLimit(
  offered: Offered,
  parameters: ChainParameters,
  baseFees: BaseFees = floorsOf(parameters),
): bigint {
  return leastOf(reckon(offered, parameters), parameters, baseFees);
}

/** Does the same as `leastFeeLimit` for a proof whose usage is computed already. */
export function leastOf(
  { offered, taken, priced }: Reckoned,
  parameters: ChainParameters,
  baseFees: BaseFees,
): bigint {
  const { tip = 0n } = offered.body;
  if (priced !== undefined) {
    const { weight, required } = priced;
    const base = priceOfWeight(Number(baseFees[taken.lane]), weight);
    const ofTip = tip === 0n ? 0 : priceOfWeight(Number(tip), weight);
    const least = Math.max(required, base) + ofTip;
    if (!Number.isNaN(least)) return BigInt(least);
  }
  return exactFeeLimit(offered, parameters, baseFees);
}

/** Computes the same as `leastFeeLimit` with bigints, by the formulas of `chargeFor`. @internal */
export function exactFeeLimit(
  offered: Offered,
  parameters: ChainParameters,
  baseFees: BaseFees,
): bigint {
  const prices = { parameters, baseFees, cap: highestCap(parameters) };
  return chargeFor(offered.body, mostUsed(offered, parameters), prices).charged;
}

/** Whether the fee limit of a proof is high enough for a block with these base fees. */
export function paysBase(
  offered: Offered,
  parameters: ChainParameters,
  baseFees: BaseFees,
): boolean {
  return offered.body.feeLimit >= leastFeeLimit(offered, parameters, baseFees);
}

/**
 * Returns the most micro-tokens that any block may mint. A fee limit that suffices with this
 * emission cap suffices in every block with the same base fees.
 */
export function highestCap(parameters: ChainParameters): Amount {
  return emissionCapMost(0, parameters);
}

/** Returns the most that a proof can use if it adds nothing to the state. */
export function mostUsed(
  offered: Offered,
  parameters: ChainParameters,
  more: Partial<Room> = {},
): Usage {
  const { body } = offered;
  const minting =
    body.type === "invoke"
      ? difficultyOfExecution(body.resourceLimit, parameters)
      : toDifficulty(0);
  return { taken: mostTaken(offered, more), minting, growth: NO_GROWTH };
}
