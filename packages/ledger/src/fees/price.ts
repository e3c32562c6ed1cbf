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

/** Base fees that are never fallen below, one for each lane. */
export function floorsOf(parameters: ChainParameters): BaseFees {
  return { invoke: parameters.invokeBaseFeeMin, judged: parameters.judgedBaseFeeMin };
}

/**
 * Micro-tokens that a proof pays at least for each million units of its weight: the floor of its
 * lane and its tip. What orders proofs of one lane, since all pay the same base fee.
 */
export function priceOf(
  body: Pick<ProofBody, "type" | "tip">,
  parameters: ChainParameters,
): bigint {
  const floor = floorsOf(parameters)[laneOf(body.type)];
  return body.tip === undefined ? floor : floor + body.tip;
}

/**
 * Least fee limit with which a proof may enter a block that has these base fees: what it is charged
 * when it uses its whole limit and leaves nothing new in the state. For an invoke, also what burns
 * enough for the difficulty that it could reach. It may be above what an amount can be.
 */
export function leastFeeLimit(
  offered: Offered,
  parameters: ChainParameters,
  baseFees: BaseFees = floorsOf(parameters),
): bigint {
  return leastOf(reckon(offered, parameters), parameters, baseFees);
}

/** `leastFeeLimit` of a proof that is reckoned. */
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

/** `leastFeeLimit` from the formulas of the charge. @internal */
export function exactFeeLimit(
  offered: Offered,
  parameters: ChainParameters,
  baseFees: BaseFees,
): bigint {
  const prices = { parameters, baseFees, cap: highestCap(parameters) };
  return chargeFor(offered.body, mostUsed(offered, parameters), prices).charged;
}

/** Whether a proof may run at these base fees, as far as its fee limit is concerned. */
export function paysBase(
  offered: Offered,
  parameters: ChainParameters,
  baseFees: BaseFees,
): boolean {
  return offered.body.feeLimit >= leastFeeLimit(offered, parameters, baseFees);
}

/** Most that any block may mint: what suffices with it suffices in each, at the same base fees. */
export function highestCap(parameters: ChainParameters): Amount {
  return emissionCapMost(0, parameters);
}

/** Most that is charged for before anything new comes into the state. */
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
