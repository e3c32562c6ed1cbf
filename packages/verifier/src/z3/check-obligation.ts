import type { Obligation } from "../obligation.ts";
import type { TermValue } from "../term.ts";
import type { SolverInstance } from "./instance.ts";
import type { Session } from "./session.ts";
import type { Pointer } from "./solver-exports.ts";
import { createTermBuilder } from "./term-builder.ts";

/** What Z3 says about an obligation's formula; nobody has confirmed a model yet. */
export type ObligationAnswer =
  /** No model of the assumptions and the negated goal (of `satisfiable`: of the assumptions). */
  | { readonly type: "unsat"; readonly spent: number }
  /** A model: the values of the observed terms. */
  | {
      readonly type: "sat";
      readonly spent: number;
      readonly values: ReadonlyMap<string, TermValue>;
    }
  /** `exhausted`: the limit stopped it, so a larger one may decide. */
  | {
      readonly type: "unknown";
      readonly spent: number;
      readonly reason: string;
      readonly exhausted: boolean;
    };

/** Asks Z3 about one obligation on a fresh context. Pure in (obligation, limit). */
export function checkObligation(
  instance: SolverInstance,
  obligation: Obligation,
  limit: number,
): ObligationAnswer {
  const session = instance.begin("formula");
  const build = createTermBuilder(session);
  const formulas = obligation.assumptions.map(build);
  if (obligation.kind !== "satisfiable") {
    formulas.push(build({ type: "not", operand: obligation.goal }));
  }
  const observed = [...obligation.observed].map(([name, term]) => ({ name, at: build(term) }));

  const left = limit - session.spent();
  if (left < 1) return { type: "unknown", spent: limit, reason: "resource limit", exhausted: true };
  const answer = session.solve({ formulas, solver: "simple", limit: left });
  if (answer.spent > limit || (answer.type === "unknown" && isExhausted(answer.reason))) {
    return { type: "unknown", spent: limit, reason: "resource limit", exhausted: true };
  }
  if (answer.type === "unsat") return answer;
  if (answer.type === "unknown") return { ...answer, exhausted: false };

  const values = new Map<string, TermValue>();
  for (const { name, at } of observed) {
    const value = readValue(session, answer.model, at);
    if (value !== undefined) values.set(name, value);
  }
  return { type: "sat", spent: answer.spent, values };
}

/** Whether Z3's reason for giving up is the resource limit. */
export function isExhausted(reason: string): boolean {
  return /resource limit|canceled/.test(reason);
}

function readValue(session: Session, model: Pointer, term: Pointer): TermValue | undefined {
  const { exports, context } = session;
  const value = session.evaluate(model, term);
  if (value === undefined) return undefined;
  if (exports.Z3_is_numeral_ast(context, value) !== 0) {
    const digits = session.text(exports.Z3_get_numeral_string(context, value));
    return /^-?[0-9]+$/.test(digits) ? BigInt(digits) : undefined;
  }
  const truth = exports.Z3_get_bool_value(context, value);
  if (truth === 0) return undefined;
  return truth === 1;
}
