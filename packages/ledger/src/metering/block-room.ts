import type { ChainParameters, Digest } from "@aethel/models";
import type { Use } from "@aethel/rewards";

/** Room of a block for proofs, as seen by the leader who fills it. */
export interface BlockRoom {
  /** Room for proofs at the beginning of the block. */
  readonly all: Use;
  /** Returns the room that is left. */
  left(): Use;
  /** Whether a call of this program has to load it. */
  isFirstCall(program: Digest): boolean;
}

/** Room of a block for its proofs, when its opening leaves so many units of execution. */
export function roomOf(parameters: ChainParameters, units: number): Use {
  const { blockBytesMax, blockResourceMax, stateGrowthMax } = parameters;
  return { bytes: blockBytesMax, units, judging: blockResourceMax, growth: stateGrowthMax };
}

/** Room of an empty block, from which nothing is ever taken. */
export function untouchedRoom(parameters: ChainParameters): BlockRoom {
  const all = roomOf(parameters, parameters.blockUnitsMax);
  return { all, left: () => all, isFirstCall: () => true };
}
