import { type CompiledIntent, compileSource } from "../../src/intent/compiled/compile.ts";
import { confirmCounterexample } from "../../src/intent/counterexample/confirm.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import type { Obligation, ObligationKind } from "../../src/obligation.ts";
import type { SolverInstance } from "../../src/z3/installed/instance.ts";
import { checkObligation } from "../z3/check-obligation.ts";

export const limit = 20_000_000;

/** Answer of Z3 and the interpreter together to one obligation. */
export interface Answer {
  readonly kind: ObligationKind;
  readonly label: string;
  readonly answer: "proved" | "refuted" | "unconfirmed" | "unknown";
}

/** Judges every obligation of a source's intents, without the workers and limits of the Judge. */
export function prove(z3: SolverInstance, source: string): readonly Answer[] {
  return compileAll(source).flatMap((intent) =>
    obligationsOf(intent).map((one) => ({
      kind: one.kind,
      label: one.label,
      answer: answerTo(z3, intent, one),
    })),
  );
}

/** The kinds that are not proved, each once, in the order of the obligations. */
export function failures(answers: readonly Answer[]): readonly string[] {
  const failed = answers.filter((one) => one.answer !== "proved");
  return [...new Set(failed.map((one) => `${one.kind} ${one.answer}`))];
}

export function compileAll(source: string): readonly CompiledIntent[] {
  const compiled = compileSource(source, { privileged: true });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.intents;
}

function answerTo(z3: SolverInstance, intent: CompiledIntent, one: Obligation): Answer["answer"] {
  const answer = checkObligation(z3, one, limit);
  if (answer.type === "unknown") return "unknown";
  const confirmed =
    answer.type === "sat" && confirmCounterexample(intent, one, answer.values) !== undefined;
  if (one.kind === "satisfiable") {
    if (answer.type === "unsat") return "refuted";
    return confirmed ? "proved" : "unconfirmed";
  }
  if (answer.type === "unsat") return "proved";
  return confirmed ? "refuted" : "unconfirmed";
}
