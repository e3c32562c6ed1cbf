import type { Claim } from "../formulas/build.ts";
import { type Checker, type Opened, openClaim } from "../hostile/checker.ts";
import { type Assignment, assignmentOf } from "../oracle/assignment.ts";
import { findCounterexample } from "../oracle/find-counterexample.ts";
import type { Model } from "../oracle/model.ts";

/**
 * One try at a checker, which a seed determines: undefined if it held, else how it fell, in words.
 */
export type Attack = (checker: Checker, seed: string) => string | undefined;

/** Whether a checker certifies with these bytes. Its exceptions are the caller's. */
export function isCertified(checker: Checker, claim: Claim, certificate: Uint8Array): boolean {
  return checker.certify(claim, certificate).type === "certified";
}

/** A certificate of a claim, if the prover finds one; what it throws is no hole of the kernel. */
export function certificateOf(checker: Checker, claim: Claim): Uint8Array | undefined {
  try {
    const found = checker.findCertificate(claim, SMALL_SEARCH);
    return found.type === "found" ? found.certificate : undefined;
  } catch {
    return undefined;
  }
}

/** Enough for the small claims of these tests: what takes longer is not worth a test's time. */
const SMALL_SEARCH = { stepsMax: 60_000, digitsMax: 4_096, bytesMax: 65_536, lemmasMax: 1_000 };

/** Truth of the kernel's clauses of a claim in a model; undefined where a limit ended the check. */
export function viewOf(
  checker: Checker,
  claim: Claim,
  model: Model,
): (Opened & Assignment) | undefined {
  let opened: Opened;
  try {
    opened = openClaim(checker, claim);
  } catch {
    return undefined;
  }
  return { ...opened, ...assignmentOf(opened.problem, opened.names, model) };
}

/** Whether a claim is true, as far as the oracle sees: looks for a counterexample. */
export function seemsTrue(claim: Claim, seed: string): boolean {
  return findCounterexample(claim, { seed, models: 40, changes: 20 }) === undefined;
}
