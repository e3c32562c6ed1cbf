import type { ChainParameters, Digest } from "@aethel/models";
import type { Use } from "@aethel/rewards";

/** Room that a block has for proofs, as the leader who fills it sees it. */
export interface BlockRoom {
  /** Room that the block has for proofs before the first one. */
  readonly all: Use;
  /** Returns what is left for proofs. */
  left(): Use;
  /** Whether a call of this program would be the block's first, and so would have to load it. */
  isFirstCall(program: Digest): boolean;
}

/**
 * Returns what a block has for its proofs. `units`: the execution units that its opening leaves.
 */
export function roomOf(parameters: ChainParameters, units: number): Use {
  const { blockBytesMax, blockResourceMax, stateGrowthMax } = parameters;
  return { bytes: blockBytesMax, units, judging: blockResourceMax, growth: stateGrowthMax };
}

/** Returns what an empty block has for proofs. It never becomes less. */
export function untouchedRoom(parameters: ChainParameters): BlockRoom {
  const all = roomOf(parameters, parameters.blockUnitsMax);
  return { all, left: () => all, isFirstCall: () => true };
}
