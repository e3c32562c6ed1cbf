import { VerifierError } from "../../errors.ts";
import { createHeap } from "./heap.ts";
import {
  errorOf,
  openSolver,
  requireNoError,
  type Solver,
  type SolverKind,
  spentIn,
} from "./solver.ts";
import type { Pointer, SolverExports } from "./solver-exports.ts";

/** Error that Z3 reported while it read a script. It is an answer, not an exception. */
export interface ParseError {
  readonly type: "parse-error";
  readonly message: string;
}

/**
 * Session for checks on a Z3 context of its own.
 *
 * Terms are never freed, because the next `begin` restores the memory. References are counted only
 * for objects that Z3 would otherwise free while they are in use.
 */
export interface Session {
  readonly exports: SolverExports;
  readonly context: Pointer;
  /**
   * Returns the units spent in this session so far. It creates a solver to read the count, which
   * takes time.
   */
  readonly spent: () => number;
  readonly symbol: (name: string) => Pointer;
  readonly numeral: (value: bigint, sort: Pointer) => Pointer;
  /** Writes an array of pointers to the solver's memory, and returns its address. */
  readonly array: (pointers: readonly Pointer[]) => Pointer;
  readonly text: (at: Pointer) => string;
  /**
   * Checks that the last call left no error.
   *
   * @throws VerifierError `SOLVER_ERROR` if it left one.
   */
  readonly check: (operation: string) => void;
  /**
   * Parses a script, and returns the formulas that it asserts.
   *
   * @throws VerifierError `SOLVER_ERROR` if it does not parse.
   */
  readonly parse: (script: string) => readonly Pointer[];
  /** Parses a submitter's script. A syntax error is returned, not thrown. */
  readonly tryParse: (script: string) => readonly Pointer[] | ParseError;
  /** Creates a new solver. `simple`: Z3's SMT core. `full`: its default portfolio of tactics. */
  readonly solver: (kind: SolverKind) => Solver;
  /**
   * Returns the value of a term in a model. Values that the model leaves open are chosen by Z3.
   * Undefined after an error.
   */
  readonly evaluate: (model: Pointer, term: Pointer) => Pointer | undefined;
}

/**
 * Creates a session on a context of a running instance. `spent` is the number of resource units
 * that the context had counted before.
 */
export function createSession(options: {
  readonly exports: SolverExports;
  readonly bytes: Uint8Array;
  readonly context: Pointer;
  readonly spent: number;
}): Session {
  const { exports, bytes, context } = options;
  const heap = createHeap(exports, bytes);
  const at = { exports, heap, context, spentBefore: options.spent };

  function tryParse(script: string): readonly Pointer[] | ParseError {
    const text = heap.writeText(script);
    const vector = exports.Z3_parse_smtlib2_string(context, text, 0, 0, 0, 0, 0, 0);
    const message = errorOf(at);
    if (message !== undefined) return { type: "parse-error", message };
    exports.Z3_ast_vector_inc_ref(context, vector);
    const size = exports.Z3_ast_vector_size(context, vector);
    return Array.from({ length: size }, (_, item) =>
      exports.Z3_ast_vector_get(context, vector, item),
    );
  }

  return {
    exports,
    context,
    spent: () => spentIn(at),
    symbol: (name) => exports.Z3_mk_string_symbol(context, heap.writeText(name)),
    numeral: (value, sort) => exports.Z3_mk_numeral(context, heap.writeText(String(value)), sort),
    array: heap.writePointers,
    text: heap.readText,
    check: (operation) => requireNoError(at, operation),
    parse: (script) => {
      const parsed = tryParse(script);
      if (!("type" in parsed)) return parsed;
      const message = parsed.message;
      throw new VerifierError({ code: "SOLVER_ERROR", operation: "parse", message });
    },
    tryParse,
    solver: (kind) => openSolver(at, kind),
    evaluate: (model, term) => {
      const out = heap.allocate(4);
      const done = exports.Z3_model_eval(context, model, term, 1, out) !== 0;
      if (errorOf(at) !== undefined) return undefined;
      return done ? heap.readPointer(out) : undefined;
    },
  };
}
