import { toResource } from "@aethel/models/primitives";
import { CERTIFICATE_BYTES_MAX, encodeCertificate } from "../certificate/container.ts";
import { encodeEntry } from "../certificate/entry.ts";
import { adviceOf } from "../contract/counterexample/advice.ts";
import { refutationByForm } from "../contract/counterexample/refute-contract.ts";
import { type FoundRun, searchRun } from "../contract/counterexample/search.ts";
import { findUnderived } from "../contract/derivation/derive.ts";
import { type ContractObligation } from "../contract/encoder/contract-obligation.ts";
import { signObligations } from "../contract/encoder/ground.ts";
import { contractObligations } from "../contract/encoder/obligations.ts";
import { checkExitUnits } from "../contract/execution/exit-units.ts";
import type { TypedContract } from "../contract/typed/typed-contract.ts";
import { checkInitialState } from "../contract/whole-state/initial-rules.ts";
import { tooManyAssumptions, WorkExceeded } from "../contract/work.ts";
import type { Judged, ObligationReport, Verdict } from "../judgement.ts";
import type { Obligation } from "../obligation.ts";
import type { TermValue } from "../term.ts";
import type { SolverInstance } from "../z3/instance/solver-instance.ts";
import { createObligationRun } from "../z3/questions/obligation-run.ts";
import { type Certifier, proveClaim } from "./certifier.ts";
import { notesOf, remarksOf, unexplainedVault } from "./contract-notes.ts";
import { difficultyOf } from "./difficulty.ts";
import type { TimelessJudgement } from "./rejected.ts";

/** Resource units that one step of the prover counts as. */
const UNITS_PER_STEP = 1;

/** Greatest number of the prover's steps for one obligation. */
const STEPS_MAX = 400_000;

/** Report on an obligation, with its entry in the certificate if it is certified. */
interface Row {
  readonly report: ObligationReport;
  /** Encoded run that refutes the contract. Absent if the obligation is not refuted by a run. */
  readonly refutation?: Uint8Array;
  readonly entry?: Uint8Array;
}

/** Proof that the kernel accepts, with the units of work that it counted. */
interface Proved {
  readonly bytes: Uint8Array;
  readonly work: number;
}

/**
 * Judges a contract. The prover searches for a certificate of each obligation, and the kernel checks
 * the certificate. If the prover finds none, the solver searches for a state in which the obligation
 * fails, and the interpreter confirms the state. For an obligation of the kind `satisfiable`, the
 * solver searches for a state in which a call can run. If all obligations have a certificate, the
 * derivation checker derives them again.
 */
export function judgeContract(
  instance: SolverInstance,
  contract: TypedContract,
  options: { readonly limit: number; readonly certifier: Certifier; readonly sourceBytes: number },
): TimelessJudgement {
  const { limit, certifier, sourceBytes } = options;
  let spent = 0;
  const ask = (question: Obligation): ReadonlyMap<string, TermValue> | undefined => {
    if (limit - spent < 1) return undefined;
    // A session of its own: the answer depends on this question alone.
    const answer = createObligationRun(instance).check(question, limit - spent);
    spent += answer.spent;
    return answer.type === "sat" ? answer.values : undefined;
  };
  const prove = ({ obligation }: ContractObligation): Proved | string => {
    const steps = Math.min(STEPS_MAX, (limit - spent) / UNITS_PER_STEP);
    const { assumptions, goal } = obligation;
    const proof = proveClaim(certifier, { assumptions, goal }, steps);
    spent += proof.steps * UNITS_PER_STEP;
    if (proof.type === "uncertified") return proof.reason;
    return { bytes: proof.proof, work: proof.work };
  };
  const evaluated = evaluatedReports(contract);
  if (evaluated.some(({ verdict }) => verdict === "unknown")) {
    return undecided({ contract, evaluated, limit, sourceBytes });
  }
  const shown = new Set<number>();
  const signsWanted = signObligations(contract);
  const signs = [...signsWanted].map(([at, obligation]) => {
    const proof = prove(obligation);
    if (typeof proof === "string") return encodeEntry({ type: "witness", values: [] });
    shown.add(at);
    return encodeEntry({ type: "proof", proof: proof.bytes });
  });
  const obligations = builtObligations(contract, shown);
  if (typeof obligations === "string") {
    return undecided({ contract, evaluated, limit, sourceBytes, reason: obligations });
  }
  const rows = obligations.map((obligation): Row => {
    const before = spent;
    const isOut = (): boolean => spent >= limit;
    const row = judgeOne(obligation, { ask, prove: () => prove(obligation), isOut, limit });
    return { ...row, report: { ...row.report, resource: toResource(spent - before) } };
  });
  const isKept = (transition: string): boolean =>
    rows.every(
      ({ report }) => report.subject !== `transition ${transition}` || report.verdict === "valid",
    );
  const resource = toResource(Math.min(spent, limit));
  const common = {
    type: "judged",
    kind: "publish",
    difficulty: difficultyOf({ resource, proofBytes: sourceBytes }),
    resource,
    obligations: [...evaluated, ...rows.map(({ report }) => report)],
    // What the limit does not pay for is not looked at: remarks decide no verdict.
    notes: [...notesOf(contract), ...(spent < limit ? remarksOf(contract, certifier, isKept) : [])],
  } as const;
  const worst = worstOf(common.obligations);
  if (worst !== undefined) {
    return { ...common, ...worst, ...refuted(contract, worst.verdict, rows) };
  }
  // What was proved must be what the contract demands, whatever the encoder made of it.
  const underived = findUnderived(contract, { signs: signsWanted, shown, obligations });
  if (underived !== undefined) {
    return { ...common, verdict: "unknown", code: "uncertified", reason: underived.reason };
  }
  return { ...common, ...certified([signs, rows.flatMap(({ entry }) => entry ?? [])]) };
}

/** Returns the verdict of a contract of which every obligation has an entry in the certificate. */
function certified(
  entries: Parameters<typeof encodeCertificate>[0],
): Pick<Judged, "verdict" | "trust" | "code" | "reason" | "certificate"> {
  const certificate = encodeCertificate(entries);
  if (certificate.length > CERTIFICATE_BYTES_MAX) {
    const reason = `the certificate has more than ${CERTIFICATE_BYTES_MAX} bytes`;
    return { verdict: "unknown", code: "uncertified", reason };
  }
  return { verdict: "valid", trust: "certified", certificate };
}

/** Returns the encoded run that refutes a contract. No field if it is not refuted, or by no run. */
function refuted(
  contract: TypedContract,
  verdict: Verdict,
  rows: readonly Row[] = [],
): Pick<Judged, "refutation"> {
  if (verdict !== "refuted") return {};
  const own = rows.find((row) => row.refutation !== undefined)?.refutation;
  const refutation = own ?? refutationByForm(contract);
  return refutation === undefined ? {} : { refutation };
}

/** Builds the obligations of a contract. Returns a sentence if that takes too much work. */
function builtObligations(
  contract: TypedContract,
  shown: ReadonlySet<number>,
): readonly ContractObligation[] | string {
  try {
    return contractObligations(contract, shown);
  } catch (error) {
    if (error instanceof WorkExceeded) return tooManyAssumptions(error);
    throw error;
  }
}

/** Returns the result of a contract whose rules or obligations take too much work. */
function undecided(of: {
  readonly contract: TypedContract;
  readonly evaluated: readonly ObligationReport[];
  readonly limit: number;
  readonly sourceBytes: number;
  readonly reason?: string;
}): TimelessJudgement {
  const resource = toResource(of.limit);
  const worst = worstOf(of.evaluated);
  return {
    type: "judged",
    kind: "publish",
    difficulty: difficultyOf({ resource, proofBytes: of.sourceBytes }),
    resource,
    obligations: of.evaluated,
    notes: notesOf(of.contract),
    verdict: "unknown",
    ...worst,
    ...refuted(of.contract, worst?.verdict ?? "unknown"),
    ...(of.reason === undefined ? {} : { code: "uncertified", reason: of.reason }),
  };
}

/**
 * Returns reports on the invariants in the state at publication and on the units of exits. They are
 * evaluated and counted, not proved.
 */
function evaluatedReports(contract: TypedContract): readonly ObligationReport[] {
  const initial = checkInitialState(contract).map((one) => ({ ...one, kind: "initial" as const }));
  const exits = checkExitUnits(contract).map((one) => ({ ...one, kind: "exit" as const }));
  return [...initial, ...exits].map((one) => {
    const { kind, subject, label, span, problem } = one;
    const common = { kind, intent: contract.name, label, subject, span };
    const resource = toResource(0);
    if (problem === undefined) return { ...common, verdict: "valid", trust: "certified", resource };
    const isUndecided = "isUndecided" in one && one.isUndecided === true;
    return isUndecided
      ? { ...common, verdict: "unknown", code: "uncertified", reason: problem, resource }
      : { ...common, verdict: "refuted", reason: problem, resource };
  });
}

function judgeOne(
  obligation: ContractObligation,
  by: {
    readonly ask: Parameters<typeof searchRun>[1];
    /** Returns a proof that the kernel accepts, or the reason why there is none. */
    readonly prove: () => Proved | string;
    /** Tells whether the resource limit is spent, so that nothing more is tried. */
    readonly isOut: () => boolean;
    readonly limit: number;
  },
): Row {
  const { kind, intent, label, span } = obligation.obligation;
  const subject = subjectOf(obligation);
  const resource = toResource(0);
  const common = {
    kind,
    intent,
    label,
    ...(subject === undefined ? {} : { subject }),
    span,
    resource,
  };
  if (by.isOut() && obligation.about?.type !== "no-coverage") {
    const reason = `the resource limit of ${by.limit} units is spent on what comes before it`;
    return { report: { ...common, verdict: "unknown", code: "uncertified", reason } };
  }
  if (kind === "satisfiable") {
    const found = searchRun(obligation, by.ask);
    if (found === undefined) {
      const reason = "no state was found in which the call can run";
      return { report: { ...common, verdict: "unknown", reason, ...advised(obligation) } };
    }
    const entry = encodeEntry({ type: "witness", values: found.witness });
    return { report: { ...common, verdict: "valid", trust: "certified" }, entry };
  }
  if (obligation.about?.type === "no-coverage") {
    const reason = unexplainedVault(obligation.before.contract, obligation.about.asset);
    return { report: { ...common, verdict: "refuted", reason, ...advised(obligation) } };
  }
  const proof = by.prove();
  if (typeof proof !== "string") {
    const { bytes, work } = proof;
    const entry = encodeEntry({ type: "proof", proof: bytes });
    const certificate = { bytes: bytes.length, work };
    return { report: { ...common, verdict: "valid", trust: "certified", certificate }, entry };
  }
  const found = by.isOut() ? undefined : searchRun(obligation, by.ask);
  const advice = advised(obligation, found);
  if (found === undefined) {
    const reason = `neither proved nor seen to fail: ${proof}`;
    return { report: { ...common, verdict: "unknown", code: "uncertified", reason, ...advice } };
  }
  const { counterexample, refutation } = found;
  const reason = counterexample.sentence;
  const report = { ...common, verdict: "refuted", reason, counterexample, ...advice } as const;
  return refutation === undefined ? { report } : { report, refutation };
}

/** Returns the rule of the contract that an obligation is about. Undefined if there is none. */
function subjectOf({ before, rule, exit, about }: ContractObligation): string | undefined {
  if (rule !== undefined) {
    const isTransition = before.contract.transitions.includes(rule);
    return `${isTransition ? "transition" : "invariant"} ${rule.name}`;
  }
  if (exit !== undefined) return `exit ${exit.name}`;
  switch (about?.type) {
    case "exit":
      return `exit ${about.exit.name}`;
    case "sum":
      return `sum over ${about.sum.map}`;
    case "coverage":
    case "no-coverage":
      return `coverage of ${about.asset === "" ? "balance" : `balance[${about.asset}]`}`;
    default:
      return undefined;
  }
}

/** Returns the field of a report that says what the author can do. */
function advised(
  obligation: ContractObligation,
  found?: FoundRun,
): Pick<ObligationReport, "advice"> {
  const advice = adviceOf(obligation, found?.counterexample);
  return advice === undefined ? {} : { advice };
}

/**
 * Returns the result of a contract that is not valid: that of its first refuted obligation,
 * otherwise of its first unknown one. Undefined if every obligation is valid.
 */
function worstOf(
  obligations: readonly ObligationReport[],
): Pick<Judged, "verdict" | "counterexample" | "reason"> | undefined {
  const first = (verdict: Verdict): ObligationReport | undefined =>
    obligations.find((report) => report.verdict === verdict);
  const worst = first("refuted") ?? first("unknown");
  if (worst === undefined) return undefined;
  const { verdict, kind, intent, label, counterexample } = worst;
  const reason = `${kind} of ${intent}: ${label}: ${worst.reason ?? verdict}`;
  return { verdict, reason, ...(counterexample === undefined ? {} : { counterexample }) };
}
