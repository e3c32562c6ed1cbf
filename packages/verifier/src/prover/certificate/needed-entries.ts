import { spend } from "../budget/budget.ts";
import { neededNodes } from "../search/proof-log.ts";
import { type ProblemSize, sizeOf } from "../state/problem-size.ts";
import type { SearchState } from "../state/state.ts";
import type { Step } from "../state/steps.ts";
import { chainLemmas } from "../theories/equality.ts";
import type { Entry } from "./certificate.ts";

/**
 * Collects the entries on which a refutation is based, in the order in which the search found them.
 * These are the steps and learned clauses that the refutation needs, and the steps that made the
 * nodes, unknowns and gates in them.
 */
export function neededEntries(state: SearchState): readonly Entry[] {
  const { log, refutation } = state.solver;
  const steps = new Set<number>();
  const found: { readonly position: number; readonly entry: Entry }[] = [];
  for (const node of neededNodes(log, refutation ?? [])) {
    spend(state.budget, 1);
    const { origin, literals } = log.nodes[node] ?? {};
    if (origin === undefined || literals === undefined || origin.type === "given") continue;
    if (origin.type === "lemma") steps.add(origin.step);
    else {
      if (origin.type === "chain") {
        for (const step of chainLemmas(origin.pair, origin.path)) {
          found.push({ position: node - 0.25, entry: { type: "step", step, end: state.base } });
        }
      }
      found.push({ position: node, entry: { type: "clause", literals } });
      addOwners(state, { literals, nodes: [] }, steps);
    }
  }
  // A set that grows is walked to its end.
  for (const number of steps) {
    const step = state.steps[number];
    spend(state.budget, 1);
    if (step === undefined) continue;
    addOwners(state, spokenOf(step), steps);
    const end = state.sizes[number + 1] ?? sizeOf(state.problem);
    // A step comes before the clause of the log that it adds first.
    const position = (state.logged[number] ?? 0) - 0.5 + number / (2 * state.steps.length + 2);
    found.push({ position, entry: { type: "step", step, end } });
  }
  return found.toSorted((left, right) => left.position - right.position).map(({ entry }) => entry);
}

interface Spoken {
  readonly literals: readonly number[];
  readonly nodes: readonly number[];
}

function spokenOf(step: Step): Spoken {
  switch (step.type) {
    case "congruence":
    case "extensionality":
      return { literals: [], nodes: [step.left, step.right] };
    case "read":
      return { literals: [], nodes: [step.left, step.right, step.index] };
    case "lemma":
      return { literals: step.hypotheses, nodes: [] };
  }
}

/** Adds the steps that made the nodes, variables and unknowns that an entry mentions. */
function addOwners(state: SearchState, { literals, nodes }: Spoken, steps: Set<number>): void {
  const { base, problem } = state;
  for (const node of nodes) if (node >= base.nodes) steps.add(ownerOf(state, node, "nodes"));
  spend(state.budget, literals.length);
  for (const literal of literals) {
    const variable = literal >> 1;
    if (variable < base.variables) continue;
    const atom = problem.atoms[variable];
    if (atom === undefined) steps.add(ownerOf(state, variable, "variables"));
    for (const monomial of atom?.polynomial.monomials ?? []) {
      for (let at = 0; at < monomial.length; at++) {
        const unknown = monomial.charCodeAt(at) - 1;
        if (unknown >= base.unknowns) steps.add(ownerOf(state, unknown, "unknowns"));
      }
    }
  }
}

/** Returns the step that made an id: the last step before which the id did not exist. */
function ownerOf({ sizes }: SearchState, id: number, kind: keyof ProblemSize): number {
  let [low, high] = [0, sizes.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sizes[middle]?.[kind] ?? 0) <= id) low = middle;
    else high = middle - 1;
  }
  return low;
}
