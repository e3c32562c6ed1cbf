import { nearlyTrueClaim } from "../formulas/lawful-claim.ts";
import { findCounterexample } from "../oracle/find-counterexample.ts";
import { type Attack, certificateOf, isCertified, viewOf } from "./attack.ts";

/**
 * Generator 2: a claim that is one change away from a law. Where a model refutes it, neither its own
 * certificate nor that of the law may do.
 */
export const attackLaws: Attack = (checker, seed) => {
  const { law, claim, near } = nearlyTrueClaim(seed, seed.length % 2);
  const model = findCounterexample(near, { seed, models: 25, changes: 15 });
  if (model === undefined) return undefined;
  const broken = viewOf(checker, near, model)?.broken;
  if (broken !== undefined) return `${law}, changed: ${broken}`;
  const own = certificateOf(checker, near);
  if (own !== undefined && isCertified(checker, near, own)) return `${law}, changed: certified`;
  const borrowed = certificateOf(checker, claim);
  if (borrowed === undefined) return undefined;
  return isCertified(checker, near, borrowed)
    ? `${law}, changed: certificate of the law`
    : undefined;
};
