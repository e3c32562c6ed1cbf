import type { Amount, ChainParameters, Difficulty, ProofBody } from "@aethel/models";
import { type Charge, chargeOf, type StateGrowth } from "@aethel/rewards";
import type { BaseFees } from "../state/records.ts";
import { pricedUnits, type Taken, weightOfTaken } from "./units.ts";

/**
 * Usage of a proof: its room, its growth of the state, and the difficulty that it will mint for.
 */
export interface Usage {
  readonly taken: Taken;
  /** 0 when it mints nothing. */
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

/** Charge for a usage, in its parts; whether the fee limit covers it is another question. */
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
 * Whether the fee limit covers a usage. If not, a valid claim is `forbidden`: it pays for its work.
 */
export function isCovered(
  body: Pick<ProofBody, "tip" | "feeLimit">,
  usage: Usage,
  prices: BlockPrices,
): boolean {
  return chargeFor(body, usage, prices).charged <= body.feeLimit;
}
