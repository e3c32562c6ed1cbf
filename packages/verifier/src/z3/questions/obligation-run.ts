import type { Obligation } from "../../obligation.ts";
import type { Term, TermValue } from "../../term.ts";
import { FuelExhausted } from "../fuel/gauge.ts";
import type { SolverInstance } from "../instance/solver-instance.ts";
import type { Session } from "../session/session.ts";
import type { Solver } from "../session/solver.ts";
import type { Pointer } from "../session/solver-exports.ts";
import { createTermBuilder } from "../session/term-builder.ts";

/** Answer of Z3 to an obligation. A model is not confirmed yet. */
export type ObligationAnswer =
  /**
   * Proof that the assumptions and the negated goal have no model (for `satisfiable`: that the
   * assumptions have none).
   */
  | { readonly type: "unsat"; readonly spent: number }
  /** Model that Z3 found. `values` has the values of the terms in `Question.observed`. */
  | {
      readonly type: "sat";
      readonly spent: number;
      readonly values: ReadonlyMap<string, TermValue>;
    }
  /** Search without an answer. `exhausted`: the limit ended it, so a higher limit might decide. */
  | {
      readonly type: "unknown";
      readonly spent: number;
      readonly reason: string;
      readonly exhausted: boolean;
    };

/**
 * Run that checks obligations one after the other in one session of the solver.
 *
 * Obligations of an intent share nearly all their assumptions. Assumptions that the next obligation
 * shares with the last one stay asserted, with everything that the solver has learnt from them.
 * Measured: this takes a third of the time that a separate session for each obligation takes. An
 * answer is a pure function of all questions since the run began.
 */
export interface ObligationRun {
  readonly check: (question: Question, limit: number) => ObligationAnswer;
}

/** Question to the solver: an obligation, its cut (see `Cut`), or a lemma of the cut. */
export interface Question extends Pick<Obligation, "assumptions" | "goal" | "observed"> {
  readonly kind: Obligation["kind"] | "lemma";
}

interface Open {
  readonly session: Session;
  readonly solver: Solver;
  readonly build: (term: Term) => Pointer;
  /** Formulas that are asserted in the solver, in their order. */
  readonly asserted: Term[];
  /** Number of asserted formulas at the beginning of each scope. */
  readonly scopes: number[];
  spent: number;
}

/** Creates a run. No other session of the instance may begin while the run is used. */
export function createObligationRun(instance: SolverInstance): ObligationRun {
  let open: Open | undefined;

  function check(question: Question, limit: number): ObligationAnswer {
    try {
      return checkCounted(question, limit);
    } catch (error) {
      if (!(error instanceof FuelExhausted)) throw error;
      open = undefined;
      return { type: "unknown", spent: limit, reason: "resource limit", exhausted: true };
    }
  }

  function checkCounted(question: Question, limit: number): ObligationAnswer {
    open ??= start(instance);
    const before = open.spent;
    const answer = ask(open, question, limit);
    const spent = open.spent - before;
    // The state after a check that gave up is not reused.
    if (answer.type === "unknown") open = undefined;
    if (spent > limit || (answer.type === "unknown" && answer.exhausted)) {
      open = undefined;
      return { type: "unknown", spent: limit, reason: "resource limit", exhausted: true };
    }
    return { ...answer, spent };
  }

  return { check };
}

function start(instance: SolverInstance): Open {
  const session = instance.begin("formula");
  const solver = session.solver("simple");
  const build = createTermBuilder(session);
  return { session, solver, build, asserted: [], scopes: [], spent: 0 };
}

function ask(open: Open, question: Question, limit: number): ObligationAnswer {
  const { session, solver, build } = open;
  assume(open, question.assumptions);
  const observed = [...question.observed].map(([name, term]) => ({ name, at: build(term) }));
  const negated = { type: "not", operand: question.goal } as const;
  solver.push();
  if (question.kind !== "satisfiable") solver.assert([build(negated)]);
  const answer = solver.check(limit);
  open.spent = answer.spent;
  if (answer.type === "unknown") return answer;
  const values = new Map<string, TermValue>();
  if (answer.type === "sat") {
    for (const { name, at } of observed) {
      const value = readValue(session, answer.model, at);
      if (value !== undefined) values.set(name, value);
    }
    session.exports.Z3_model_dec_ref(session.context, answer.model);
  }
  solver.pop(1);
  return answer.type === "unsat" ? answer : { type: "sat", spent: answer.spent, values };
}

/**
 * Retracts scopes until every formula that is asserted is also among the given assumptions. Then
 * asserts the assumptions that are missing.
 */
function assume(open: Open, assumptions: readonly Term[]): void {
  const { solver, build, asserted, scopes } = open;
  let common = 0;
  while (common < asserted.length && asserted[common] === assumptions[common]) common++;
  let dropped = 0;
  while (asserted.length > common) {
    asserted.length = scopes.pop() ?? 0;
    dropped++;
  }
  if (dropped > 0) solver.pop(dropped);
  if (asserted.length === assumptions.length) return;
  solver.push();
  scopes.push(asserted.length);
  const missing = assumptions.slice(asserted.length);
  solver.assert(missing.map(build));
  asserted.push(...missing);
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
