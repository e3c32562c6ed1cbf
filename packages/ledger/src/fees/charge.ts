import type { Amount, ChainParameters, Difficulty, ProofBody } from "@aethel/models";
import { type Charge, chargeOf, type StateGrowth } from "@aethel/rewards";
import type { BaseFees } from "../state/records.ts";
import { pricedUnits, type Taken, weightOfTaken } from "./units.ts";

/** Usage of a proof: room in the block, growth of the state, and difficulty that mints. */
export interface Usage {
  readonly taken: Taken;
  /** Difficulty that mints; 0 for a proof that mints nothing. */
  readonly minting: Difficulty;
  readonly growth: StateGrowth;
}

/** Inputs of all prices of a block. */
export interface BlockPrices {
  readonly parameters: ChainParameters;
  readonly baseFees: BaseFees;
  /** Most that the block may mint. */
  readonly cap: Amount;
}

/** Computes the charge for a usage, in its parts, whether or not the fee limit covers it. */
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
 * Whether the fee limit covers a usage. A valid claim whose usage is not covered is `forbidden` and
 * pays for its work.
 */
export function isCovered(
  body: Pick<ProofBody, "tip" | "feeLimit">,
  usage: Usage,
  prices: BlockPrices,
): boolean {
  return chargeFor(body, usage, prices).charged <= body.feeLimit;
}
