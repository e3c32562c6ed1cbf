import { spend, spendParts } from "../budget/budget.ts";
import { bump } from "./decision-queue.ts";
import { type Clause, currentLevel, levelOf, type Solver, valueOf } from "./solver.ts";

/**
 * Clause learned from a conflict. Its first literal is implied after backtracking to `level`.
 * `glue` is the number of decision levels among its literals.
 */
export interface Learned {
  readonly literals: readonly number[];
  readonly level: number;
  readonly glue: number;
  /** Nodes of the proof log from which the clause follows by unit propagation. */
  readonly antecedents: readonly number[];
}

/**
 * Resolves a false clause to the first unique implication point of the current level, and drops
 * literals that the others imply (MiniSat §4.4). At least two literals of the false clause must be
 * of the current level.
 */
export function analyze(solver: Solver, conflict: Clause): Learned {
  const { seen } = solver;
  const used = new Set<number>();
  const below: number[] = [];
  const touched: number[] = [];
  const level = currentLevel(solver);
  let open = 0;
  let at = solver.trail.length;
  const end = at;
  let clause: Clause | undefined = conflict;
  let pivot = -1;
  for (;;) {
    if (clause !== undefined) {
      used.add(clause.node);
      spend(solver.budget, clause.literals.length);
      for (const literal of clause.literals) {
        const variable = literal >> 1;
        if (literal === pivot || seen[variable] === true) continue;
        seen[variable] = true;
        touched.push(variable);
        const its = levelOf(solver, literal);
        if (its === 0) continue;
        if (its === level) open++;
        else below.push(literal);
      }
    }
    do at--;
    while (seen[(solver.trail[at] ?? 0) >> 1] !== true);
    pivot = solver.trail[at] ?? 0;
    open--;
    if (open <= 0) break;
    clause = solver.reasons[pivot >> 1];
  }
  spendParts(solver.budget, end - at);
  const kept = below.filter((literal) => !isImplied(solver, literal, { touched, used }));
  explainRoots(solver, touched, used);
  for (const variable of touched) seen[variable] = false;
  bumpAll(solver, touched);
  return finish(solver, [pivot ^ 1, ...kept], used);
}

interface Analysis {
  readonly touched: number[];
  readonly used: Set<number>;
}

/**
 * Tells whether the literals that the analysis of a conflict has visited so far imply that a
 * literal is false. Does not recurse.
 */
function isImplied(solver: Solver, literal: number, { touched, used }: Analysis): boolean {
  const { seen } = solver;
  if (solver.reasons[literal >> 1] === undefined) return false;
  const start = touched.length;
  const nodes: number[] = [];
  const pending = [literal >> 1];
  for (let variable = pending.pop(); variable !== undefined; variable = pending.pop()) {
    const reason = solver.reasons[variable];
    if (reason === undefined) {
      for (const undone of touched.splice(start)) seen[undone] = false;
      return false;
    }
    nodes.push(reason.node);
    spend(solver.budget, reason.literals.length);
    for (const other of reason.literals) {
      const next = other >> 1;
      if (next === variable || seen[next] === true) continue;
      seen[next] = true;
      touched.push(next);
      if (levelOf(solver, other) > 0) pending.push(next);
    }
  }
  for (const node of nodes) used.add(node);
  return true;
}

/**
 * Adds to `used` the clauses from which the literals of level 0 among the given variables follow.
 */
function explainRoots(solver: Solver, touched: readonly number[], used: Set<number>): void {
  const pending = touched.filter((variable) => solver.levels[variable] === 0);
  const met = new Set(pending);
  for (let variable = pending.pop(); variable !== undefined; variable = pending.pop()) {
    const reason = solver.reasons[variable];
    if (reason === undefined) continue;
    used.add(reason.node);
    spendParts(solver.budget, 2 + 2 * reason.literals.length);
    for (const other of reason.literals) {
      const next = other >> 1;
      if (met.has(next)) continue;
      met.add(next);
      pending.push(next);
    }
  }
}

/** Returns the nodes of the proof log that show that a clause is false at level 0. */
export function analyzeRoot(solver: Solver, conflict: Clause): readonly number[] {
  const used = new Set([conflict.node]);
  explainRoots(
    solver,
    conflict.literals.map((literal) => literal >> 1),
    used,
  );
  return [...used];
}

function finish(solver: Solver, literals: number[], used: ReadonlySet<number>): Learned {
  let level = 0;
  let place = 1;
  const levels = new Set<number>();
  literals.forEach((literal, at) => {
    const its = levelOf(solver, literal);
    levels.add(its);
    if (at === 0 || its <= level) return;
    level = its;
    place = at;
  });
  const second = literals[place];
  if (second !== undefined) {
    literals[place] = literals[1] ?? 0;
    literals[1] = second;
  }
  return { literals, level, glue: levels.size, antecedents: [...used] };
}

/** Moves the variables of a conflict to the end of the queue, and keeps their order. */
function bumpAll(solver: Solver, touched: readonly number[]): void {
  const { stamps } = solver.queue;
  spendParts(solver.budget, 4 * touched.length);
  const ordered = touched.toSorted((left, right) => (stamps[left] ?? 0) - (stamps[right] ?? 0));
  for (const variable of ordered) {
    bump(solver.queue, variable, valueOf(solver, 2 * variable) === 0);
  }
}
