import type { Term } from "../term.ts";
import { demand, type Meter } from "./limits.ts";
import { addClause, createProblem, negate, type Problem } from "./problem.ts";
import { createTermReader, readFormula } from "./terms.ts";
import { defineValues, literalAt } from "./values.ts";

/** Claim that every model of all `assumptions` is a model of `goal`. */
export interface Claim {
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

/**
 * Builds the clauses of `assumptions and not goal`. The claim holds if they contradict each other.
 */
export function clausify({ assumptions, goal }: Claim, meter: Meter): Problem {
  demand(Array.isArray(assumptions), "assumptions are not a list");
  const problem = createProblem(meter);
  const reader = createTermReader(problem);
  const given = Array.from(assumptions, (assumption) => readFormula(reader, assumption));
  const claimed = readFormula(reader, goal);
  defineValues(problem);
  for (const node of given) addClause(problem, [literalAt(problem, node)]);
  addClause(problem, [negate(literalAt(problem, claimed))]);
  return problem;
}
