import { assert, toResource } from "@aethel/models/primitives";
import { compileContract } from "../contract/compile-contract.ts";
import { compileSource } from "../intent/compiled/compile.ts";
import { obligationsOf } from "../intent/encoder/obligations.ts";
import type { Judged, JudgePayload, ObligationReport, Verdict } from "../judgement.ts";
import { PROVER_STEPS } from "../limits.ts";
import type { SolverInstance } from "../z3/instance/solver-instance.ts";
import { createObligationRun } from "../z3/questions/obligation-run.ts";
import type { Certifier } from "./certifier.ts";
import { difficultyOf } from "./difficulty.ts";
import { judgeContract } from "./judge-contract.ts";
import { type JudgedObligation, judgeObligation, startIntent } from "./judge-obligation.ts";
import { type Evidence, type Production, produceCertificate } from "./produce.ts";
import { rejected, type TimelessJudgement } from "./rejected.ts";

/**
 * Judges a source, which is a contract or a list of intents. For intents, the solver must prove all
 * obligations, and its units are counted. Then each obligation needs a certificate. Without
 * certificates the verdict is never `valid`.
 */
export function judgePublish(
  instance: SolverInstance,
  payload: Extract<JudgePayload, { type: "publish" }>,
  options: { readonly limit: number; readonly certifier: Certifier },
): TimelessJudgement {
  const { limit, certifier } = options;
  const found = compileContract(payload.source);
  if (found.type === "faulty") return rejected(found.diagnostics);
  if (found.type === "contract") {
    const sourceBytes = payload.source.length;
    return judgeContract(instance, found.contract, { limit, certifier, sourceBytes });
  }
  const compiled = compileSource(payload.source, { privileged: payload.privileged ?? false });
  if (!compiled.ok) return rejected(compiled.diagnostics);
  if (compiled.intents.length === 0) {
    return rejected([{ code: "missing", message: "the source holds no intent" }]);
  }
  const run = createObligationRun(instance);
  let spent = 0;
  const rows = compiled.intents.map((intent) => {
    const state = startIntent(run, intent);
    return obligationsOf(intent).map((obligation, at) => {
      const judged = judgeObligation(state, { obligation, at, limit: limit - spent });
      spent += judged.report.resource;
      return judged;
    });
  });
  const resource = toResource(spent);
  const common = {
    type: "judged",
    kind: "publish",
    difficulty: difficultyOf({ resource, proofBytes: payload.source.length }),
    resource,
    notes: [],
  } as const;
  const evidence = evidenceOf(rows);
  if (evidence === undefined) return { ...common, ...failed(rows.flat().map((one) => one.report)) };
  const { free, perUnit, max } = PROVER_STEPS;
  const production = produceCertificate(certifier, evidence, Math.min(max, free + perUnit * spent));
  const obligations = withTrust(rows, production);
  if (production.type === "uncertified") {
    return { ...common, ...failed(obligations), code: "uncertified" };
  }
  const { certificate } = production;
  return { ...common, verdict: "valid", trust: "certified", certificate, obligations };
}

/** Returns the evidence to be certified. Undefined if the solver did not prove all obligations. */
function evidenceOf(
  rows: readonly (readonly JudgedObligation[])[],
): readonly (readonly Evidence[])[] | undefined {
  const evidence = rows.map((row) => row.flatMap((judged) => judged.evidence ?? []));
  return evidence.every((own, at) => own.length === rows[at]?.length) ? evidence : undefined;
}

/** Adds to the reports what was certified, or which obligation could not be certified and why. */
function withTrust(
  rows: readonly (readonly JudgedObligation[])[],
  production: Production,
): readonly ObligationReport[] {
  return rows.flatMap((row, at) =>
    row.map(({ report }, place): ObligationReport => {
      if (production.type === "certified") {
        const certificate = production.entries[at]?.[place];
        const certified = { ...report, trust: "certified" } as const;
        return certificate === undefined ? certified : { ...certified, certificate };
      }
      if (production.row !== at || production.place !== place) return report;
      const { trust: _, ...rest } = report;
      const reason = `proved by the solver, not certified: ${production.reason}`;
      return { ...rest, verdict: "unknown", code: "uncertified", reason };
    }),
  );
}

/**
 * Returns a verdict other than `valid`: that of the first refuted obligation, or if none is
 * refuted, that of the first unknown obligation.
 */
function failed(
  obligations: readonly ObligationReport[],
): Pick<Judged, "verdict" | "obligations" | "counterexample" | "reason"> {
  const first = (verdict: Verdict): ObligationReport | undefined =>
    obligations.find((report) => report.verdict === verdict);
  const worst = first("refuted") ?? first("unknown");
  assert(worst !== undefined, "what is not certified has an obligation that is not valid");
  const { verdict, kind, intent, label, counterexample } = worst;
  return {
    verdict,
    obligations,
    ...(counterexample === undefined ? {} : { counterexample }),
    reason: `${kind} of ${intent}: ${label}: ${worst.reason ?? verdict}`,
  };
}
