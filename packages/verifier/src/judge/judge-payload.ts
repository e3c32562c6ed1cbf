import { assertNever, toResource } from "@aethel/models/primitives";
import { type CompiledIntent, compileSource } from "../intent/compile.ts";
import { confirmCounterexample } from "../intent/counterexample.ts";
import { obligationsOf } from "../intent/obligations.ts";
import type { Obligation } from "../obligation.ts";
import { createObligationRun, type ObligationRun } from "../z3/obligation-run.ts";
import type { Purpose, SolverInstance } from "../z3/solver-instance.ts";
import { contradictionOf } from "./contradiction.ts";
import { difficultyOf } from "./difficulty.ts";
import { judgeTheorem } from "./judge-theorem.ts";
import type { JudgePayload, ObligationReport, Verdict } from "./judgement.ts";
import { MESSAGE_LENGTH_MAX } from "./limits.ts";
import { rejected, type TimelessJudgement, tidy } from "./rejected.ts";

/**
 * Judges one payload, in this thread. Pure in (Judge version, payload, limit): the instance is
 * put back to its image before every check.
 */
export function judgePayload(
  instance: SolverInstance,
  payload: JudgePayload,
  limit: number,
): TimelessJudgement {
  switch (payload.type) {
    case "theorem":
      return judgeTheorem(instance, payload.script, limit);
    case "publish":
      return judgePublish(instance, payload, limit);
    default:
      return assertNever(payload);
  }
}

/** The image of the solver that a payload is judged on. */
export function purposeOf(payload: JudgePayload): Purpose {
  return payload.type === "theorem" ? "script" : "formula";
}

function judgePublish(
  instance: SolverInstance,
  payload: Extract<JudgePayload, { type: "publish" }>,
  limit: number,
): TimelessJudgement {
  const compiled = compileSource(payload.source, { privileged: payload.privileged ?? false });
  if (!compiled.ok) return rejected(compiled.diagnostics);
  if (compiled.intents.length === 0) {
    return rejected([{ code: "missing", message: "the source holds no intent" }]);
  }
  const run = createObligationRun(instance);
  let spent = 0;
  const obligations: ObligationReport[] = [];
  for (const intent of compiled.intents) {
    for (const obligation of obligationsOf(intent)) {
      const report = judgeObligation(run, { intent, obligation, limit: limit - spent });
      spent += report.resource;
      obligations.push(report);
    }
  }
  const resource = toResource(spent);
  const worst = worstOf(obligations);
  return {
    type: "judged",
    kind: "publish",
    verdict: worst?.verdict ?? "valid",
    difficulty: difficultyOf({ resource, proofBytes: payload.source.length }),
    resource,
    obligations,
    ...(worst?.counterexample === undefined ? {} : { counterexample: worst.counterexample }),
    ...(worst === undefined ? {} : { reason: reasonOf(worst) }),
    notes: [],
  };
}

function judgeObligation(
  run: ObligationRun,
  task: {
    readonly intent: CompiledIntent;
    readonly obligation: Obligation;
    readonly limit: number;
  },
): ObligationReport {
  const { intent, obligation, limit } = task;
  const { kind, label, span } = obligation;
  const common = { kind, intent: intent.name, label, span };
  if (limit < 1) {
    return { ...common, verdict: "unknown", resource: toResource(0), reason: "resource limit" };
  }
  const answer = run.check(obligation, limit);
  const report = { ...common, resource: toResource(answer.spent) };
  const wanted = kind === "satisfiable";
  switch (answer.type) {
    case "unsat":
      if (!wanted) return { ...report, verdict: "valid" };
      return explainVacuous(run, { intent, report, limit });
    case "sat": {
      const counterexample = confirmCounterexample(intent, obligation, answer.values);
      if (counterexample === undefined) {
        const reason = "the solver's model is not confirmed by running the intent";
        return { ...report, verdict: "unknown", reason };
      }
      if (wanted) return { ...report, verdict: "valid" };
      return { ...report, verdict: "refuted", reason: counterexample.sentence, counterexample };
    }
    case "unknown":
      return { ...report, verdict: "unknown", reason: tidy(answer.reason) };
    default:
      return assertNever(answer);
  }
}

/** An intent that can never run: which of its guards contradict each other. */
function explainVacuous(
  run: ObligationRun,
  task: {
    readonly intent: CompiledIntent;
    readonly report: Omit<ObligationReport, "verdict">;
    readonly limit: number;
  },
): ObligationReport {
  const { intent, report, limit } = task;
  const { clauses, spent } = contradictionOf(run, intent, limit - report.resource);
  const shown = clauses.map(({ text, span }) => `\`${text}\` (line ${span.start.line})`).join(", ");
  const reason =
    clauses.length === 1 ? `${shown} can never hold` : `these guards contradict: ${shown}`;
  const resource = toResource(report.resource + spent);
  return {
    ...report,
    resource,
    verdict: "refuted",
    contradiction: clauses,
    reason: reason.slice(0, MESSAGE_LENGTH_MAX),
  };
}

function worstOf(reports: readonly ObligationReport[]): ObligationReport | undefined {
  const first = (verdict: Verdict): ObligationReport | undefined =>
    reports.find((report) => report.verdict === verdict);
  return first("refuted") ?? first("unknown");
}

function reasonOf(report: ObligationReport): string {
  return `${report.kind} of ${report.intent}: ${report.label}: ${report.reason ?? report.verdict}`;
}
