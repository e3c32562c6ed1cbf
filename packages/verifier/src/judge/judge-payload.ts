import { assertNever, toResource } from "@aethel/models/primitives";
import { type CompiledIntent, compileSource } from "../intent/compile.ts";
import { confirmCounterexample } from "../intent/counterexample.ts";
import { obligationsOf } from "../intent/obligations.ts";
import type { Obligation } from "../obligation.ts";
import { readOwned } from "../theorem/canonical-text.ts";
import { probeScript, screenScript } from "../theorem/screen.ts";
import { checkScript } from "../z3/check-script.ts";
import { createObligationRun, type ObligationRun } from "../z3/obligation-run.ts";
import type { Purpose, SolverInstance } from "../z3/solver-instance.ts";
import { contradictionOf } from "./contradiction.ts";
import { difficultyOf } from "./difficulty.ts";
import type {
  JudgeDiagnostic,
  Judged,
  JudgePayload,
  ObligationReport,
  Rejected,
  Verdict,
} from "./judgement.ts";
import { DIAGNOSTICS_MAX, MESSAGE_LENGTH_MAX } from "./limits.ts";
import { spanAt } from "./place.ts";

/** A judgement without its time. */
export type TimelessJudgement = Omit<Judged, "milliseconds"> | Omit<Rejected, "milliseconds">;

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

function judgeTheorem(
  instance: SolverInstance,
  bytes: Uint8Array,
  limit: number,
): TimelessJudgement {
  const screening = screenScript(bytes);
  if (screening.type === "refused") {
    const { code, message, at } = screening.fault;
    return rejected([{ code, message, span: spanAt(bytes, at) }]);
  }
  const probe = (): string => {
    const again = probeScript(bytes);
    return again.type === "accepted" ? again.script : "";
  };
  const answer = checkScript(instance, screening.script, { limit, probe });
  if (answer.type === "rejected") {
    return rejected([{ code: answer.code, message: tidy(answer.message) }]);
  }
  const resource = toResource(answer.spent);
  const common = {
    type: "judged",
    kind: "theorem",
    difficulty: difficultyOf({ resource, proofBytes: bytes.length }),
    resource,
    obligations: [],
    notes: screening.notes,
  } as const;
  if (answer.type === "unsat") return { ...common, verdict: "valid" };
  if (answer.type === "unknown") {
    return { ...common, verdict: "unknown", reason: tidy(answer.reason) };
  }
  const values = [...answer.values].map(([name, value]) => ({
    name: readOwned(`|${name}|`),
    value: readOwned(value),
  }));
  const reason = "the assertions are satisfiable";
  return { ...common, verdict: "refuted", reason, counterexample: { type: "theorem", values } };
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

function rejected(diagnostics: readonly JudgeDiagnostic[]): Omit<Rejected, "milliseconds"> {
  const shown = diagnostics.slice(0, DIAGNOSTICS_MAX).map(({ code, message, span }) => ({
    code,
    message: message.slice(0, MESSAGE_LENGTH_MAX),
    ...(span === undefined ? {} : { span }),
  }));
  return { type: "rejected", diagnostics: shown };
}

/** What Z3 said, with the script's own names, on one line, bounded. */
function tidy(message: string): string {
  const line = readOwned(message).replaceAll(/\s+/g, " ").trim();
  const inner = /^\(error "line \d+ column \d+: (.*)"\)/.exec(line)?.[1] ?? line;
  return inner.slice(0, MESSAGE_LENGTH_MAX);
}
