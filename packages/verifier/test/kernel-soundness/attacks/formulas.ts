import { allSorts, randomTerm, type Shape } from "../formulas/random-term.ts";
import { refutedClaim } from "../formulas/refuted-claim.ts";
import { createRandom } from "../oracle/random.ts";
import { type Attack, certificateOf, isCertified, seemsTrue, viewOf } from "./attack.ts";

/** The certificate without steps. */
const EMPTY = Uint8Array.of(1);

/** Generator 1: random formulas that a model refutes, and formulas of which nothing is known. */
export const attackFormulas: Attack = (checker, seed) =>
  attackRefuted(checker, seed) ?? (isSearched(seed) ? attackUnknown(checker, seed) : undefined);

/** Searching takes most of the time: one claim in four is given to the prover. */
function isSearched(seed: string): boolean {
  return createRandom(`${seed}/search`).percent(25);
}

function attackRefuted(checker: Parameters<Attack>[0], seed: string): string | undefined {
  const { claim, model } = refutedClaim(seed);
  if (isCertified(checker, claim, EMPTY)) return "certified without a step";
  const view = viewOf(checker, claim, model);
  if (view?.broken !== undefined) return view.broken;
  const certificate = isSearched(seed) ? certificateOf(checker, claim) : undefined;
  if (certificate === undefined) return undefined;
  return isCertified(checker, claim, certificate) ? "certified by the prover" : undefined;
}

/** Anything that is certified must have no counterexample. */
function attackUnknown(checker: Parameters<Attack>[0], seed: string): string | undefined {
  const random = createRandom(`${seed}/unknown`);
  const shape: Shape = { random, depth: 1 + random.below(3), pool: new Map(), sorts: allSorts };
  const formula = (): ReturnType<typeof randomTerm> => randomTerm("boolean", shape);
  const assumptions = Array.from({ length: random.below(6) }, formula);
  const claim = { assumptions, goal: formula() };
  const certificate = certificateOf(checker, claim) ?? EMPTY;
  if (!isCertified(checker, claim, certificate)) return undefined;
  return seemsTrue(claim, seed) ? undefined : "certified, and a model refutes it";
}
