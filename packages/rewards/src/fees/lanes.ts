import type { ChainParameters, ProofBody } from "@aethel/models";

/** Part of a block with a reserved share and a base fee of its own. */
export type Lane = "invoke" | "judged";

/** Returns the lane of a kind of proof. Proofs that go to the Judge are in the lane `judged`. */
export function laneOf(type: ProofBody["type"]): Lane {
  return type === "invoke" ? "invoke" : "judged";
}

/**
 * Amount of block space: what one proof takes, what all proofs of a lane take, or the reserved
 * share of a lane.
 */
export interface Room {
  readonly bytes: number;
  /** Units of execution. */
  readonly units: number;
  /** Units of the Judge. */
  readonly judging: number;
}

/** Amount of block space, with the bytes by which the state grows. */
export interface Use extends Room {
  readonly growth: number;
}

/** Limits of a block that determine the reserved share of a lane. */
export type BlockLimits = Pick<
  ChainParameters,
  "blockBytesMax" | "blockUnitsMax" | "blockResourceMax"
>;

/**
 * Computes the reserved share of a lane: `floor(blockBytesMax / 2)` bytes and `floor(blockUnitsMax
 * / 2)` units of execution. All units of the Judge, `blockResourceMax`, belong to the lane
 * `judged`.
 */
export function laneShare(lane: Lane, limits: BlockLimits): Room {
  const { blockBytesMax: bytes, blockUnitsMax: units, blockResourceMax: judging } = limits;
  return shareOfRoom(lane, { bytes, units, judging });
}

/**
 * Computes the reserved share of a lane in the space that a block has for its proofs: half of the
 * bytes, of the units of execution and of the state growth, each rounded down. All units of the
 * Judge belong to the lane `judged`.
 */
export function shareOfBlock(lane: Lane, block: Use): Use {
  return { ...shareOfRoom(lane, block), growth: Math.floor(block.growth / 2) };
}

function shareOfRoom(lane: Lane, whole: Room): Room {
  return {
    bytes: Math.floor(whole.bytes / 2),
    units: Math.floor(whole.units / 2),
    judging: lane === "judged" ? whole.judging : 0,
  };
}
