import { describe, expect, test } from "vitest";
import { allowanceOf, createGauge, FuelExhausted, type Gauge } from "../../src/z3/fuel/gauge.ts";
import { FUEL_BASE, FUEL_PER_UNIT, HEAP_BYTES_MAX } from "../../src/z3/fuel/limits.ts";

/** A gauge, and what stands for the solver: it burns, counts units and holds memory as it is told. */
function create() {
  const counter = { value: 0 };
  const gauge = createGauge();
  gauge.connect(counter);
  const solver = { units: 0, heapBytes: 0 };
  const begin = (): void => {
    gauge.beginSession({ units: () => solver.units, heapBytes: () => solver.heapBytes });
  };
  return { gauge, solver, begin, burn: (fuel: number): void => void (counter.value -= fuel) };
}

/** Why the solver is stopped when it asks, if it is. */
function stopped(gauge: Gauge): string | undefined {
  try {
    expect(gauge.poll()).toBe(0);
    return undefined;
  } catch (error) {
    if (error instanceof FuelExhausted) return error.message;
    throw error;
  }
}

describe("what a payload may burn", () => {
  test("is the base and so much for each unit so far, and not one more", () => {
    const { gauge, solver, begin, burn } = create();
    gauge.fill({ base: 10, perUnit: 3, unitsMax: 100 });
    begin();

    burn(10);
    expect(stopped(gauge)).toBeUndefined();
    burn(1);
    expect(stopped(gauge)).toBe("work");
    solver.units = 5;
    expect(stopped(gauge)).toBeUndefined();
    burn(14);
    expect(stopped(gauge)).toBeUndefined();
    burn(1);
    expect(stopped(gauge)).toBe("work");
    expect(gauge.burnt()).toBe(26);
  });

  test("grows with the units of all its sessions, up to those of its limit", () => {
    const { gauge, solver, begin, burn } = create();
    gauge.fill({ base: 0, perUnit: 1, unitsMax: 30 });
    for (const units of [5, 7, 11]) {
      begin();
      solver.units = units;
      gauge.endSession();
    }
    begin();
    solver.units = 2;

    burn(25);
    expect(stopped(gauge)).toBeUndefined();
    burn(1);
    expect(stopped(gauge)).toBe("work");
    solver.units = 1_000;
    expect(stopped(gauge)).toBeUndefined();
    burn(4);
    expect(stopped(gauge)).toBeUndefined();
    burn(1);
    expect(stopped(gauge)).toBe("work");
  });

  test("owes nothing to the payload before it, and has nothing from it", () => {
    const { gauge, solver, begin, burn } = create();
    gauge.fill({ base: 10, perUnit: 1, unitsMax: 100 });
    begin();
    solver.units = 50;
    burn(60);
    gauge.endSession();
    burn(1);

    gauge.fill({ base: 10, perUnit: 1, unitsMax: 100 });
    solver.units = 0;
    begin();
    expect(gauge.burnt()).toBe(0);
    burn(10);
    expect(stopped(gauge)).toBeUndefined();
    burn(1);
    expect(stopped(gauge)).toBe("work");
  });

  test("is not touched by what runs aside, which has no limit", () => {
    const { gauge, begin, burn } = create();
    gauge.fill({ base: 10, perUnit: 0, unitsMax: 100 });
    begin();
    burn(4);

    const result = gauge.aside(() => {
      burn(1_000);
      expect(stopped(gauge)).toBeUndefined();
      burn(1_000);
      return "done";
    });

    expect(result).toBe("done");
    expect(gauge.burnt()).toBe(4);
    burn(6);
    expect(stopped(gauge)).toBeUndefined();
    burn(1);
    expect(stopped(gauge)).toBe("work");
  });

  test("is without end before the first payload: the warm-up is nobody's", () => {
    const { gauge, begin, burn } = create();
    begin();
    burn(1e15);

    expect(stopped(gauge)).toBeUndefined();
  });

  test("ends with memory too, however much fuel is left", () => {
    const { gauge, solver, begin } = create();
    gauge.fill({ base: 1e12, perUnit: 0, unitsMax: 0 });
    begin();

    solver.heapBytes = HEAP_BYTES_MAX;
    expect(stopped(gauge)).toBeUndefined();
    solver.heapBytes = HEAP_BYTES_MAX + 1;
    expect(stopped(gauge)).toBe("memory");
    expect(() => gauge.outOfMemory()).toThrow("memory");
  });

  test("is for a limit of units what the limits say, and no unit beyond it pays", () => {
    expect(allowanceOf(123)).toEqual({ base: FUEL_BASE, perUnit: FUEL_PER_UNIT, unitsMax: 123 });
  });
});
