import { VerifierError } from "../../errors.ts";
import type { Pointer, SolverExports } from "./solver-exports.ts";

/** What the solver said, before anybody confirmed it. */
export type Answer =
  | { readonly type: "unsat"; readonly spent: number }
  | { readonly type: "sat"; readonly spent: number; readonly model: Pointer }
  /** `exhausted`: the limit stopped it, so a larger one may decide. */
  | {
      readonly type: "unknown";
      readonly spent: number;
      readonly reason: string;
      readonly exhausted: boolean;
    };

/** Z3 reported an error while it read a script: an answer, not an exception. */
export interface ParseError {
  readonly type: "parse-error";
  readonly message: string;
}

/**
 * One context for one check.
 *
 * Terms are not released: the next `begin` puts the memory back as it was. References are counted
 * where Z3 would otherwise free an object while we still use it.
 */
export interface Session {
  readonly exports: SolverExports;
  readonly context: Pointer;
  /** Units of work spent in this session so far. Not free: it makes a solver to ask. */
  readonly spent: () => number;
  readonly symbol: (name: string) => Pointer;
  readonly numeral: (value: bigint, sort: Pointer) => Pointer;
  /** Calls `use` with the address of an array of pointers. */
  readonly array: (pointers: readonly Pointer[]) => Pointer;
  readonly text: (at: Pointer) => string;
  /** @throws VerifierError `SOLVER_ERROR` when the last calls left an error. */
  readonly check: (operation: string) => void;
  /** The formulas that a script asserts; throws `SOLVER_ERROR` on a script that does not parse. */
  readonly parse: (script: string) => readonly Pointer[];
  /** As `parse`, for a script that somebody else wrote. */
  readonly tryParse: (script: string) => readonly Pointer[] | ParseError;
  /** A solver of its own. `simple`: Z3's SMT core. `full`: its default portfolio of tactics. */
  readonly solver: (kind: SolverKind) => Solver;
  /** Value of a term in a model, completed where the model leaves it open. */
  readonly evaluate: (model: Pointer, term: Pointer) => Pointer | undefined;
}

export type SolverKind = "simple" | "full";

/** A stack of scopes with assertions. */
export interface Solver {
  readonly assert: (formulas: readonly Pointer[]) => void;
  readonly push: () => void;
  readonly pop: (scopes: number) => void;
  /**
   * Whether all that is asserted can hold. `limit`: units for this check alone, at least 1, since
   * 0 means none to Z3. What the answer says was `spent` is the whole session's.
   */
  readonly check: (limit: number) => Answer;
}

/** Binds a context of a running instance; `spent` is what it had spent before. */
export function createSession(options: {
  readonly exports: SolverExports;
  readonly bytes: Uint8Array;
  readonly context: Pointer;
  readonly spent: number;
}): Session {
  const { exports, bytes, context } = options;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const view = new DataView(bytes.buffer);

  function cString(text: string): Pointer {
    const encoded = encoder.encode(text);
    const at = allocate(encoded.length + 1);
    bytes.set(encoded, at);
    bytes[at + encoded.length] = 0;
    return at;
  }

  function allocate(size: number): Pointer {
    const at = exports.malloc(Math.max(size, 4));
    if (at === 0) throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: "out of memory" });
    return at;
  }

  function text(at: Pointer): string {
    if (at === 0) return "";
    const end = bytes.indexOf(0, at);
    // A copy: TextDecoder refuses memory that is shared.
    return decoder.decode(bytes.slice(at, end));
  }

  function error(): string | undefined {
    const code = exports.Z3_get_error_code(context);
    if (code === 0) return undefined;
    return text(exports.Z3_get_error_msg(context, code)) || `error ${code}`;
  }

  function check(operation: string): void {
    const message = error();
    if (message !== undefined)
      throw new VerifierError({ code: "SOLVER_ERROR", operation, message });
  }

  const symbol = (name: string): Pointer => exports.Z3_mk_string_symbol(context, cString(name));

  const array = (pointers: readonly Pointer[]): Pointer => {
    const at = allocate(pointers.length * 4);
    pointers.forEach((pointer, index) => view.setUint32(at + index * 4, pointer, true));
    return at;
  };

  function count(solver: Pointer): number {
    const stats = exports.Z3_solver_get_statistics(context, solver);
    exports.Z3_stats_inc_ref(context, stats);
    const size = exports.Z3_stats_size(context, stats);
    // It is among the last.
    for (let at = size - 1; at >= 0; at--) {
      if (text(exports.Z3_stats_get_key(context, stats, at)) !== "rlimit count") continue;
      const total =
        exports.Z3_stats_is_uint(context, stats, at) !== 0
          ? exports.Z3_stats_get_uint_value(context, stats, at) >>> 0
          : exports.Z3_stats_get_double_value(context, stats, at);
      exports.Z3_stats_dec_ref(context, stats);
      return total - options.spent;
    }
    throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: "no resource count" });
  }

  function createSolver(kind: SolverKind): Pointer {
    const solver =
      kind === "simple" ? exports.Z3_mk_simple_solver(context) : exports.Z3_mk_solver(context);
    exports.Z3_solver_inc_ref(context, solver);
    return solver;
  }

  function tryParse(script: string): readonly Pointer[] | ParseError {
    const vector = exports.Z3_parse_smtlib2_string(context, cString(script), 0, 0, 0, 0, 0, 0);
    const message = error();
    if (message !== undefined) return { type: "parse-error", message };
    exports.Z3_ast_vector_inc_ref(context, vector);
    const size = exports.Z3_ast_vector_size(context, vector);
    return Array.from({ length: size }, (_, at) => exports.Z3_ast_vector_get(context, vector, at));
  }

  function setLimit(solver: Pointer, limit: number): void {
    const params = exports.Z3_mk_params(context);
    exports.Z3_params_inc_ref(context, params);
    exports.Z3_params_set_uint(context, params, symbol("rlimit"), limit);
    exports.Z3_params_set_uint(context, params, symbol("random_seed"), 0);
    exports.Z3_solver_set_params(context, solver, params);
    exports.Z3_params_dec_ref(context, params);
    check("solver parameters");
  }

  function checkSolver(solver: Pointer, limit: number): Answer {
    setLimit(solver, limit);
    const result = exports.Z3_solver_check(context, solver);
    const message = error();
    const spent = count(solver);
    if (message !== undefined) return unknown(spent, message);
    if (result === -1) return { type: "unsat", spent };
    if (result === 1) {
      const model = exports.Z3_solver_get_model(context, solver);
      check("model");
      exports.Z3_model_inc_ref(context, model);
      return { type: "sat", spent, model };
    }
    return unknown(spent, text(exports.Z3_solver_get_reason_unknown(context, solver)));
  }

  function openSolver(kind: SolverKind): Solver {
    const solver = createSolver(kind);
    return {
      assert: (formulas) => {
        for (const formula of formulas) exports.Z3_solver_assert(context, solver, formula);
        check("assert");
      },
      push: () => exports.Z3_solver_push(context, solver),
      pop: (scopes) => {
        exports.Z3_solver_pop(context, solver, scopes);
        check("pop");
      },
      check: (limit) => checkSolver(solver, limit),
    };
  }

  function evaluate(model: Pointer, term: Pointer): Pointer | undefined {
    const out = allocate(4);
    const done = exports.Z3_model_eval(context, model, term, 1, out) !== 0;
    if (error() !== undefined) return undefined;
    return done ? view.getUint32(out, true) : undefined;
  }

  return {
    exports,
    context,
    spent: () => count(createSolver("simple")),
    symbol,
    numeral: (value, sort) => exports.Z3_mk_numeral(context, cString(String(value)), sort),
    array,
    text,
    check,
    parse: (script) => {
      const parsed = tryParse(script);
      if (!("type" in parsed)) return parsed;
      const message = parsed.message;
      throw new VerifierError({ code: "SOLVER_ERROR", operation: "parse", message });
    },
    tryParse,
    solver: openSolver,
    evaluate,
  };
}

function unknown(spent: number, reason: string): Answer {
  return { type: "unknown", spent, reason, exhausted: /resource limit|canceled/.test(reason) };
}
