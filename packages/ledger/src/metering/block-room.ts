import type { ChainParameters, Digest } from "@aethel/models";
import type { Use } from "@aethel/rewards";

/** Capacity that a block has for proofs, as the leader who fills the block sees it. */
export interface BlockRoom {
  /** Capacity for proofs before the first proof. */
  readonly all: Use;
  /** Returns the capacity that is left for proofs. */
  left(): Use;
  /**
   * Whether a call of this program would be the block's first call of it. The first call pays for
   * loading the program.
   */
  isFirstCall(program: Digest): boolean;
}

/**
 * Returns the capacity of a block for its proofs. `units`: execution units that are left after the
 * evidence and the parent's certificate.
 */
export function roomOf(parameters: ChainParameters, units: number): Use {
  const { blockBytesMax, blockResourceMax, stateGrowthMax } = parameters;
  return { bytes: blockBytesMax, units, judging: blockResourceMax, growth: stateGrowthMax };
}

/** Returns the capacity of an empty block, which never becomes less. */
export function untouchedRoom(parameters: ChainParameters): BlockRoom {
  const all = roomOf(parameters, parameters.blockUnitsMax);
  return { all, left: () => all, isFirstCall: () => true };
}
