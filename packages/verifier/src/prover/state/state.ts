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
import type { Step, Summand } from "./steps.ts";

/** Number of bounds and merges at a decision. */
export interface TheoryMark {
  readonly bounds: number;
  readonly merges: number;
}

/** State of the search for one certificate. */
export interface SearchState {
  readonly budget: Budget;
  /** Problem as the kernel sees it; steps extend it. */
  readonly problem: Problem;
  readonly solver: Solver;
  readonly simplex: Simplex;
  readonly forms: Forms;
  /** Bounds by variable; undefined for a variable that is not an atom. */
  readonly bounds: (AtomBounds | undefined)[];
  /** Whether new variables get bounds at once. */
  isBounded: boolean;
  /** Clauses of the problem by the variables that occur in them. */
  readonly occurrences: Clause[][];
  readonly steps: Step[];
  /** Sizes of the problem before each step. */
  readonly sizes: ProblemSize[];
  /** Lengths of the log before each step. */
  readonly logged: number[];
  /** Size of the claim's own problem. */
  readonly base: ProblemSize;
  /** Claim's own problem; undefined while it is `problem`. */
  original: Problem | undefined;
  /** Multiples of products of hypotheses, as reasons of the simplex. */
  readonly products: Summand[];
  /** Variables that the search itself asked for. */
  readonly splits: Set<number>;
  /** Nodes that congruence may concern, among the first `nodesTaken`. */
  readonly free: number[];
  nodesTaken: number;
  /** Congruences with an instance, each as `left right`. */
  readonly congruences: Set<string>;
  readonly arrays: ArrayPairs;
  readonly equalities: Equalities;
  /** Number of the problem's clauses that the solver has. */
  taken: number;
  /** Number of literals of the trail that the theories have seen. */
  head: number;
  /** Marks of each decision. */
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
    products: [],
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

/** Keeps the claim's own problem. It MUST be called before the problem is extended. */
export function keepOriginal(state: SearchState): void {
  state.original ??= copyProblem(state.problem, state.budget);
}

/** Adds all of the problem's variables to the solver. */
export function takeVariables(state: SearchState): void {
  const { problem, solver } = state;
  for (let variable = solver.levels.length; variable < problem.variables; variable++) {
    addVariable(solver, false);
    state.occurrences.push([]);
  }
}

/**
 * Adds all atoms of the problem to the arithmetic. The first time, `pure` says whether those that
 * only tell unknowns apart are left out.
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

/** Adds all of the problem's clauses to the solver. */
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

/** Notes a step and returns its number. */
export function addStep(state: SearchState, step: Step): number {
  state.sizes.push(sizeOf(state.problem));
  state.logged.push(state.solver.log.nodes.length);
  spendLemma(state.budget);
  return state.steps.push(step) - 1;
}
