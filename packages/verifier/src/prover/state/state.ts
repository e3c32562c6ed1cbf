import type { Problem } from "../../kernel/problem.ts";
import { type Budget, spendLemma, spendParts } from "../budget/budget.ts";
import { type ArrayPairs, createArrayPairs } from "../equalities/array-pairs.ts";
import {
  createEqualities,
  type Equalities,
  takeKinds,
  takePairs,
} from "../equalities/equalities.ts";
import {
  addClause,
  addVariable,
  type Clause,
  createSolver,
  type Solver,
} from "../search/solver.ts";
import { type AtomBounds, boundsOf, createForms, type Forms } from "../simplex/forms.ts";
import { createSimplex, type Simplex } from "../simplex/simplex.ts";
import { copyProblem } from "./copy-problem.ts";
import { type ProblemSize, sizeOf } from "./problem-size.ts";
import type { Step } from "./steps.ts";

/** Numbers of asserted bounds and of merged classes at the time of a decision. */
export interface TheoryMark {
  readonly bounds: number;
  readonly merges: number;
}

/** State of the search for one certificate. */
export interface SearchState {
  readonly budget: Budget;
  /**
   * Clauses and terms of the claim, built by the kernel's code. Steps of the certificate extend
   * them.
   */
  readonly problem: Problem;
  readonly solver: Solver;
  readonly simplex: Simplex;
  readonly forms: Forms;
  /**
   * Bounds by variable. Undefined for a variable that is no atom, and for one that the simplex
   * lacks.
   */
  readonly bounds: (AtomBounds | undefined)[];
  /**
   * Whether a new atom gets its bounds in the simplex at once. False until `takeAtoms` is first
   * called.
   */
  isBounded: boolean;
  /** Clauses of the problem by the variables that occur in them. */
  readonly occurrences: Clause[][];
  readonly steps: Step[];
  /** Size of the problem before each step. */
  readonly sizes: ProblemSize[];
  /** Length of the proof log before each step. */
  readonly logged: number[];
  /** Size of the problem that the kernel builds from the claim, before any step extends it. */
  readonly base: ProblemSize;
  /** Copy of `problem` as it was before the first step extended it. Undefined until that step. */
  original: Problem | undefined;
  /** Variables on which the search splits cases. The search must decide them. */
  readonly splits: Set<number>;
  /** Nodes to which a congruence may apply, among the first `nodesTaken`. */
  readonly free: number[];
  nodesTaken: number;
  /** Pairs of nodes whose congruence was added, each as `left right`. */
  readonly congruences: Set<string>;
  readonly arrays: ArrayPairs;
  readonly equalities: Equalities;
  /** Number of the problem's clauses that the solver has already. */
  taken: number;
  /** Number of literals of the trail that the theories have processed. */
  head: number;
  /**
   * Numbers of bounds and merges at each decision that has not been undone. Backtracking returns to
   * them.
   */
  readonly marks: TheoryMark[];
}

export function createState(problem: Problem, budget: Budget): SearchState {
  const simplex = createSimplex(budget);
  const state: SearchState = {
    budget,
    problem,
    solver: createSolver(budget),
    simplex,
    forms: createForms(simplex, problem),
    bounds: [],
    isBounded: false,
    occurrences: [],
    steps: [],
    sizes: [],
    logged: [],
    base: sizeOf(problem),
    original: undefined,
    splits: new Set(),
    free: [],
    nodesTaken: 0,
    congruences: new Set(),
    arrays: createArrayPairs(),
    equalities: createEqualities(budget),
    taken: 0,
    head: 0,
    marks: [],
  };
  takeVariables(state);
  // Variable 0 of the kernel is true, and occurs in no clause.
  addClause(state.solver, [0], { type: "given", index: -1 });
  takeClauses(state, undefined);
  return state;
}

/**
 * Keeps a copy of `problem` as `original` if there is none yet. MUST be called before the problem
 * is extended.
 */
export function keepOriginal(state: SearchState): void {
  state.original ??= copyProblem(state.problem, state.budget);
}

/** Adds the problem's new variables to the solver. */
export function takeVariables(state: SearchState): void {
  const { problem, solver } = state;
  for (let variable = solver.levels.length; variable < problem.variables; variable++) {
    addVariable(solver, false);
    state.occurrences.push([]);
  }
}

/**
 * Adds the problem's new atoms to the arithmetic. `pure` matters only in the first call: with
 * `some`, atoms that only compare unknowns for equality are left out.
 */
export function takeAtoms(state: SearchState, pure: "some" | "none" = "none"): void {
  const { problem, bounds, forms } = state;
  if (!state.isBounded && pure === "some") takeKinds(state.equalities, problem);
  state.isBounded = true;
  for (let variable = bounds.length; variable < problem.variables; variable++) {
    const atom = problem.atoms[variable];
    spendParts(state.budget, 4);
    const isNumber = atom !== undefined && !state.equalities.pureAtoms.has(variable);
    bounds.push(isNumber ? boundsOf(forms, atom, variable) : undefined);
  }
}

/**
 * Adds the problem's new clauses to the solver. `step` is the step that made them; undefined for
 * the clauses of the claim.
 */
export function takeClauses(state: SearchState, step: number | undefined): void {
  takeVariables(state);
  const { problem, solver } = state;
  takePairs(state.equalities, problem, state.taken);
  if (state.isBounded) takeAtoms(state);
  for (; state.taken < problem.clauses.length; state.taken++) {
    const literals = problem.clauses[state.taken] ?? [];
    const origin =
      step === undefined
        ? ({ type: "given", index: state.taken } as const)
        : ({ type: "lemma", step } as const);
    const clause = addClause(solver, literals, origin);
    for (const literal of literals) state.occurrences[literal >> 1]?.push(clause);
  }
}

/** Adds a step and returns its number. MUST be called before the step extends the problem. */
export function addStep(state: SearchState, step: Step): number {
  state.sizes.push(sizeOf(state.problem));
  state.logged.push(state.solver.log.nodes.length);
  spendLemma(state.budget);
  return state.steps.push(step) - 1;
}
