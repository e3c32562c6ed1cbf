import { createMeter, kernelLimits } from "../kernel/limits.ts";
import type { Problem } from "../kernel/problem.ts";

/** Returns a problem of its own with the same content, and with the kernel's limits. */
export function copyProblem(problem: Problem): Problem {
  return {
    ...problem,
    meter: createMeter(kernelLimits),
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
