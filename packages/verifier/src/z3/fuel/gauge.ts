import { FUEL_BASE, FUEL_PER_UNIT, HEAP_BYTES_MAX } from "./limits.ts";

/**
 * Thrown through the solver's code when it has done more than its units pay for, or holds more
 * memory than it may: a limit that is counted, the same on every machine. What ran is given up;
 * the next session begins from the image as always.
 */
export class FuelExhausted extends Error {
  override readonly name = "FuelExhausted";
}

/** What the solver of one thread has burnt since the last `fill`, and what it may. */
export interface Gauge {
  /** To be imported by the solver as `POLL_IMPORT`. */
  readonly poll: () => number;
  /** To be called with the counter that the solver exports, before any of its functions runs. */
  readonly connect: (counter: FuelCounter) => void;
  /** To be called before memory, and in it Z3's own count, is put back. */
  readonly endSession: () => void;
  readonly beginSession: (units: UnitCounter) => void;
  /** To be imported by the solver as `emscripten_resize_heap`: its memory cannot grow. */
  readonly outOfMemory: () => never;
  /** Starts a payload: nothing is burnt yet. Before the first `fill` there is no limit. */
  readonly fill: (allowance?: Allowance) => void;
  /** Runs something that no payload pays for, as if it had not been. */
  readonly aside: <Result>(work: () => Result) => Result;
  /** Burnt since `fill`. */
  readonly burnt: () => number;
}

/** How much may be burnt. */
export interface Allowance {
  readonly base: number;
  /** For each unit that Z3 has counted so far. */
  readonly perUnit: number;
  /** Z3 looks at its limit now and then only: what it counts beyond pays for nothing. */
  readonly unitsMax: number;
}

/** What a payload may burn that may take so many units. */
export function allowanceOf(unitsMax: number): Allowance {
  return { base: FUEL_BASE, perUnit: FUEL_PER_UNIT, unitsMax };
}

/** The global variable that the solver counts down. */
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

/** Fuel between two looks at what was burnt. */
const SLICE = 2 ** 20;

/** Starts without a limit. */
export function createGauge(): Gauge {
  let counter: FuelCounter = { value: 0 };
  let session: UnitCounter | undefined;
  let allowance: Allowance | undefined;
  let burnt = 0;
  /** Count of the sessions before this one. */
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
    // The import's own answer, a date.
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
