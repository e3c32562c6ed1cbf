import { assertNever, toResource } from "@aethel/models/primitives";
import type { CompiledIntent } from "../intent/compiled/compile.ts";
import { confirmCounterexample } from "../intent/counterexample/confirm.ts";
import { type Cuts, cutsOf } from "../intent/cuts/cuts.ts";
import type { ObligationReport } from "../judgement.ts";
import { CUT_UNITS_MAX, MESSAGE_LENGTH_MAX } from "../limits.ts";
import type { Obligation } from "../obligation.ts";
import type { TermValue } from "../term.ts";
import type { ObligationRun } from "../z3/questions/obligation-run.ts";
import { contradictionOf } from "./contradiction.ts";
import type { Evidence } from "./produce.ts";
import { tidy } from "./rejected.ts";

/** Result of judging an obligation with the solver, before certification. */
export interface JudgedObligation {
  readonly report: ObligationReport;
  /** Evidence to be certified. Present if the verdict is `valid`. */
  readonly evidence?: Evidence;
}

/** State of judging one intent. */
export interface IntentState {
  readonly run: ObligationRun;
  readonly intent: CompiledIntent;
  readonly cuts: Cuts | undefined;
  /**
   * Whether the solver proved a lemma, by the index of the lemma. Lemmas about which the solver was
   * not asked yet have no entry.
   */
  readonly lemmas: Map<number, boolean>;
  /** Indexes of the lemmas that are in the evidence of earlier obligations. */
  readonly placed: Set<number>;
}

/** Creates the state for judging an intent. */
export function startIntent(run: ObligationRun, intent: CompiledIntent): IntentState {
  return { run, intent, cuts: cutsOf(intent), lemmas: new Map(), placed: new Set() };
}

/** Obligation of an intent, with its index. */
export interface ObligationTask {
  readonly obligation: Obligation;
  readonly at: number;
  /** Greatest number of solver units that may be spent on the obligation. */
  readonly limit: number;
}

/**
 * Judges an obligation with the solver. Asks about its cut first (see `Cut`) if it has one, and
 * about the obligation itself if the cut is not proved. A refutation is always of the obligation
 * itself, never of a cut.
 */
export function judgeObligation(state: IntentState, task: ObligationTask): JudgedObligation {
  const { intent } = state;
  const { obligation, limit } = task;
  const { kind, label, span } = obligation;
  const common = { kind, intent: intent.name, label, span };
  if (limit < 1) return { report: { ...common, ...exhausted(0) } };
  const cut = tryCut(state, task);
  if (cut.evidence !== undefined) {
    const resource = toResource(cut.spent);
    const report = { ...common, verdict: "valid", trust: "solver", resource } as const;
    return { report, evidence: cut.evidence };
  }
  if (cut.spent >= limit) return { report: { ...common, ...exhausted(limit) } };
  const answer = state.run.check(obligation, limit - cut.spent);
  const report = { ...common, resource: toResource(cut.spent + answer.spent) };
  const wanted = kind === "satisfiable";
  switch (answer.type) {
    case "unsat":
      if (wanted) return { report: explainVacuous(state, report, limit) };
      return {
        report: { ...report, verdict: "valid", trust: "solver" },
        evidence: { type: "proof", claim: obligation },
      };
    case "sat":
      return withModel(state, { report, obligation, model: answer.values });
    case "unknown":
      return { report: { ...report, verdict: "unknown", reason: tidy(answer.reason) } };
    default:
      return assertNever(answer);
  }
}

function exhausted(spent: number): Pick<ObligationReport, "verdict" | "resource" | "reason"> {
  return { verdict: "unknown", resource: toResource(spent), reason: "resource limit" };
}

/**
 * Confirms a model by running the intent. If this succeeds, the model is a witness (for
 * `satisfiable`) or a counterexample. Otherwise the verdict is `unknown`.
 */
function withModel(
  { intent }: IntentState,
  found: {
    readonly report: Omit<ObligationReport, "verdict">;
    readonly obligation: Obligation;
    readonly model: ReadonlyMap<string, TermValue>;
  },
): JudgedObligation {
  const { report, obligation, model } = found;
  const counterexample = confirmCounterexample(intent, obligation, model);
  if (counterexample === undefined) {
    const reason = "the solver's model is not confirmed by running the intent";
    return { report: { ...report, verdict: "unknown", reason } };
  }
  if (obligation.kind === "satisfiable") {
    const values = [...obligation.observed.keys()].flatMap((name) => model.get(name) ?? []);
    return {
      report: { ...report, verdict: "valid", trust: "certified" },
      evidence: { type: "witness", values },
    };
  }
  const reason = counterexample.sentence;
  return { report: { ...report, verdict: "refuted", reason, counterexample } };
}

/**
 * Asks the solver about the lemmas of an obligation's cut, then about the cut. Returns no evidence
 * if there is no cut, or if the cut or one of its lemmas is not proved.
 */
function tryCut(
  { run, cuts, lemmas, placed }: IntentState,
  { at, limit }: ObligationTask,
): { readonly spent: number; readonly evidence?: Evidence } {
  const cut = cuts?.goals[at];
  if (cuts === undefined || cut === undefined) return { spent: 0 };
  let spent = 0;
  const holds = (claim: Pick<Obligation, "assumptions" | "goal">): boolean => {
    const units = Math.min(CUT_UNITS_MAX, limit - spent);
    if (units < 1) return false;
    const answer = run.check({ ...claim, kind: "lemma", observed: new Map() }, units);
    spent += answer.spent;
    return answer.type === "unsat";
  };
  const rests = cut.uses.every((index) => {
    const lemma = cuts.lemmas[index];
    const known = lemmas.get(index) ?? (lemma !== undefined && holds(lemma));
    lemmas.set(index, known);
    return known;
  });
  if (!rests || !holds(cut)) return { spent };
  const missing = cut.uses.filter((index) => !placed.has(index));
  for (const index of missing) placed.add(index);
  const claims = missing.flatMap((index) => cuts.lemmas[index] ?? []);
  return { spent, evidence: { type: "cut", lemmas: claims, claim: cut } };
}

/** Refutes an intent that can never run, and names the guards that contradict each other. */
function explainVacuous(
  { run, intent }: IntentState,
  report: Omit<ObligationReport, "verdict">,
  limit: number,
): ObligationReport {
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
