import { SCRIPT_MODEL_ENTRIES_MAX, SCRIPT_MODEL_VALUE_LENGTH_MAX } from "../../limits.ts";
import { FuelExhausted } from "../fuel/gauge.ts";
import type { SolverInstance } from "../instance/solver-instance.ts";
import type { Session } from "../session/session.ts";
import type { SolverKind } from "../session/solver.ts";
import type { Pointer } from "../session/solver-exports.ts";

/** Answer of Z3 to a screened script. */
export type ScriptAnswer =
  /** Script that Z3 could not read. */
  | { readonly type: "rejected"; readonly message: string }
  | { readonly type: "unsat"; readonly spent: number }
  /** Model in which every assertion is true, as Z3's evaluator confirms. */
  | { readonly type: "sat"; readonly spent: number; readonly values: ReadonlyMap<string, string> }
  | {
      readonly type: "unknown";
      readonly spent: number;
      readonly reason: string;
      readonly exhausted: boolean;
    };

/**
 * Solves a printed script (declarations and assertions, no other commands) on a fresh context.
 *
 * Z3's default portfolio of tactics is asked first. It tries some nonlinear engines for some
 * milliseconds, for which it needs a timer. The sealed solver refuses the timer, so the portfolio
 * gives up at the same point every time; the SMT core alone then gets the rest of the limit. If the
 * fuel for work that Z3 does not count is exhausted, the answer is the same as for an exhausted
 * limit.
 */
export function checkScript(instance: SolverInstance, script: string, limit: number): ScriptAnswer {
  try {
    return check(instance, script, limit);
  } catch (error) {
    if (error instanceof FuelExhausted) return exhausted(limit);
    throw error;
  }
}

function check(instance: SolverInstance, script: string, limit: number): ScriptAnswer {
  const first = attempt(instance, { script, limit, kind: "full" });
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
}

function attempt(instance: SolverInstance, { script, limit, kind }: Attempt): ScriptAnswer {
  const session = instance.begin("script");
  const formulas = session.tryParse(script);
  if ("type" in formulas) return { type: "rejected", message: formulas.message };

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
    if (value === 0 || !isSmall(session, value)) continue;
    const text = session.text(exports.Z3_ast_to_string(context, value));
    if (text.length <= SCRIPT_MODEL_VALUE_LENGTH_MAX) values.set(name, text);
  }
  return values;
}

/**
 * Tells whether a value has few nodes, each counted as often as it is printed. Z3 prints a shared
 * term at each of its places: a chain of 300 stores gives two megabytes, which take 2.6 s.
 */
function isSmall({ exports, context }: Session, value: Pointer): boolean {
  const open = [value];
  for (let nodes = 0; nodes < SCRIPT_MODEL_VALUE_LENGTH_MAX; nodes++) {
    const next = open.pop();
    if (next === undefined) return true;
    if (exports.Z3_get_ast_kind(context, next) !== APPLICATION) continue;
    const count = exports.Z3_get_app_num_args(context, next);
    if (count > SCRIPT_MODEL_VALUE_LENGTH_MAX) return false;
    for (let at = 0; at < count; at++) open.push(exports.Z3_get_app_arg(context, next, at));
  }
  return false;
}

/** Value of `Z3_APP_AST` in Z3's enumeration of term kinds. */
const APPLICATION = 1;
