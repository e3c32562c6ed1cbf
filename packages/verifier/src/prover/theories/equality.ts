import { spend, spendLemma, spendParts } from "../budget/budget.ts";
import { append, type Equalities, representativeOf } from "../equalities/equalities.ts";
import type { EqualityPair } from "../equalities/equality-pairs.ts";
import { addClause, valueOf } from "../search/solver.ts";
import { addStep, type SearchState } from "../state/state.ts";
import type { Lemma } from "../state/steps.ts";

/**
 * Processes a literal that became true: joins the classes of two unknowns if both atoms of their
 * equality are true.
 */
export function assertEquality(state: SearchState, literal: number): void {
  const { byAtom, byGate, pureAtoms } = state.equalities;
  const denied = literal % 2 === 1 ? byGate.get(literal >> 1) : undefined;
  // Its atoms may have been implied and undone, and no decision sets them.
  if (denied !== undefined && pureAtoms.has(denied.above >> 1)) implyPair(state, denied);
  if (!pureAtoms.has(literal >> 1)) return;
  const pair = byAtom.get(literal >> 1);
  if (pair !== undefined) assertPair(state, pair);
}

/**
 * Checks the equality pairs that were made during the search. Their equality may already be true,
 * or may already follow from other equalities.
 */
export function checkFresh(state: SearchState): void {
  for (const pair of state.equalities.fresh.splice(0)) {
    assertPair(state, pair);
    implyPair(state, pair);
  }
}

function assertPair(state: SearchState, pair: EqualityPair): void {
  const { solver } = state;
  if (valueOf(solver, pair.above) > 0 && valueOf(solver, pair.below) > 0) merge(state, pair);
}

function merge(state: SearchState, pair: EqualityPair): void {
  const { equalities } = state;
  const { representatives, members, merges } = equalities;
  let [from, into] = [
    representativeOf(equalities, pair.left),
    representativeOf(equalities, pair.right),
  ];
  if (from === into) return;
  const sizeOf = (one: number): number => members.get(one)?.length ?? 1;
  if (sizeOf(from) > sizeOf(into)) [from, into] = [into, from];
  const moved = members.get(from) ?? [from];
  const joined = members.get(into) ?? [into];
  spend(state.budget, moved.length + joined.length);
  members.set(into, [...joined, ...moved]);
  for (const unknown of moved) representatives.set(unknown, into);
  append(equalities.edges, pair.left, pair);
  append(equalities.edges, pair.right, pair);
  merges.push({ pair, from, into });
  for (const unknown of moved) {
    for (const other of equalities.pairsOf.get(unknown) ?? []) {
      if (equalities.pureAtoms.has(other.above >> 1)) implyPair(state, other);
    }
  }
}

/** Undoes merges of classes of equal unknowns, until `length` merges are left. */
export function restoreMerges(equalities: Equalities, length: number): void {
  const { merges, members, representatives, edges } = equalities;
  while (merges.length > length) {
    const last = merges.pop();
    if (last === undefined) return;
    const { pair, from, into } = last;
    const moved = members.get(from) ?? [from];
    for (const unknown of moved) representatives.set(unknown, from);
    members.set(into, (members.get(into) ?? []).slice(0, -moved.length));
    edges.get(pair.left)?.pop();
    edges.get(pair.right)?.pop();
  }
}

/**
 * Adds the clauses by which an equality follows from others. Adds nothing if the equality is true
 * already or does not follow.
 */
function implyPair(state: SearchState, pair: EqualityPair): void {
  const { equalities, solver } = state;
  spendParts(state.budget, 2);
  const isTrue = (literal: number): boolean => valueOf(solver, literal) > 0;
  if (isTrue(pair.above) && isTrue(pair.below)) return;
  if (representativeOf(equalities, pair.left) !== representativeOf(equalities, pair.right)) return;
  const path = pathBetween(state, pair.left, pair.right);
  const gates = path.flatMap(({ gate }) => (gate !== undefined && isTrue(gate) ? gate : []));
  if (pair.gate !== undefined && gates.length === path.length) {
    spendLemma(state.budget);
    const literals = [pair.gate, ...gates.map((gate) => gate ^ 1)];
    addClause(solver, literals, { type: "chain", pair, path }, literals.length);
    return;
  }
  const [above, below] = chainLemmas(pair, path);
  if (!isTrue(pair.above)) addChain(state, above);
  if (!isTrue(pair.below)) addChain(state, below);
}

function addChain(state: SearchState, lemma: Lemma): void {
  const step = addStep(state, lemma);
  const literals = lemma.hypotheses.map((literal) => literal ^ 1);
  addClause(state.solver, literals, { type: "lemma", step }, literals.length);
}

/**
 * Returns the equalities on the path between two unknowns of a class. The equalities that joined
 * the class form a tree.
 */
function pathBetween(state: SearchState, start: number, end: number): readonly EqualityPair[] {
  const { edges } = state.equalities;
  const cameBy = new Map<number, EqualityPair | undefined>([[start, undefined]]);
  const pending = [start];
  for (let unknown = pending.pop(); unknown !== undefined; unknown = pending.pop()) {
    if (unknown === end) break;
    for (const pair of edges.get(unknown) ?? []) {
      spendParts(state.budget, 2);
      const next = pair.left === unknown ? pair.right : pair.left;
      if (cameBy.has(next)) continue;
      cameBy.set(next, pair);
      pending.push(next);
    }
  }
  spend(state.budget, cameBy.size);
  const path: EqualityPair[] = [];
  let at = end;
  for (let pair = cameBy.get(at); pair !== undefined; pair = cameBy.get(at)) {
    path.push(pair);
    at = pair.left === at ? pair.right : pair.left;
  }
  return path.toReversed();
}

/**
 * Returns the two lemmas by which an equality follows from a chain of equalities: `left >= right`
 * and `right >= left`.
 */
export function chainLemmas(
  pair: EqualityPair,
  path: readonly EqualityPair[],
): readonly [Lemma, Lemma] {
  const above: number[] = [];
  const below: number[] = [];
  let at = pair.left;
  for (const link of path) {
    const isForward = link.left === at;
    above.push(isForward ? link.above : link.below);
    below.push(isForward ? link.below : link.above);
    at = isForward ? link.right : link.left;
  }
  return [lemmaOf([...above, pair.above ^ 1]), lemmaOf([...below, pair.below ^ 1])];
}

function lemmaOf(hypotheses: readonly number[]): Lemma {
  const summands = hypotheses.map((literal) => ({ product: [literal], factor: 1 }));
  return { type: "lemma", hypotheses, summands };
}
