import { spend, spendParts } from "../budget/budget.ts";
import { type Clause, enqueue, type Solver, type Watch } from "./solver.ts";

/**
 * Propagates all unit clauses. Returns a clause that became false, or undefined if there is none.
 */
export function propagate(solver: Solver): Clause | undefined {
  while (solver.propagated < solver.trail.length) {
    const literal = solver.trail[solver.propagated++] ?? 0;
    const conflict = visit(solver, literal ^ 1);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

/**
 * Visits the clauses that watch a literal that became false. Returns one that is false, or
 * undefined.
 */
function visit(solver: Solver, falsified: number): Clause | undefined {
  const { values } = solver;
  const list = solver.watches[falsified];
  if (list === undefined) return undefined;
  let conflict: Clause | undefined;
  let kept = 0;
  const count = list.length;
  for (let at = 0; at < count; at++) {
    const watch = list[at];
    if (watch === undefined || watch.clause.isRemoved) continue;
    if (conflict !== undefined || values[watch.blocker] === 1) {
      list[kept++] = watch;
      continue;
    }
    const outcome = rewatch(solver, watch, falsified);
    if (outcome === "moved") continue;
    list[kept++] = watch;
    if (outcome === "false") conflict = watch.clause;
  }
  list.length = kept;
  spend(solver.budget, count + 1);
  return conflict;
}

function rewatch(solver: Solver, watch: Watch, falsified: number): "moved" | "kept" | "false" {
  const { values } = solver;
  const { clause } = watch;
  const { literals } = clause;
  let first = literals[0] ?? 0;
  if (first === falsified) {
    first = literals[1] ?? 0;
    literals[0] = first;
    literals[1] = falsified;
  }
  const value = values[first];
  if (value === 1) {
    watch.blocker = first;
    return "kept";
  }
  for (let at = 2; at < literals.length; at++) {
    const other = literals[at] ?? 0;
    if (values[other] === -1) continue;
    spendParts(solver.budget, at >> 3);
    literals[1] = other;
    literals[at] = falsified;
    watch.blocker = first;
    solver.watches[other]?.push(watch);
    return "moved";
  }
  spendParts(solver.budget, literals.length >> 3);
  if (value === -1) return "false";
  enqueue(solver, first, clause);
  return "kept";
}
