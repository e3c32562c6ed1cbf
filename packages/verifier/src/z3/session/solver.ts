import { VerifierError } from "../../errors.ts";
import type { Heap } from "./heap.ts";
import type { Pointer, SolverExports } from "./solver-exports.ts";

/** Answer of the solver that is not confirmed yet. */
export type Answer =
  | { readonly type: "unsat"; readonly spent: number }
  | { readonly type: "sat"; readonly spent: number; readonly model: Pointer }
  /** Search without an answer. `exhausted`: the limit ended it, so a higher limit might decide. */
  | {
      readonly type: "unknown";
      readonly spent: number;
      readonly reason: string;
      readonly exhausted: boolean;
    };

/** Kind of a solver: Z3's SMT core, or its default portfolio of tactics. */
export type SolverKind = "simple" | "full";

/** Solver with a stack of scopes, each with its assertions. */
export interface Solver {
  readonly assert: (formulas: readonly Pointer[]) => void;
  readonly push: () => void;
  readonly pop: (scopes: number) => void;
  /**
   * Checks whether all assertions can hold together. `limit` is in units and for this check alone.
   * It must be at least 1, because 0 means no limit to Z3. `spent` in the answer counts the units
   * of the whole session.
   */
  readonly check: (limit: number) => Answer;
}

/** Z3 context of a solver, with what is needed to call Z3's functions on it. */
export interface Context {
  readonly exports: SolverExports;
  readonly heap: Heap;
  readonly context: Pointer;
  /** Resource units that the Z3 context had counted before this session used it. */
  readonly spentBefore: number;
}

/** Creates a solver without assertions. */
export function openSolver(at: Context, kind: SolverKind): Solver {
  const { exports, context } = at;
  const solver = createSolver(at, kind);
  return {
    assert: (formulas) => {
      for (const formula of formulas) exports.Z3_solver_assert(context, solver, formula);
      requireNoError(at, "assert");
    },
    push: () => exports.Z3_solver_push(context, solver),
    pop: (scopes) => {
      exports.Z3_solver_pop(context, solver, scopes);
      requireNoError(at, "pop");
    },
    check: (limit) => checkSolver(at, solver, limit),
  };
}

/** Returns the units that were spent in a context. Creates a solver to read the count. */
export function spentIn(at: Context): number {
  return countOf(at, createSolver(at, "simple"));
}

/** Returns the message of the error that the last call left; undefined if it left none. */
export function errorOf({ exports, context, heap }: Context): string | undefined {
  const code = exports.Z3_get_error_code(context);
  if (code === 0) return undefined;
  return heap.readText(exports.Z3_get_error_msg(context, code)) || `error ${code}`;
}

/**
 * Checks that the last call left no error.
 *
 * @throws VerifierError `SOLVER_ERROR` if it left one.
 */
export function requireNoError(at: Context, operation: string): void {
  const message = errorOf(at);
  if (message !== undefined) throw new VerifierError({ code: "SOLVER_ERROR", operation, message });
}

function createSolver({ exports, context }: Context, kind: SolverKind): Pointer {
  const solver =
    kind === "simple" ? exports.Z3_mk_simple_solver(context) : exports.Z3_mk_solver(context);
  exports.Z3_solver_inc_ref(context, solver);
  return solver;
}

function checkSolver(at: Context, solver: Pointer, limit: number): Answer {
  const { exports, context, heap } = at;
  setLimit(at, solver, limit);
  const result = exports.Z3_solver_check(context, solver);
  const message = errorOf(at);
  const spent = countOf(at, solver);
  if (message !== undefined) return unknown(spent, message);
  if (result === -1) return { type: "unsat", spent };
  if (result === 1) {
    const model = exports.Z3_solver_get_model(context, solver);
    requireNoError(at, "model");
    exports.Z3_model_inc_ref(context, model);
    return { type: "sat", spent, model };
  }
  return unknown(spent, heap.readText(exports.Z3_solver_get_reason_unknown(context, solver)));
}

function setLimit(at: Context, solver: Pointer, limit: number): void {
  const { exports, context, heap } = at;
  const params = exports.Z3_mk_params(context);
  const set = (name: string, value: number): void => {
    const key = exports.Z3_mk_string_symbol(context, heap.writeText(name));
    exports.Z3_params_set_uint(context, params, key, value);
  };
  exports.Z3_params_inc_ref(context, params);
  set("rlimit", limit);
  set("random_seed", 0);
  exports.Z3_solver_set_params(context, solver, params);
  exports.Z3_params_dec_ref(context, params);
  requireNoError(at, "solver parameters");
}

/**
 * Returns the resource units in the solver's statistics, without those that the context had counted
 * before this session used it.
 */
function countOf({ exports, context, heap, spentBefore }: Context, solver: Pointer): number {
  const stats = exports.Z3_solver_get_statistics(context, solver);
  exports.Z3_stats_inc_ref(context, stats);
  const size = exports.Z3_stats_size(context, stats);
  // It is among the last entries.
  for (let at = size - 1; at >= 0; at--) {
    if (heap.readText(exports.Z3_stats_get_key(context, stats, at)) !== "rlimit count") continue;
    const total =
      exports.Z3_stats_is_uint(context, stats, at) !== 0
        ? exports.Z3_stats_get_uint_value(context, stats, at) >>> 0
        : exports.Z3_stats_get_double_value(context, stats, at);
    exports.Z3_stats_dec_ref(context, stats);
    return total - spentBefore;
  }
  throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: "no resource count" });
}

function unknown(spent: number, reason: string): Answer {
  return { type: "unknown", spent, reason, exhausted: /resource limit|canceled/.test(reason) };
}
