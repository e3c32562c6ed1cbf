import { FUEL_BASE, FUEL_PER_UNIT, HEAP_BYTES_MAX } from "./limits.ts";

/**
 * Error thrown through the solver's code when it has done more work than its units pay for, or
 * holds more memory than it may. Both are counted, the same on every machine. The session ends; the
 * next one begins from the image as always.
 */
export class FuelExhausted extends Error {
  override readonly name = "FuelExhausted";
}

/** Gauge of the fuel that the solver of one thread burns, with its allowance. */
export interface Gauge {
  /** Import of the solver (`POLL_IMPORT`): checks the fuel. */
  readonly poll: () => number;
  /**
   * Connects the counter that the solver exports. It MUST be called before any of its functions
   * runs.
   */
  readonly connect: (counter: FuelCounter) => void;
  /** Ends a session. It MUST be called before memory, and Z3's own count in it, is restored. */
  readonly endSession: () => void;
  readonly beginSession: (units: UnitCounter) => void;
  /** Import of the solver (`emscripten_resize_heap`): refuses, since its memory cannot grow. */
  readonly outOfMemory: () => never;
  /** Starts a payload with a new allowance. Before the first `fill` there is no limit. */
  readonly fill: (allowance?: Allowance) => void;
  /** Runs work that no payload pays for; the gauge does not change. */
  readonly aside: <Result>(work: () => Result) => Result;
  /** Returns the fuel burnt since `fill`. */
  readonly burnt: () => number;
}

/** Allowance of fuel. */
export interface Allowance {
  readonly base: number;
  /** Fuel for each unit that Z3 has counted so far. */
  readonly perUnit: number;
  /**
   * Greatest number of units that pay for fuel. Z3 checks its limit only now and then, and counts
   * beyond it.
   */
  readonly unitsMax: number;
}

/** Returns the allowance of a payload with that limit of units. */
export function allowanceOf(unitsMax: number): Allowance {
  return { base: FUEL_BASE, perUnit: FUEL_PER_UNIT, unitsMax };
}

/** Global variable of the solver that counts down. */
export interface FuelCounter {
  value: number;
}

/** Counts of a session that can be read while it runs. */
export interface UnitCounter {
  /** Units that Z3 has counted in this session. */
  readonly units: () => number;
  /** Bytes below the allocator's break. */
  readonly heapBytes: () => number;
}

/** Fuel between two checks. */
const SLICE = 2 ** 20;

/** Creates a gauge without a limit. */
export function createGauge(): Gauge {
  let counter: FuelCounter = { value: 0 };
  let session: UnitCounter | undefined;
  let allowance: Allowance | undefined;
  let burnt = 0;
  /** Units of earlier sessions of the payload. */
  let unitsBefore = 0;

  function take(): void {
    burnt += SLICE - counter.value;
    counter.value = SLICE;
  }

  function poll(): number {
    take();
    if (allowance !== undefined && session !== undefined) {
      const units = Math.min(unitsBefore + session.units(), allowance.unitsMax);
      if (burnt > allowance.base + allowance.perUnit * units) throw new FuelExhausted("work");
      if (session.heapBytes() > HEAP_BYTES_MAX) throw new FuelExhausted("memory");
    }
    // The import returns a date, which is not needed.
    return 0;
  }

  return {
    poll,
    connect: (exported) => {
      counter = exported;
      counter.value = SLICE;
    },
    endSession: () => {
      unitsBefore += session?.units() ?? 0;
      session = undefined;
    },
    beginSession: (units) => {
      session = units;
    },
    outOfMemory: () => {
      throw new FuelExhausted("memory");
    },
    fill: (given = allowanceOf(Number.MAX_SAFE_INTEGER)) => {
      allowance = given;
      unitsBefore = 0;
      session = undefined;
      burnt = 0;
      counter.value = SLICE;
    },
    aside: (work) => {
      take();
      const before = { burnt, allowance };
      allowance = undefined;
      const result = work();
      ({ burnt, allowance } = before);
      counter.value = SLICE;
      return result;
    },
    burnt: () => {
      take();
      return burnt;
    },
  };
}
