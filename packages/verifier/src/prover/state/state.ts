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

/** How many bounds and merges stood at a decision. */
export interface TheoryMark {
  readonly bounds: number;
  readonly merges: number;
}

/** Everything that a search for one certificate knows. */
export interface SearchState {
  readonly budget: Budget;
  /** The kernel's view; steps extend it. */
  readonly problem: Problem;
  readonly solver: Solver;
  readonly simplex: Simplex;
  readonly forms: Forms;
  /** By variable; undefined for what is no atom. */
  readonly bounds: (AtomBounds | undefined)[];
  /** Whether new variables get bounds at once. */
  isBounded: boolean;
  /** Clauses of the problem in which a variable occurs. */
  readonly occurrences: Clause[][];
  readonly steps: Step[];
  /** How large the problem was before each step. */
  readonly sizes: ProblemSize[];
  /** Clauses that the log had before each step. */
  readonly logged: number[];
  /** How large the problem of the claim itself is. */
  readonly base: ProblemSize;
  /** The problem of the claim itself; undefined while it is `problem`. */
  original: Problem | undefined;
  /** Multiples of products of hypotheses, which reasons of the simplex name. */
  readonly products: Summand[];
  /** Variables that the search itself asked for. */
  readonly splits: Set<number>;
  /** Nodes that congruence is about, among the first `nodesTaken`. */
  readonly free: number[];
  nodesTaken: number;
  /** Congruences that have an instance, each as `left right`. */
  readonly congruences: Set<string>;
  readonly arrays: ArrayPairs;
  readonly equalities: Equalities;
  /** How many of the problem's clauses the solver has. */
  taken: number;
  /** Literals of the trail that the theories have seen. */
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
  // Variable 0 of the kernel is true, and stands in no clause.
  addClause(state.solver, [0], { type: "given", index: -1 });
  takeClauses(state, undefined);
  return state;
}

/** To be called before the problem is extended: keeps what the claim alone makes. */
export function keepOriginal(state: SearchState): void {
  state.original ??= copyProblem(state.problem, state.budget);
}

/** Makes the solver know all of the problem's variables. */
export function takeVariables(state: SearchState): void {
  const { problem, solver } = state;
  for (let variable = solver.levels.length; variable < problem.variables; variable++) {
    addVariable(solver, false);
    state.occurrences.push([]);
  }
}

/**
 * Makes the arithmetic know all atoms of the problem. The first time, `pure` says whether those
 * that only tell unknowns apart are left out.
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

/** Makes the solver know all of the problem's clauses. */
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
