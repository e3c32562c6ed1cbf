import { spendLemma, spendParts } from "../budget/budget.ts";
import { analyze, analyzeRoot } from "./analyze.ts";
import { propagate } from "./propagate.ts";
import {
  addClause,
  backtrack,
  type Clause,
  currentLevel,
  enqueue,
  levelOf,
  type Solver,
  valueOf,
} from "./solver.ts";

/**
 * Theory solver next to the clauses of a search. It only adds clauses and variables; deciding and
 * learning are left to the search.
 */
export interface Theory {
  /** Processes new assignments. Adds clauses for contradictions and implications that it finds. */
  readonly check: () => void;
  /** Undoes assignments of decision levels above a level. */
  readonly backtrack: (level: number) => void;
  /** Records that a new decision level begins. */
  readonly decide: () => void;
  /** Tells whether the search must decide a variable that has no value. */
  readonly wants: (variable: number) => boolean;
  /** Returns the value that a decision of the variable tries first. */
  readonly phase: (variable: number) => boolean;
  /**
   * Checks an assignment that satisfies all clauses. Returns false if it adds no clause and no
   * variable, which means that the theory finds no contradiction in the assignment.
   */
  readonly final: () => boolean;
}

export type Outcome = "refuted" | "open";

/**
 * Factor of Luby's sequence: its next element times this factor is the number of conflicts until
 * the next restart.
 */
const restartUnit = 64;

/**
 * Searches until the clauses are refuted, or until no clause is false and the theory adds nothing.
 */
export function search(solver: Solver, theory: Theory): Outcome {
  let nextRestart = restartUnit;
  let restarts = 0;
  let nextReduce = 1_000;
  for (;;) {
    const conflict = nextConflict(solver, theory);
    if (conflict !== undefined) {
      if (!resolve(solver, theory, conflict)) return "refuted";
      continue;
    }
    if (solver.propagated < solver.trail.length) continue;
    if (solver.conflicts >= nextRestart) {
      restarts++;
      nextRestart = solver.conflicts + restartUnit * luby(restarts);
      goBack(solver, theory, 0);
    }
    if (solver.conflicts >= nextReduce) {
      nextReduce = solver.conflicts + 1_000 + 100 * restarts;
      reduce(solver);
    }
    const variable = pick(solver, theory);
    if (variable >= 0) {
      decide(solver, theory, variable);
      continue;
    }
    if (!theory.final()) return "open";
  }
}

/**
 * Returns a false clause: one that was false when added, or one that propagation or the theory
 * found. Undefined if there is none.
 */
function nextConflict(solver: Solver, theory: Theory): Clause | undefined {
  const added = takeUnits(solver, theory) ?? takeFalsified(solver) ?? propagate(solver);
  if (added !== undefined) return added;
  theory.check();
  return takeUnits(solver, theory) ?? takeFalsified(solver);
}

/**
 * Makes the literals of unit clauses true at level 0. Returns a unit clause that is false;
 * undefined if there is none.
 */
function takeUnits(solver: Solver, theory: Theory): Clause | undefined {
  if (solver.units.length === 0) return undefined;
  goBack(solver, theory, 0);
  for (const clause of solver.units.splice(0)) {
    const [literal = 0] = clause.literals;
    const value = valueOf(solver, literal);
    if (value < 0) return clause;
    if (value === 0) enqueue(solver, literal, clause);
  }
  return undefined;
}

function takeFalsified(solver: Solver): Clause | undefined {
  const { falsified } = solver;
  for (let clause = falsified.pop(); clause !== undefined; clause = falsified.pop()) {
    spendParts(solver.budget, clause.literals.length);
    if (clause.literals.every((literal) => valueOf(solver, literal) < 0)) return clause;
  }
  return undefined;
}

function goBack(solver: Solver, theory: Theory, level: number): void {
  if (level >= currentLevel(solver)) return;
  backtrack(solver, level);
  theory.backtrack(level);
}

/**
 * Learns from a false clause and backtracks. Returns false if the clause is false at level 0: the
 * clauses are refuted.
 */
function resolve(solver: Solver, theory: Theory, conflict: Clause): boolean {
  solver.conflicts++;
  let top = 0;
  let second = 0;
  let topCount = 0;
  let topLiteral = 0;
  spendParts(solver.budget, conflict.literals.length);
  for (const literal of conflict.literals) {
    const level = levelOf(solver, literal);
    if (level > top) {
      second = top;
      top = level;
      topCount = 1;
      topLiteral = literal;
    } else if (level === top) topCount++;
    else if (level > second) second = level;
  }
  if (top === 0) {
    solver.refutation = analyzeRoot(solver, conflict);
    return false;
  }
  if (topCount === 1) {
    goBack(solver, theory, second);
    enqueue(solver, topLiteral, conflict);
    return true;
  }
  goBack(solver, theory, top);
  const learned = analyze(solver, conflict);
  goBack(solver, theory, learned.level);
  spendLemma(solver.budget);
  const origin = { type: "learned", antecedents: learned.antecedents } as const;
  addClause(solver, learned.literals, origin, learned.glue);
  return true;
}

/**
 * Number of variables up to which the queue fits the processor's cache, so that a look at a
 * variable costs less.
 */
const cachedMax = 4_096;

/** Returns the variable to decide next, or -1 if no variable needs a value. */
function pick(solver: Solver, theory: Theory): number {
  const { queue } = solver;
  const parts = solver.levels.length > cachedMax ? 4 : 1;
  let variable = queue.search;
  while (variable >= 0 && valueOf(solver, 2 * variable) !== 0) {
    spendParts(solver.budget, parts);
    variable = queue.previous[variable] ?? -1;
  }
  if (variable >= 0) queue.search = variable;
  while (variable >= 0 && (valueOf(solver, 2 * variable) !== 0 || !theory.wants(variable))) {
    spendParts(solver.budget, parts);
    variable = queue.previous[variable] ?? -1;
  }
  return variable;
}

function decide(solver: Solver, theory: Theory, variable: number): void {
  const phase = theory.phase(variable);
  solver.marks.push(solver.trail.length);
  theory.decide();
  enqueue(solver, 2 * variable + (phase ? 0 : 1), undefined);
}

/**
 * Removes half of the learned clauses that no assignment depends on. Clauses with literals of most
 * decision levels are removed first, and among equals the older ones. Clauses of two literals or
 * two levels stay.
 */
function reduce(solver: Solver): void {
  spendParts(solver.budget, 4 * (solver.reasons.length + solver.learned.length));
  const locked = new Set(solver.reasons);
  const worst = solver.learned
    .filter((clause) => clause.glue > 2 && clause.literals.length > 2 && !locked.has(clause))
    .toSorted((left, right) => right.glue - left.glue || left.node - right.node);
  for (const clause of worst.slice(0, worst.length / 2)) clause.isRemoved = true;
  const kept = solver.learned.filter((clause) => !clause.isRemoved);
  solver.learned.length = 0;
  for (const clause of kept) solver.learned.push(clause);
}

/**
 * Returns an element of Luby's sequence 1 1 2 1 1 2 4 ..., counted from 1 (Luby, Sinclair,
 * Zuckerman 1993).
 */
function luby(index: number): number {
  let at = index;
  for (;;) {
    let power = 1;
    while (2 * power <= at + 1) power *= 2;
    if (at + 1 === power) return power / 2;
    at -= power - 1;
  }
}
