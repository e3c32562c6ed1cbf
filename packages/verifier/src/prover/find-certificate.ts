import { type Claim, clausify } from "../kernel/clausify.ts";
import { createMeter, kernelLimits, Stopped } from "../kernel/limits.ts";
import { type Budget, createBudget, defaultLimits, type ProverLimits } from "./budget.ts";
import { type Entry, writeCertificate } from "./certificate.ts";
import { sizeOf } from "./problem-size.ts";
import { neededNodes } from "./proof-log.ts";
import { search } from "./search.ts";
import { createState, type SearchState } from "./state.ts";
import { createTheory } from "./theory.ts";

/** The prover's version: certificates of one version are the same bytes everywhere. */
export const PROVER_VERSION = 1;

/** What a search for a certificate ends with. */
export type Search =
  | { readonly type: "found"; readonly certificate: Uint8Array; readonly steps: number }
  /** `reason` is "open" when nothing is left to try, else the limit that was reached. */
  | { readonly type: "none"; readonly reason: string; readonly steps: number };

/**
 * Searches for a certificate that the kernel accepts for `assumptions => goal`.
 *
 * A pure function: the same claim and limits give the same bytes on every machine. Nothing rests
 * on it: what it finds, `certify` checks.
 */
export function findCertificate(claim: Claim, limits: ProverLimits = defaultLimits): Search {
  const budget = createBudget(limits);
  try {
    return searchWithin(claim, budget);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const { stop } = error;
    const reason = stop.type === "refused" ? stop.reason : `kernel's ${stop.limit}`;
    return { type: "none", reason, steps: budget.steps };
  }
}

function searchWithin(claim: Claim, budget: Budget): Search {
  const problem = clausify(claim, createMeter(kernelLimits));
  const state = createState(problem, budget);
  const none = (reason: string): Search => ({ type: "none", reason, steps: budget.steps });
  const outcome = search(state.solver, createTheory(state));
  if (outcome !== "refuted") return none(budget.exceeded ?? "open");
  const entries = entriesOf(state);
  // Unit propagation may see the contradiction without the learned clauses.
  const short = entries.filter((entry) => entry.type === "step");
  const certificate = write(claim, state, short) ?? write(claim, state, entries);
  if (certificate === undefined) return none("no certificate of the refutation");
  if (certificate.length > budget.limits.bytesMax) return none("bytes");
  return { type: "found", certificate, steps: budget.steps };
}

function write(
  claim: Claim,
  state: SearchState,
  entries: readonly Entry[],
): Uint8Array | undefined {
  return writeCertificate(state.problem, clausify(claim, createMeter(kernelLimits)), entries);
}

/** What the refutation rests on, in the order in which it was found. */
function entriesOf(state: SearchState): readonly Entry[] {
  const { log, refutation } = state.solver;
  const entries: Entry[] = [];
  const written = new Set<number>();
  for (const node of neededNodes(log, refutation ?? [])) {
    const { origin, literals } = log.nodes[node] ?? {};
    if (origin === undefined || literals === undefined || origin.type === "given") continue;
    if (origin.type === "learned") entries.push({ type: "clause", literals });
    else if (!written.has(origin.step)) {
      written.add(origin.step);
      const entry = entryOf(state, origin.step);
      if (entry !== undefined) entries.push(entry);
    }
  }
  return entries;
}

function entryOf(state: SearchState, number: number): Entry | undefined {
  const step = state.steps[number];
  const start = state.sizes[number];
  if (step === undefined || start === undefined) return undefined;
  const end = state.sizes[number + 1] ?? sizeOf(state.problem);
  return { type: "step", step, made: { start, end } };
}
