import type * as atoms from "../../../src/kernel/atoms.ts";
import type * as clausify from "../../../src/kernel/clausify.ts";
import type * as kernel from "../../../src/kernel/index.ts";
import type * as limits from "../../../src/kernel/limits.ts";
import type * as problem from "../../../src/kernel/problem.ts";
import type * as steps from "../../../src/kernel/steps.ts";
import type * as terms from "../../../src/kernel/terms.ts";
import type * as values from "../../../src/kernel/values.ts";
import type * as prover from "../../../src/prover/index.ts";
import type { Term } from "../../../src/term.ts";
import type { Claim } from "../formulas/build.ts";
import type { Step } from "./certificate.ts";
import { kernelPolynomial } from "./sum-arithmetic.ts";

/** Kernel and prover under attack: as they are in the sources, or a mutant. */
export type Checker = Pick<typeof kernel, "certify" | "kernelLimits"> &
  Pick<typeof prover, "findCertificate"> &
  Pick<typeof clausify, "clausify"> &
  Pick<typeof limits, "createMeter"> &
  Pick<typeof problem, "createProblem" | "addClause"> &
  Pick<typeof terms, "createTermReader" | "readFormula"> &
  Pick<typeof values, "defineValues" | "literalAt"> &
  Pick<typeof steps, "addCongruence" | "addRead" | "addExtensionality"> &
  Pick<typeof atoms, "atomLiteral" | "atomOf">;

/** Loads what is attacked by a function that imports a path below `src`. */
export async function loadChecker(
  load: (path: string) => Promise<Partial<Checker>>,
): Promise<Checker> {
  const paths = ["index", "clausify", "limits", "problem", "terms", "values", "steps", "atoms"];
  const modules = await Promise.all([
    ...paths.map((path) => load(`kernel/${path}`)),
    load("prover/index"),
  ]);
  return Object.assign({}, ...modules);
}

/** A claim as the kernel sees it, and the names that its symbols and functions have. */
export interface Opened {
  readonly problem: problem.Problem;
  readonly names: readonly string[];
}

/** The same problem that `certify` starts from, with what the reader knows of names. */
export function openClaim(checker: Checker, { assumptions, goal }: Claim): Opened {
  const { problem: opened, names, formulas } = openFormulas(checker, [...assumptions, goal]);
  for (const [at, literal] of formulas.entries()) {
    checker.addClause(opened, [at < assumptions.length ? literal : literal ^ 1]);
  }
  return { problem: opened, names };
}

/** Formulas as the kernel sees them, none of them asserted, and the literal of each. */
export function openFormulas(
  checker: Checker,
  terms: readonly Term[],
): Opened & { readonly formulas: readonly number[] } {
  const opened = checker.createProblem(checker.createMeter(checker.kernelLimits));
  const reader = checker.createTermReader(opened);
  const nodes = terms.map((term) => checker.readFormula(reader, term));
  checker.defineValues(opened);
  const formulas = nodes.map((node) => checker.literalAt(opened, node));
  return { problem: opened, names: [...reader.names.keys()], formulas };
}

/**
 * Does what a step does, as far as that is not a proof: atoms, congruences, reads, fresh indexes.
 *
 * @throws whatever the kernel throws.
 */
export function applyStep(checker: Checker, { problem: opened }: Opened, step: Step): void {
  switch (step.type) {
    case "atom":
      checker.atomLiteral(opened, kernelPolynomial(step.polynomial), step.strict);
      return;
    case "congruence":
      return checker.addCongruence(opened, step.left, step.right);
    case "read":
      return checker.addRead(opened, [step.left, step.right], step.index);
    case "extensionality":
      return checker.addExtensionality(opened, step.left, step.right);
    case "lemma":
    case "clause":
      return;
  }
}
