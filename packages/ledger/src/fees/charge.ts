import type { Amount, ChainParameters, Difficulty, ProofBody } from "@aethel/models";
import { type Charge, chargeOf, type StateGrowth } from "@aethel/rewards";
import type { BaseFees } from "../state/records.ts";
import { pricedUnits, type Taken, weightOfTaken } from "./units.ts";

/**
 * Usage for which a proof is charged: block resources, growth of the state, and the difficulty for
 * which its reward is minted.
 */
export interface Usage {
  readonly taken: Taken;
  /** Difficulty that counts for the reward; 0 for a proof that mints nothing. */
  readonly minting: Difficulty;
  readonly growth: StateGrowth;
}

/** Values from which all prices of a block are computed. */
export interface BlockPrices {
  readonly parameters: ChainParameters;
  readonly baseFees: BaseFees;
  /** Most micro-tokens that the block may mint by the emission schedule. */
  readonly cap: Amount;
}

/** Computes the charge for a usage, with its parts. The charge may exceed the fee limit. */
export function chargeFor(
  body: Pick<ProofBody, "tip">,
  { taken, minting, growth }: Usage,
  { parameters, baseFees, cap }: BlockPrices,
): Charge {
  const resource = pricedUnits(taken, parameters);
  const priced = {
    work: { resource, bytes: taken.bytes, difficulty: minting, cap },
    weight: weightOfTaken(taken, parameters),
    baseFee: baseFees[taken.lane],
    tip: body.tip ?? 0n,
    growth,
  };
  return chargeOf(priced, parameters);
}

/**
 * Whether the fee limit covers the charge for a usage. A valid claim whose charge is not covered
 * has the outcome `forbidden` and is charged only for the work.
 */
export function isCovered(
  body: Pick<ProofBody, "tip" | "feeLimit">,
  usage: Usage,
  prices: BlockPrices,
): boolean {
  return chargeFor(body, usage, prices).charged <= body.feeLimit;
}
