import { KERNEL_VERSION } from "../kernel/certify.ts";
import { type Claim, clausify } from "../kernel/clausify.ts";
import { demand, Stopped } from "../kernel/limits.ts";
import {
  type Budget,
  createBudget,
  defaultLimits,
  type ProverLimits,
  Spent,
} from "./budget/budget.ts";
import { createPaidMeter, payFor } from "./budget/paid-meter.ts";
import { type Entry, writeCertificate } from "./certificate/certificate.ts";
import { neededEntries } from "./certificate/needed-entries.ts";
import { propagate } from "./search/propagate.ts";
import { type Outcome, search } from "./search/search.ts";
import { copyProblem } from "./state/copy-problem.ts";
import { createState, type SearchState, takeAtoms } from "./state/state.ts";
import { createTheory } from "./theories/theory.ts";

/**
 * Version of the prover. One version finds the same certificates, byte for byte, on every machine.
 */
export const PROVER_VERSION = 1;

/** Result of a search for a certificate. */
export type Search =
  | { readonly type: "found"; readonly certificate: Uint8Array; readonly steps: number }
  /**
   * Search that found no certificate. `reason` is `open` if nothing was left to try. Otherwise it
   * names the limit that was reached, or says why the kernel refused the claim or why no
   * certificate of the refutation could be written.
   */
  | { readonly type: "none"; readonly reason: string; readonly steps: number };

/**
 * Searches for a certificate of `assumptions => goal` that the kernel accepts.
 *
 * This is a pure function: the same claim and limits give the same bytes on every machine. The
 * result is not trusted: `certify` checks it.
 */
export function findCertificate(claim: Claim, limits: ProverLimits = defaultLimits): Search {
  const budget = createBudget(limits);
  try {
    demand(typeof claim === "object" && claim !== null, "a claim is not an object");
    return searchWithin(claim, budget);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { type: "none", reason, steps: budget.steps };
  }
}

/**
 * Returns the name of the reached limit, or the kernel's reason for refusing. Undefined for any
 * other error.
 */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof Spent) return error.limit;
  if (!(error instanceof Stopped)) return undefined;
  const { stop } = error;
  return stop.type === "refused" ? stop.reason : `kernel's ${stop.limit}`;
}

function searchWithin(claim: Claim, budget: Budget): Search {
  const state = begin(claim, budget);
  if (isContradiction(state)) {
    return { type: "found", certificate: Uint8Array.of(KERNEL_VERSION), steps: budget.steps };
  }
  takeAtoms(state, "some");
  const outcome = search(state.solver, createTheory(state));
  if (outcome !== "open" || !state.equalities.isMixed) return conclude(state, outcome);
  // An unknown that seemed to be pure is a number: search again without that guess.
  const again = begin(claim, budget);
  takeAtoms(again, "none");
  return conclude(again, search(again.solver, createTheory(again)));
}

function begin(claim: Claim, budget: Budget): SearchState {
  const meter = createPaidMeter();
  const problem = payFor(budget, meter, () => clausify(claim, meter));
  return createState(problem, budget);
}

function conclude(state: SearchState, outcome: Outcome): Search {
  const { budget } = state;
  const none = (reason: string): Search => ({ type: "none", reason, steps: budget.steps });
  if (outcome !== "refuted") return none("open");
  const entries = neededEntries(state);
  // Unit propagation may find the contradiction without the learned clauses.
  const short = entries.filter((entry) => entry.type === "step");
  const certificate = write(state, short) ?? write(state, entries);
  if (certificate === undefined) return none("no certificate of the refutation");
  if (certificate.length > budget.limits.bytesMax) return none("bytes");
  return { type: "found", certificate, steps: budget.steps };
}

/** Tells whether unit propagation alone refutes the claim's clauses. */
function isContradiction({ solver }: SearchState): boolean {
  return solver.falsified.length > 0 || propagate(solver) !== undefined;
}

function write(state: SearchState, entries: readonly Entry[]): Uint8Array | undefined {
  const { budget, problem, original } = state;
  const copy = copyProblem(original ?? problem, budget);
  return writeCertificate({ from: problem, problem: copy, budget }, entries);
}
