import type { Problem } from "../../kernel/problem.ts";

/** Number of ids of each kind in a problem. Ids count from 0, so these are the next ids too. */
export interface ProblemSize {
  readonly variables: number;
  readonly unknowns: number;
  readonly nodes: number;
}

export function sizeOf({ variables, unknowns, nodes }: Problem): ProblemSize {
  return { variables, unknowns: unknowns.length, nodes: nodes.length };
}
