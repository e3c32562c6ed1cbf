import { assert, type Digest } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import { unitsForProofs } from "./shares.ts";

/** Room that is left in a block, for a proof of which a part is already accounted for. */
export interface Room {
  readonly meter: BlockMeter;
  /** Most execution units of the proof, without loading its program and writing its record. */
  readonly reserved: number;
}

/** Execution units, and bytes by which the state grows. */
export interface Load {
  readonly units: number;
  readonly growth: number;
}

/**
 * Execution units and growth that are left in a block, and the programs that it has called. Callers
 * check `fits` before they do the work.
 */
export interface BlockMeter {
  /** Room that is left in the block. */
  readonly left: Load;
  /** Whether a load fits into what is left. */
  fits(load: Load): boolean;
  /** Subtracts a load that fits. */
  take(load: Load): void;
  /** Whether a call of this program would be the block's first. */
  isFirstCall(program: Digest): boolean;
  noteCall(program: Digest): void;
}

/** Creates the meter of a block. `opened`: the execution units that its opening has taken. */
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
