import { refutedClaim } from "../formulas/refuted-claim.ts";
import { encodeCertificate, type Step, type Sum } from "../hostile/certificate.ts";
import { applyStep, type Checker, type Opened } from "../hostile/checker.ts";
import { randomLemma } from "../hostile/random-lemma.ts";
import { randomStep } from "../hostile/random-step.ts";
import { addSums } from "../hostile/sum-arithmetic.ts";
import { assignmentOf, truthOf } from "../oracle/assignment.ts";
import type { Model } from "../oracle/model.ts";
import { createRandom } from "../oracle/random.ts";
import { type Attack, viewOf } from "./attack.ts";

/**
 * Generator 4: steps that fit together by chance, at a claim that is false. What the kernel takes of
 * them is done again here, and must be true in the model that refutes the claim.
 */
export const attackCertificates: Attack = (checker, seed) => {
  const { claim, model } = refutedClaim(seed);
  const view = viewOf(checker, claim, model);
  if (view === undefined || view.broken !== undefined) return view?.broken;
  const random = createRandom(`${seed}/steps`);
  const steps: Step[] = [];
  let applied = 0;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const made = random.percent(85)
      ? [randomStep(view, random)]
      : randomLemma(checker, view, random).steps;
    steps.push(...made);
    // Later steps may speak of what earlier ones made; what is refused here ends the certificate.
    const refused = made.findIndex((step) => !isApplied(checker, view, step));
    applied += refused < 0 ? made.length : refused;
    if (refused >= 0) break;
  }
  const answer = checker.certify(claim, encodeCertificate(steps));
  if (answer.type === "certified") return "certified by hostile steps";
  const taken = steps.slice(0, answer.step ?? 0);
  if (taken.length > applied) return `a ${steps[applied]?.type} that is none is taken`;
  return falseStep(view, model, taken);
};

function isApplied(checker: Checker, opened: Opened, step: Step): boolean {
  if (step.type === "atom" && !isCanonical(opened, step.polynomial)) return false;
  try {
    applyStep(checker, opened, step);
    return true;
  } catch {
    return false;
  }
}

/** Whether a polynomial is of unknowns that exist, and as it must be written. */
function isCanonical({ problem }: Opened, sum: Sum): boolean {
  const written = addSums(sum);
  return (
    sum.length > 0 &&
    sum.every(
      ({ unknowns, coefficient }, at) =>
        coefficient !== 0n &&
        unknowns.join() === written[at]?.unknowns.join() &&
        unknowns.every((unknown) => unknown < problem.unknowns.length),
    )
  );
}

function falseStep(opened: Opened, model: Model, taken: readonly Step[]): string | undefined {
  const { broken, truths } = assignmentOf(opened.problem, opened.names, model);
  if (broken !== undefined) return `${taken.map(({ type }) => type).join()}: ${broken}`;
  for (const step of taken) {
    if (step.type !== "lemma" && step.type !== "clause") continue;
    const wanted = step.type === "lemma";
    const isFalse = step.literals.every((literal) => truthOf(truths, literal) === wanted);
    if (isFalse) return `a ${step.type} that is false is taken`;
  }
  return undefined;
}
