import { refutedClaim } from "../formulas/refuted-claim.ts";
import { tightClaim } from "../formulas/tight-claim.ts";
import { encodeCertificate } from "../hostile/certificate.ts";
import type { Opened } from "../hostile/checker.ts";
import { type RandomLemma, randomLemma } from "../hostile/random-lemma.ts";
import { createRandom, type Random } from "../oracle/random.ts";
import { type Attack, viewOf } from "./attack.ts";

/**
 * Generator 3: lemmas at the checker. All hypotheses of each lemma hold in a model, so that it is
 * wrong to take it. Whether it was taken is seen from the step at which the certificate fails.
 */
export const attackLemmas: Attack = (checker, seed) => {
  const random = createRandom(`${seed}/lemma`);
  const { claim, model } = random.percent(40) ? refutedClaim(seed) : tightClaim(seed);
  const view = viewOf(checker, claim, model);
  if (view === undefined || view.broken !== undefined) return view?.broken;
  const { steps, literals } = random.percent(20)
    ? deniedPair(view, random)
    : randomLemma(checker, view, random);
  const answer = checker.certify(claim, encodeCertificate(steps));
  if (answer.type === "certified") return "certified by a lemma";
  const taken = literals.length > 0 && answer.step === steps.length;
  return taken ? `a lemma of ${literals.length} is taken` : undefined;
};

/** A lemma of two literals that are false from the start: what it says must not contradict that. */
function deniedPair({ problem }: Opened, random: Random): RandomLemma {
  const denied = problem.clauses.flatMap((clause) =>
    clause.length === 1 ? clause.map((literal) => literal ^ 1) : [],
  );
  if (denied.length < 2) return { steps: [], literals: [] };
  const summands = [0, 1].map((at) => ({ hypotheses: [at], factor: 1n }));
  const pair = [random.pick(denied), random.pick(denied)];
  return { steps: [{ type: "lemma", literals: pair, summands }], literals: [] };
}
