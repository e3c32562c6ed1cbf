import type { Tree } from "@aethel/merkle";
import { assert, type ChainParameters } from "@aethel/models";
import { type Lane, nextBaseFee } from "@aethel/rewards";
import { BaseFees, stateKey } from "../state-layout.ts";
import { floorsOf } from "./price.ts";
import { type Taken, weightOfTaken } from "./units.ts";

/** Base fees of the block after a state: micro-tokens for each million units of weight. */
export function baseFeesOf(tree: Pick<Tree, "get">): BaseFees {
  const bytes = tree.get(stateKey.baseFees);
  assert(bytes !== undefined, "a state has its base fees");
  return BaseFees.decode(bytes);
}

/** Sums of the room that the proofs of a block take of each lane. */
export interface LaneCount {
  add(taken: Taken): void;
  /** Base fees of the next block. */
  next(baseFees: BaseFees, parameters: ChainParameters): BaseFees;
}

/** Nothing taken yet. */
export function createLaneCount(): LaneCount {
  const sums: Record<Lane, Taken> = {
    invoke: { lane: "invoke", bytes: 0, units: 0, judging: 0 },
    judged: { lane: "judged", bytes: 0, units: 0, judging: 0 },
  };
  return {
    add: ({ lane, bytes, units, judging }) => {
      const sum = sums[lane];
      sums[lane] = {
        lane,
        bytes: sum.bytes + bytes,
        units: sum.units + units,
        judging: sum.judging + judging,
      };
    },
    next: (baseFees, parameters) => {
      const floors = floorsOf(parameters);
      const after = (lane: Lane): BaseFees[Lane] =>
        nextBaseFee({
          baseFee: baseFees[lane],
          used: weightOfTaken(sums[lane], parameters),
          floor: floors[lane],
        });
      return { invoke: after("invoke"), judged: after("judged") };
    },
  };
}
