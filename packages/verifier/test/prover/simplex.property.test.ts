import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBudget, defaultLimits } from "../../src/prover/budget/budget.ts";
import {
  addRational,
  compareRational,
  multiplyRational,
  type Rational,
  signOf,
} from "../../src/prover/budget/rational.ts";
import {
  addForm,
  addVariable,
  assertBound,
  checkBounds,
  createSimplex,
  type Infeasible,
  restoreBounds,
  type Simplex,
} from "../../src/prover/simplex/simplex.ts";

const variableCount = 4;

interface Constraint {
  readonly coefficients: readonly number[];
  readonly isUpper: boolean;
  readonly isStrict: boolean;
  readonly bound: Rational;
}

const huge = fc.constantFrom<Rational>(
  { numerator: 2n ** 64n - 1n, denominator: 1n },
  { numerator: -(2n ** 70n), denominator: 1n },
  { numerator: 1n, denominator: 3n },
);
const constraint: fc.Arbitrary<Constraint> = fc.record({
  coefficients: fc.array(fc.integer({ min: -3, max: 3 }), {
    minLength: variableCount,
    maxLength: variableCount,
  }),
  isUpper: fc.boolean(),
  isStrict: fc.boolean(),
  bound: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -6, max: 6 }) }, huge),
});

/** Values of the constraints' left sides as an assignment to the variables, or a contradiction. */
function load(constraints: readonly Constraint[]): {
  readonly simplex: Simplex;
  readonly forms: readonly number[];
} {
  const simplex = createSimplex(createBudget(defaultLimits));
  for (let one = 0; one < variableCount; one++) addVariable(simplex);
  const forms = constraints.map(({ coefficients }) =>
    addForm(
      simplex,
      coefficients.flatMap((value, at) => (value === 0 ? [] : [[at, value] as const])),
    ),
  );
  return { simplex, forms };
}

function assertAll(
  { simplex, forms }: ReturnType<typeof load>,
  constraints: readonly Constraint[],
): Infeasible | undefined {
  for (const [reason, { isUpper, isStrict, bound }] of constraints.entries()) {
    const delta = isStrict ? (isUpper ? -1 : 1) : 0;
    const conflict = assertBound(simplex, forms[reason] ?? 0, isUpper, {
      value: bound,
      delta,
      reason,
    });
    if (conflict !== undefined) return conflict;
  }
  return checkBounds(simplex);
}

/** Whether positive multiples of the constraints add up to `0 >= positive` or `0 > 0`. */
function isContradiction(infeasible: Infeasible, constraints: readonly Constraint[]): boolean {
  const sums: Rational[] = Array.from({ length: variableCount }, () => 0);
  let constant: Rational = 0;
  let isStrict = false;
  for (const { reason, multiplier } of infeasible) {
    const one = constraints[reason];
    if (one === undefined || signOf(multiplier) <= 0) return false;
    const sign = one.isUpper ? -1 : 1;
    one.coefficients.forEach((value, at) => {
      sums[at] = addRational(sums[at] ?? 0, multiplyRational(multiplier, sign * value));
    });
    constant = addRational(
      constant,
      multiplyRational(multiplyRational(multiplier, sign), one.bound),
    );
    if (one.isStrict) isStrict = true;
  }
  return sums.every((sum) => sum === 0) && (signOf(constant) > 0 || (isStrict && constant === 0));
}

function isSolution(simplex: Simplex, constraints: readonly Constraint[]): boolean {
  return constraints.every(({ coefficients, isUpper, isStrict, bound }) => {
    const sum = (values: readonly Rational[]): Rational =>
      coefficients.reduce<Rational>(
        (total, value, at) => addRational(total, multiplyRational(value, values[at] ?? 0)),
        0,
      );
    const order =
      compareRational(sum(simplex.value), bound) ||
      compareRational(sum(simplex.delta), isStrict ? (isUpper ? -1 : 1) : 0);
    return isUpper ? order <= 0 : order >= 0;
  });
}

describe("Simplex", () => {
  it("finds a solution or a combination that contradicts itself", () => {
    fc.assert(
      fc.property(fc.array(constraint, { minLength: 1, maxLength: 12 }), (constraints) => {
        const loaded = load(constraints);

        const infeasible = assertAll(loaded, constraints);

        const isSound =
          infeasible === undefined
            ? isSolution(loaded.simplex, constraints)
            : isContradiction(infeasible, constraints);
        expect(isSound).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("answers the same whatever bounds came and went before", () => {
    fc.assert(
      fc.property(
        fc.array(constraint, { minLength: 2, maxLength: 10 }),
        fc.array(fc.nat({ max: 9 }), { maxLength: 6 }),
        (constraints, cuts) => {
          const loaded = load(constraints);
          for (const cut of cuts) {
            assertAll(loaded, constraints.slice(0, cut));
            restoreBounds(loaded.simplex, 0);
          }

          const infeasible = assertAll(loaded, constraints);

          const fresh = assertAll(load(constraints), constraints);
          expect(infeasible === undefined).toBe(fresh === undefined);
          if (infeasible === undefined) expect(isSolution(loaded.simplex, constraints)).toBe(true);
          else expect(isContradiction(infeasible, constraints)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
