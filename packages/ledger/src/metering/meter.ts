import { assert, type Digest } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import { unitsForProofs } from "./shares.ts";

/** Room of a block for a proof of which a part is reserved. */
export interface Room {
  readonly meter: BlockMeter;
  /** Most units of the proof apart from its program and its record. */
  readonly reserved: number;
}

/** Units of execution, with bytes of growth of the state. */
export interface Load {
  readonly units: number;
  readonly growth: number;
}

/**
 * Room that is left in a block, and the programs that it has called. Work is limited before it is
 * done.
 */
export interface BlockMeter {
  /** Room that is left. */
  readonly left: Load;
  /** Whether a load fits into the room that is left. */
  fits(load: Load): boolean;
  /** Takes a load that fits. */
  take(load: Load): void;
  /** Whether a call of this program would be the block's first. */
  isFirstCall(program: Digest): boolean;
  noteCall(program: Digest): void;
}

/** Creates the meter of a block whose opening has taken `opened` units. */
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
