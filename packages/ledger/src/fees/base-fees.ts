import type { Tree } from "@aethel/merkle";
import { assert, type ChainParameters } from "@aethel/models";
import { type Lane, nextBaseFee, shareOfBlock, type Use, useOf } from "@aethel/rewards";
import { BaseFees } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { floorsOf } from "./price.ts";
import type { Taken } from "./units.ts";

/**
 * Returns the base fees of the block that follows a state, in micro-tokens for each million units
 * of weight.
 */
export function baseFeesOf(tree: Pick<Tree, "get">): BaseFees {
  const bytes = tree.get(stateKey.baseFees);
  assert(bytes !== undefined, "a state has its base fees");
  return BaseFees.decode(bytes);
}

/**
 * Sums of the resources that the proofs of a block used, for each lane (invokes and judged proofs).
 */
export interface LaneCount {
  add(used: LaneUsed): void;
  /** Returns the base fees of the next block. */
  next(baseFees: BaseFees, parameters: ChainParameters): BaseFees;
}

/**
 * Block resources that a proof used, and the bytes by which it grew the state. The resources count
 * to the proof's lane (invokes or judged proofs).
 */
type LaneUsed = Taken & Use;

/** Creates sums of 0. `all`: resources that the block has for its proofs. */
export function createLaneCount(all: Use): LaneCount {
  const nothing: Use = { bytes: 0, units: 0, judging: 0, growth: 0 };
  const sums: Record<Lane, Use> = { invoke: nothing, judged: nothing };
  return {
    add: ({ lane, bytes, units, judging, growth }) => {
      const sum = sums[lane];
      sums[lane] = {
        bytes: sum.bytes + bytes,
        units: sum.units + units,
        judging: sum.judging + judging,
        growth: sum.growth + growth,
      };
    },
    next: (baseFees, parameters) => {
      const floors = floorsOf(parameters);
      const after = (lane: Lane): BaseFees[Lane] => {
        // A proof may empty an account that another one of the block has made.
        const use = { ...sums[lane], growth: Math.max(0, sums[lane].growth) };
        const used = useOf(use, shareOfBlock(lane, all));
        return nextBaseFee({ baseFee: baseFees[lane], used, floor: floors[lane] });
      };
      return { invoke: after("invoke"), judged: after("judged") };
    },
  };
}
