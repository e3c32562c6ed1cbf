import { assert, type Digest } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import { unitsForProofs } from "./shares.ts";

/** Meter of a block, with the part of one proof's units that is already reserved in it. */
export interface Room {
  readonly meter: BlockMeter;
  /**
   * Most execution units of the proof, without those for loading its program and for writing its
   * record.
   */
  readonly reserved: number;
}

/** Execution units, and growth of the state in bytes. */
export interface Load {
  readonly units: number;
  readonly growth: number;
}

/**
 * Meter of a block: the execution units and growth that are left, and the programs that were
 * called. Callers check `fits` before they do the work.
 */
export interface BlockMeter {
  /** Execution units and growth that are left in the block. */
  readonly left: Load;
  /** Whether a load (execution units and growth) is at most what is left in the block. */
  fits(load: Load): boolean;
  /**
   * Subtracts a load (execution units and growth) from what is left in the block. The load MUST
   * fit.
   */
  take(load: Load): void;
  /** Whether a call of this program would be the block's first call of it. */
  isFirstCall(program: Digest): boolean;
  /** Notes that the block has loaded a program, so that a later call does not pay for it. */
  noteCall(program: Digest): void;
}

/**
 * Creates the meter of a block. `opened`: execution units that the evidence and the parent's
 * certificate have taken.
 */
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
