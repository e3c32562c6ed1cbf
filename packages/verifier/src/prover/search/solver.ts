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
  /** Values by literal: 1 true, -1 false, 0 open. */
  readonly values: number[];
  /** Decision levels by variable. */
  readonly levels: number[];
  readonly reasons: (Clause | undefined)[];
  readonly phases: boolean[];
  readonly seen: boolean[];
  /** Clauses by the literals that they watch. */
  readonly watches: Watch[][];
  readonly trail: number[];
  /** Length of the trail at each decision. */
  readonly marks: number[];
  readonly queue: DecisionQueue;
  readonly learned: Clause[];
  /** Clauses of one literal that were added above level 0: nothing watches them. */
  readonly units: Clause[];
  /** Clauses that were false when they were added. */
  readonly falsified: Clause[];
  propagated: number;
  conflicts: number;
  /** Antecedents of the empty clause; undefined until it is found. */
  refutation: readonly number[] | undefined;
}

export interface Clause {
  /** Literals; the first two are watched. */
  readonly literals: number[];
  /** Node of the clause in the log. */
  readonly node: number;
  /** Number of decision levels at which the clause was learned; 0 for a clause that stays. */
  glue: number;
  isRemoved: boolean;
}

export interface Watch {
  readonly clause: Clause;
  /** Another literal of the clause; while it is true the clause need not be visited. */
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

/** Adds a variable with the value that decisions give it first. */
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

/** Returns the number of decisions in force. */
export function currentLevel(solver: Solver): number {
  return solver.marks.length;
}

/** Makes a literal true; it was open. */
export function enqueue(solver: Solver, literal: number, reason: Clause | undefined): void {
  solver.values[literal] = 1;
  solver.values[literal ^ 1] = -1;
  solver.levels[literal >> 1] = solver.marks.length;
  solver.reasons[literal >> 1] = reason;
  solver.trail.push(literal);
}

/**
 * Adds a clause during the search, and what it implies at once. A false clause waits in
 * `falsified`; one with a single literal waits in `units` while decisions are in force. Literals
 * are distinct and no two are opposite.
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
 * Moves the best literal to watch to a place, from those after it: true, then open, then latest
 * false.
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

/** Takes back all assignments above a level. */
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
