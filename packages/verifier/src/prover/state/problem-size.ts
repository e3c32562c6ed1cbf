import type { Problem } from "../../kernel/problem.ts";

/**
 * Numbers of variables, unknowns and nodes in a problem. Ids count from 0, so each number is also
 * the next id.
 */
export interface ProblemSize {
  readonly variables: number;
  readonly unknowns: number;
  readonly nodes: number;
}

export function sizeOf({ variables, unknowns, nodes }: Problem): ProblemSize {
  return { variables, unknowns: unknowns.length, nodes: nodes.length };
}
