import type { ChainParameters, Digest } from "@aethel/models";
import type { Use } from "@aethel/rewards";

/** Room of a block for proofs, as whoever fills it looks at it. */
export interface BlockRoom {
  /** All that it had for proofs when it began. */
  readonly all: Use;
  /** Returns the part of that which is left now. */
  left(): Use;
  /** Whether a call of this program would have to load it. */
  isFirstCall(program: Digest): boolean;
}

/** All that a block has for proofs when its opening leaves it so many units of execution. */
export function roomOf(parameters: ChainParameters, units: number): Use {
  const { blockBytesMax, blockResourceMax, stateGrowthMax } = parameters;
  return { bytes: blockBytesMax, units, judging: blockResourceMax, growth: stateGrowthMax };
}

/** Room of an empty block that nothing is ever taken of. */
export function untouchedRoom(parameters: ChainParameters): BlockRoom {
  const all = roomOf(parameters, parameters.blockUnitsMax);
  return { all, left: () => all, isFirstCall: () => true };
}
