import type { Problem } from "../../kernel/problem.ts";
import { type Budget, spendParts } from "../budget/budget.ts";
import { createPaidMeter } from "../budget/paid-meter.ts";

/** Copies a problem. The copy has a new meter with the kernel's own limits. */
export function copyProblem(problem: Problem, budget: Budget): Problem {
  const { nodes, variables, clauses } = problem;
  spendParts(budget, 12 * (nodes.length + variables) + clauses.length);
  return {
    ...problem,
    meter: createPaidMeter(),
    sorts: [...problem.sorts],
    sortIds: new Map(problem.sortIds),
    nodes: [...problem.nodes],
    nodeIds: new Map(problem.nodeIds),
    reads: new Map([...problem.reads].map(([index, known]) => [index, new Map(known)])),
    unknowns: [...problem.unknowns],
    atoms: [...problem.atoms],
    atomIds: new Map(problem.atomIds),
    gateIds: new Map(problem.gateIds),
    clauses: [...problem.clauses],
    literals: [...problem.literals],
    bits: [...problem.bits],
    polynomials: [...problem.polynomials],
  };
}
