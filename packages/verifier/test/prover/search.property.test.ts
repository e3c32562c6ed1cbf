import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBudget, defaultLimits } from "../../src/prover/budget/budget.ts";
import { neededNodes } from "../../src/prover/search/proof-log.ts";
import { search, type Theory } from "../../src/prover/search/search.ts";
import {
  addClause,
  addVariable,
  createSolver,
  type Solver,
  valueOf,
} from "../../src/prover/search/solver.ts";

const variableCount = 8;
const literal = fc.nat({ max: 2 * variableCount - 1 });
const clause = fc
  .uniqueArray(literal, { minLength: 1, maxLength: 4, selector: (one) => one >> 1 })
  .map((literals) => literals as readonly number[]);
const formula = fc.array(clause, { minLength: 1, maxLength: 45 });

/** A theory that knows nothing. */
const none: Theory = {
  check: () => undefined,
  backtrack: () => undefined,
  decide: () => undefined,
  wants: () => true,
  phase: () => false,
  final: () => false,
};

function load(clauses: readonly (readonly number[])[]): Solver {
  const solver = createSolver(createBudget(defaultLimits));
  for (let variable = 0; variable < variableCount; variable++) addVariable(solver, false);
  clauses.forEach((literals, index) => {
    addClause(solver, literals, { type: "given", index });
  });
  return solver;
}

function run(clauses: readonly (readonly number[])[]): { solver: Solver; isRefuted: boolean } {
  const solver = load(clauses);
  return { solver, isRefuted: search(solver, none) === "refuted" };
}

function holds(clauses: readonly (readonly number[])[], assignment: number): boolean {
  return clauses.every((one) =>
    one.some((each) => ((assignment >> (each >> 1)) & 1) === ((each & 1) ^ 1)),
  );
}

function isSatisfiable(clauses: readonly (readonly number[])[]): boolean {
  for (let assignment = 0; assignment < 2 ** variableCount; assignment++) {
    if (holds(clauses, assignment)) return true;
  }
  return false;
}

/** Whether unit propagation alone refutes clauses and the opposite of a clause. */
function followsByUnits(
  clauses: readonly (readonly number[])[],
  consequence: readonly number[],
): boolean {
  const isTrue = new Set(consequence.map((one) => one ^ 1));
  for (;;) {
    let grew = false;
    for (const one of clauses) {
      if (one.some((each) => isTrue.has(each))) continue;
      const open = one.filter((each) => !isTrue.has(each ^ 1));
      const [unit] = open;
      if (unit === undefined) return true;
      if (open.length > 1) continue;
      isTrue.add(unit);
      grew = true;
    }
    if (!grew) return false;
  }
}

describe("Search over clauses", () => {
  it("refutes exactly what no assignment satisfies", () => {
    fc.assert(
      fc.property(formula, (clauses) => {
        const { solver, isRefuted } = run(clauses);

        expect(isRefuted).toBe(!isSatisfiable(clauses));
        if (isRefuted) return;
        let assignment = 0;
        for (let variable = 0; variable < variableCount; variable++) {
          if (valueOf(solver, 2 * variable) > 0) assignment |= 1 << variable;
        }
        expect(holds(clauses, assignment)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("logs a refutation of which each clause follows from its antecedents by units", () => {
    fc.assert(
      fc.property(formula, (clauses) => {
        const { solver, isRefuted } = run(clauses);
        if (!isRefuted) return;
        const { nodes } = solver.log;
        const literalsOf = (node: number): readonly number[] => nodes[node]?.literals ?? [];

        const roots = solver.refutation ?? [];
        expect(followsByUnits(roots.map(literalsOf), [])).toBe(true);
        for (const node of neededNodes(solver.log, roots)) {
          const origin = nodes[node]?.origin;
          if (origin?.type !== "learned") continue;
          expect(origin.antecedents.every((one) => one < node)).toBe(true);
          expect(followsByUnits(origin.antecedents.map(literalsOf), literalsOf(node))).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("refutes more pigeons than holes", () => {
    const [pigeons, holes] = [6, 5];
    const solver = createSolver(createBudget(defaultLimits));
    const at = (pigeon: number, hole: number): number => 2 * (pigeon * holes + hole);
    for (let one = 0; one < pigeons * holes; one++) addVariable(solver, false);
    const all = Array.from({ length: holes }, (_, hole) => hole);
    for (let pigeon = 0; pigeon < pigeons; pigeon++) {
      addClause(
        solver,
        all.map((hole) => at(pigeon, hole)),
        { type: "given", index: 0 },
      );
      for (let other = 0; other < pigeon; other++) {
        for (const hole of all) {
          const literals = [at(pigeon, hole) ^ 1, at(other, hole) ^ 1];
          addClause(solver, literals, { type: "given", index: 0 });
        }
      }
    }

    expect(search(solver, none)).toBe("refuted");
  });
});
