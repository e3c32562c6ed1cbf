import { assert, type Digest } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import { unitsForProofs } from "./shares.ts";

/** Room of a block for a proof of which part is reserved. */
export interface Room {
  readonly meter: BlockMeter;
  /** Units that the proof takes at most beside what its program and its record take. */
  readonly reserved: number;
}

/** Units of execution, and bytes that the state grows by. */
export interface Load {
  readonly units: number;
  readonly growth: number;
}

/** Room that is left in a block, and what it has called: what is limited before it is done. */
export interface BlockMeter {
  /** What is left. */
  readonly left: Load;
  /** Whether so much more has room. */
  fits(load: Load): boolean;
  /** Takes what was asked about before. */
  take(load: Load): void;
  /** Whether a call of this program would be the block's first. */
  isFirstCall(program: Digest): boolean;
  noteCall(program: Digest): void;
}

/** The meter of a block of which the opening has taken `opened` units already. */
export function createMeter(limits: {
  readonly unitsMax: number;
  readonly growthMax: number;
  readonly opened: number;
}): BlockMeter {
  const { unitsMax, growthMax, opened } = limits;
  let units = unitsForProofs(unitsMax, opened);
  let growth = growthMax;
  const called = new Set<string>();
  return {
    get left() {
      return { units, growth };
    },
    fits: (load) => load.units <= units && load.growth <= growth,
    take: (load) => {
      assert(load.units <= units, "units are limited before they are spent");
      units -= load.units;
      // The state may have grown by less than was reserved, never by more.
      assert(load.growth <= growth, "growth is limited before it happens");
      growth -= load.growth;
    },
    isFirstCall: (program) => !called.has(keyName(program)),
    noteCall: (program) => {
      called.add(keyName(program));
    },
  };
}
