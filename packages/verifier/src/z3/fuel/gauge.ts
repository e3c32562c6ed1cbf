import { FUEL_BASE, FUEL_PER_UNIT, HEAP_BYTES_MAX } from "./limits.ts";

/**
 * Error that ends a session of the solver. It is thrown through the solver's code if the solver has
 * done more work than its units pay for, or uses more memory than it may. Both are counted, with
 * the same result on every machine. The next session begins from the memory image, as always.
 */
export class FuelExhausted extends Error {
  override readonly name = "FuelExhausted";
}

/**
 * Gauge of the fuel that the solver of one thread burns, with the allowance of the current payload.
 * Fuel counts work that Z3 does not count itself (`limits.ts`).
 */
export interface Gauge {
  /**
   * Function that the solver imports as `POLL_IMPORT`. Throws `FuelExhausted` if fuel or memory
   * exceed their limits.
   */
  readonly poll: () => number;
  /**
   * Connects the counter that the solver exports. MUST be called before any function of the solver
   * runs.
   */
  readonly connect: (counter: FuelCounter) => void;
  /**
   * Ends a session. MUST be called before the solver's memory is restored, because Z3 keeps its
   * count of units in that memory.
   */
  readonly endSession: () => void;
  readonly beginSession: (units: UnitCounter) => void;
  /**
   * Function that the solver imports as `emscripten_resize_heap`. Always throws, because the
   * solver's memory cannot grow.
   */
  readonly outOfMemory: () => never;
  /**
   * Begins a payload with a new allowance of fuel. Without an allowance, and before the first call,
   * there is no limit.
   */
  readonly fill: (allowance?: Allowance) => void;
  /** Runs work that is not charged to a payload: it has no limit and does not change the gauge. */
  readonly aside: <Result>(work: () => Result) => Result;
  /** Returns the fuel burnt since the last `fill`. */
  readonly burnt: () => number;
}

/** Allowance of fuel for one payload: `base`, plus `perUnit` for each unit that Z3 has counted. */
export interface Allowance {
  readonly base: number;
  /** Fuel for each unit that Z3 has counted so far. */
  readonly perUnit: number;
  /**
   * Greatest number of units that give fuel. Z3 checks its own limit only now and then, and may
   * count beyond it.
   */
  readonly unitsMax: number;
}

/** Returns the allowance of a payload whose limit is `unitsMax` units. */
export function allowanceOf(unitsMax: number): Allowance {
  return { base: FUEL_BASE, perUnit: FUEL_PER_UNIT, unitsMax };
}

/** Global variable of the solver that counts fuel down. */
export interface FuelCounter {
  value: number;
}

/** Values of a session that can be read while the solver runs. */
export interface UnitCounter {
  /** Units that Z3 has counted in this session. */
  readonly units: () => number;
  /** Size of the heap in bytes: the address of the allocator's break. */
  readonly heapBytes: () => number;
}

/** Fuel that the solver burns between two calls of `poll`. */
const SLICE = 2 ** 20;

/** Creates a gauge. It has no limit until `fill` is called. */
export function createGauge(): Gauge {
  let counter: FuelCounter = { value: 0 };
  let session: UnitCounter | undefined;
  let allowance: Allowance | undefined;
  let burnt = 0;
  /** Units that Z3 counted in earlier sessions of the current payload. */
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
