import { SCRIPT_MODEL_ENTRIES_MAX, SCRIPT_MODEL_VALUE_LENGTH_MAX } from "../judge/limits.ts";
import type { Session, SolverKind } from "./session.ts";
import type { Pointer } from "./solver-exports.ts";
import type { SolverInstance } from "./solver-instance.ts";
import { coercesTruth, hasUnitConditional } from "./sort-coercion.ts";

/** What Z3 makes of a screened script. */
export type ScriptAnswer =
  /** Z3 would not read it, or read into it what is not there: undeclared names, wrong sorts. */
  | { readonly type: "rejected"; readonly code: "solver" | "sort"; readonly message: string }
  | { readonly type: "unsat"; readonly spent: number }
  /** A model that makes every assertion true: Z3's evaluator agrees with its solver. */
  | { readonly type: "sat"; readonly spent: number; readonly values: ReadonlyMap<string, string> }
  | {
      readonly type: "unknown";
      readonly spent: number;
      readonly reason: string;
      readonly exhausted: boolean;
    };

/**
 * Solves a canonical script (declarations and assertions, no commands) on a fresh context.
 *
 * First by Z3's portfolio. Where that wants wall-clock timers (it tries some nonlinear engines for
 * so many milliseconds) the sealed solver refuses the timer, the portfolio gives up at the same
 * point every time, and the SMT core alone gets what is left of the limit.
 */
export function checkScript(
  instance: SolverInstance,
  script: string,
  options: {
    readonly limit: number;
    /** The script again, without the numeral 1. */
    readonly probe: () => string;
  },
): ScriptAnswer {
  const { limit, probe } = options;
  const first = attempt(instance, { script, limit, kind: "full", probe });
  if (first.type !== "unknown" || !wantedTimer.test(first.reason)) return first;
  const rest = limit - first.spent;
  if (rest < 1) return exhausted(limit);
  const second = attempt(instance, { script, limit: rest, kind: "simple" });
  if (second.type === "rejected") return second;
  return { ...second, spent: first.spent + second.spent };
}

const wantedTimer = /thread constructor failed/;

interface Attempt {
  readonly script: string;
  readonly limit: number;
  readonly kind: SolverKind;
  /** Given where truth values in the place of numbers must be looked for. */
  readonly probe?: () => string;
}

function attempt(instance: SolverInstance, what: Attempt): ScriptAnswer {
  const { script, limit, kind, probe } = what;
  let session = instance.begin("script");
  let formulas = session.tryParse(script);
  if ("type" in formulas) return { type: "rejected", code: "solver", message: formulas.message };
  if (probe !== undefined && hasUnitConditional(session, formulas)) {
    if (coercesTruth(instance, probe())) {
      const message = "a truth value stands where a number is needed";
      return { type: "rejected", code: "sort", message };
    }
    // Looking closer took the solver's memory, so from the start again.
    session = instance.begin("script");
    formulas = session.parse(script);
  }

  const solver = session.solver(kind);
  solver.assert(formulas);
  const answer = solver.check(limit);
  if (answer.spent > limit) return exhausted(limit);
  if (answer.type === "unsat") return answer;
  if (answer.type === "unknown") {
    return answer.exhausted ? exhausted(limit) : answer;
  }
  if (confirms(session, formulas, answer.model)) {
    return { type: "sat", spent: answer.spent, values: readModel(session, answer.model) };
  }
  const reason = "a model that evaluation does not confirm";
  return { type: "unknown", spent: answer.spent, reason, exhausted: false };
}

function exhausted(limit: number): ScriptAnswer {
  return { type: "unknown", spent: limit, reason: "resource limit", exhausted: true };
}

function confirms(session: Session, formulas: readonly Pointer[], model: Pointer): boolean {
  const { exports, context } = session;
  return formulas.every((formula) => {
    const value = session.evaluate(model, formula);
    return value !== undefined && exports.Z3_get_bool_value(context, value) === 1;
  });
}

function readModel(session: Session, model: Pointer): ReadonlyMap<string, string> {
  const { exports, context } = session;
  const values = new Map<string, string>();
  const count = exports.Z3_model_get_num_consts(context, model);
  for (let at = 0; at < Math.min(count, SCRIPT_MODEL_ENTRIES_MAX); at++) {
    const decl = exports.Z3_model_get_const_decl(context, model, at);
    const symbol = exports.Z3_get_decl_name(context, decl);
    const name = session.text(exports.Z3_get_symbol_string(context, symbol));
    const value = exports.Z3_model_get_const_interp(context, model, decl);
    if (value === 0) continue;
    const text = session.text(exports.Z3_ast_to_string(context, value));
    if (text.length <= SCRIPT_MODEL_VALUE_LENGTH_MAX) values.set(name, text);
  }
  return values;
}
