import { type Budget, spendParts } from "../budget/budget.ts";
import { addDecision, createQueue, type DecisionQueue } from "./decision-queue.ts";
import { addNode, createLog, type Origin, type ProofLog } from "./proof-log.ts";

/**
 * State of a search with conflict-driven clause learning (Marques-Silva, Sakallah 1999; two watched
 * literals as in MiniSat, Een and Sorensson 2003). A literal is `2 * variable`, plus 1 when
 * negated.
 */
export interface Solver {
  readonly budget: Budget;
  readonly log: ProofLog;
  /** Values by literal: 1 true, -1 false, 0 unassigned. */
  readonly values: number[];
  /** Decision levels by variable. */
  readonly levels: number[];
  readonly reasons: (Clause | undefined)[];
  readonly phases: boolean[];
  readonly seen: boolean[];
  /** Clauses by the literals that they watch. */
  readonly watches: Watch[][];
  readonly trail: number[];
  /** Length of the trail before each decision. */
  readonly marks: number[];
  readonly queue: DecisionQueue;
  readonly learned: Clause[];
  /**
   * Clauses of one literal that were added above level 0. They are not watched; the search handles
   * them after it has gone back to level 0.
   */
  readonly units: Clause[];
  /** Clauses that were false when they were added. */
  readonly falsified: Clause[];
  propagated: number;
  conflicts: number;
  /** Nodes of the log from which the empty clause follows. Undefined until it is found. */
  refutation: readonly number[] | undefined;
}

export interface Clause {
  /** Literals; the first two are watched. */
  readonly literals: number[];
  /** Node of the clause in the log. */
  readonly node: number;
  /**
   * Number of decision levels among the literals when the clause was learned. 0 for a clause that
   * is never removed.
   */
  glue: number;
  isRemoved: boolean;
}

export interface Watch {
  readonly clause: Clause;
  /** Another literal of the clause. While it is true, the clause need not be visited. */
  blocker: number;
}

export function createSolver(budget: Budget): Solver {
  return {
    budget,
    log: createLog(),
    values: [],
    levels: [],
    reasons: [],
    phases: [],
    seen: [],
    watches: [],
    trail: [],
    marks: [],
    queue: createQueue(),
    learned: [],
    units: [],
    falsified: [],
    propagated: 0,
    conflicts: 0,
    refutation: undefined,
  };
}

/** Adds a variable. `phase` is the value that a decision tries first. */
export function addVariable(solver: Solver, phase: boolean): number {
  spendParts(solver.budget, 16);
  const variable = solver.levels.length;
  solver.values.push(0, 0);
  solver.levels.push(0);
  solver.reasons.push(undefined);
  solver.phases.push(phase);
  solver.seen.push(false);
  solver.watches.push([], []);
  addDecision(solver.queue, variable);
  return variable;
}

export function valueOf(solver: Solver, literal: number): number {
  return solver.values[literal] ?? 0;
}

export function levelOf(solver: Solver, literal: number): number {
  return solver.levels[literal >> 1] ?? 0;
}

/** Returns the current decision level: the number of decisions that are not undone. */
export function currentLevel(solver: Solver): number {
  return solver.marks.length;
}

/**
 * Makes an unassigned literal true. `reason` is the clause that implies it; undefined for a
 * decision.
 */
export function enqueue(solver: Solver, literal: number, reason: Clause | undefined): void {
  solver.values[literal] = 1;
  solver.values[literal ^ 1] = -1;
  solver.levels[literal >> 1] = solver.marks.length;
  solver.reasons[literal >> 1] = reason;
  solver.trail.push(literal);
}

/**
 * Adds a clause during the search, and assigns the literal that it implies under the current
 * assignment, if any. A false clause waits in `falsified`. A clause of one literal waits in `units`
 * if decisions are in force. Literals must be distinct, and no two may be opposite.
 */
export function addClause(
  solver: Solver,
  literals: readonly number[],
  origin: Origin,
  glue = 0,
): Clause {
  spendParts(solver.budget, 16 + 2 * literals.length);
  const node = addNode(solver.log, origin, literals);
  const clause: Clause = { literals: [...literals], node, glue, isRemoved: false };
  const size = literals.length;
  if (size > 0) moveBest(solver, clause.literals, 0);
  if (size > 1) {
    moveBest(solver, clause.literals, 1);
    attach(solver, clause);
  }
  if (glue > 0) solver.learned.push(clause);
  if (size === 1 && solver.marks.length > 0) {
    solver.units.push(clause);
    return clause;
  }
  const [first = -1, second = -1] = clause.literals;
  if (first < 0 || valueOf(solver, first) < 0) solver.falsified.push(clause);
  else if (valueOf(solver, first) === 0 && (second < 0 || valueOf(solver, second) < 0)) {
    enqueue(solver, first, clause);
  }
  return clause;
}

/**
 * Finds the best literal to watch among those at index `from` and later, and swaps it to that
 * index. A true literal is best, then an unassigned one, then the one that became false at the
 * highest level.
 */
function moveBest(solver: Solver, literals: number[], from: number): void {
  let best = from;
  for (let at = from + 1; at < literals.length; at++) {
    if (rank(solver, literals[at] ?? 0) > rank(solver, literals[best] ?? 0)) best = at;
  }
  const moved = literals[best] ?? 0;
  literals[best] = literals[from] ?? 0;
  literals[from] = moved;
}

function rank(solver: Solver, literal: number): number {
  const value = valueOf(solver, literal);
  return value < 0 ? levelOf(solver, literal) : Number.MAX_SAFE_INTEGER - 1 + value;
}

function attach(solver: Solver, clause: Clause): void {
  const [first = 0, second = 0] = clause.literals;
  solver.watches[first]?.push({ clause, blocker: second });
  solver.watches[second]?.push({ clause, blocker: first });
}

/** Undoes all assignments of decision levels above a level. */
export function backtrack(solver: Solver, level: number): void {
  if (solver.marks.length <= level) return;
  const mark = solver.marks[level] ?? 0;
  for (let at = solver.trail.length - 1; at >= mark; at--) {
    const literal = solver.trail[at] ?? 0;
    const variable = literal >> 1;
    solver.values[literal] = 0;
    solver.values[literal ^ 1] = 0;
    solver.reasons[variable] = undefined;
    solver.phases[variable] = (literal & 1) === 0;
    if (stampOf(solver, variable) > stampOf(solver, solver.queue.search)) {
      solver.queue.search = variable;
    }
  }
  solver.trail.length = mark;
  solver.marks.length = level;
  solver.propagated = Math.min(solver.propagated, mark);
}

function stampOf(solver: Solver, variable: number): number {
  return solver.queue.stamps[variable] ?? -1;
}
