import { pinnedClaims } from "../formulas/pinned-claims.ts";
import { findCounterexample } from "../oracle/find-counterexample.ts";
import { type Attack, certificateOf, isCertified, viewOf } from "./attack.ts";

/** Claims with a counterexample that is too large to look at node by node. */
const LARGE = /^(?:70,000|a power|a coefficient)/;

/** One of the pinned false claims, by its place in the list. */
export const attackPinned: Attack = (checker, place) => {
  const pinned = pinnedClaims[Number(place)];
  if (pinned === undefined) throw new Error(`no pinned claim ${place}`);
  const { name, claim } = pinned;
  if (isCertified(checker, claim, Uint8Array.of(1))) return `${name}: certified without a step`;
  if (!LARGE.test(name)) {
    const model = findCounterexample(claim, { seed: name, models: 300, changes: 30 });
    if (model === undefined) throw new Error(`${name}: no counterexample`);
    const broken = viewOf(checker, claim, model)?.broken;
    if (broken !== undefined) return `${name}: ${broken}`;
  }
  const certificate = certificateOf(checker, claim);
  if (certificate === undefined || !isCertified(checker, claim, certificate)) return undefined;
  return `${name}: certified by the prover`;
};
