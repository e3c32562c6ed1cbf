import type { Atom } from "../kernel/problem.ts";
import { spend } from "./budget.ts";
import {
  differenceOf,
  type EqualityPair,
  isPure,
  join,
  joinNumbers,
  joinOperands,
  type Kinds,
  pureUnknowns,
  unknownsOf,
} from "./equality-pairs.ts";
import { addClause, valueOf } from "./solver.ts";
import { addStep, type SearchState } from "./state.ts";
import type { Lemma } from "./steps.ts";

/**
 * Classes of equal unknowns. A class is a tree of equalities that are true; a path in it explains
 * why two unknowns are equal (Nieuwenhuis and Oliveras, "Proof-producing congruence closure",
 * RTA 2005, without the congruences, which are instances on demand).
 */
export interface Equalities {
  readonly pairs: EqualityPair[];
  /** By variable of an atom. */
  readonly byAtom: Map<number, EqualityPair>;
  /** By variable of the gate. */
  readonly byGate: Map<number, EqualityPair>;
  /** Atoms whose pair has no second atom yet, by the unknowns. */
  readonly halves: Map<string, number>;
  /** By unknown. */
  readonly pairsOf: Map<number, EqualityPair[]>;
  /** The unknown that stands for a class, and the members of each class. */
  readonly representatives: Map<number, number>;
  readonly members: Map<number, number[]>;
  /** True equalities by unknown, those that joined classes only. */
  readonly edges: Map<number, EqualityPair[]>;
  readonly merges: Merge[];
  /** Which unknowns are pure; undefined before the search begins. */
  kinds: Kinds | undefined;
  /** Atoms that the simplex need not know. */
  readonly pureAtoms: Set<number>;
  /** Whether a pure unknown turned out to be compared with a number: the search misses that. */
  isMixed: boolean;
  /** Pairs that the search has made since it last looked. */
  readonly fresh: EqualityPair[];
  atomsTaken: number;
  nodesJoined: number;
}

interface Merge {
  readonly pair: EqualityPair;
  readonly from: number;
  readonly into: number;
}

export function createEqualities(): Equalities {
  return {
    pairs: [],
    byAtom: new Map(),
    byGate: new Map(),
    halves: new Map(),
    pairsOf: new Map(),
    representatives: new Map(),
    members: new Map(),
    edges: new Map(),
    merges: [],
    kinds: undefined,
    pureAtoms: new Set(),
    isMixed: false,
    fresh: [],
    atomsTaken: 0,
    nodesJoined: 0,
  };
}

/** Notes the equalities that new atoms make, and clauses from a place on. */
export function takePairs(state: SearchState, firstClause: number): void {
  const { equalities, problem } = state;
  const known = equalities.pairs.length;
  const firstAtom = equalities.atomsTaken;
  for (; equalities.atomsTaken < problem.variables; equalities.atomsTaken++) {
    takeAtom(state, equalities.atomsTaken);
  }
  for (let at = firstClause; at < problem.clauses.length; at++) {
    takeGate(equalities, problem.clauses[at] ?? []);
  }
  if (equalities.kinds === undefined) return;
  joinNodes(state, equalities.kinds);
  for (let atom = firstAtom; atom < problem.variables; atom++) {
    if (!equalities.byAtom.has(atom)) noteNumbers(equalities, problem.atoms[atom]);
  }
  for (const pair of equalities.pairs.slice(known)) {
    const isMixed = isPure(equalities.kinds, pair.left) !== isPure(equalities.kinds, pair.right);
    if (isMixed) equalities.isMixed = true;
    join(equalities.kinds, `${pair.left}`, `${pair.right}`);
    notePure(equalities, pair);
    if (equalities.pureAtoms.has(pair.above >> 1)) equalities.fresh.push(pair);
  }
}

/** What an atom that is no equality is about is a number. */
function noteNumbers(equalities: Equalities, atom: Atom | undefined): void {
  const { kinds, pairsOf, pureAtoms } = equalities;
  if (kinds === undefined || atom === undefined) return;
  for (const unknown of unknownsOf(atom)) {
    const pairs = pairsOf.get(unknown) ?? [];
    if (pairs.some(({ above }) => pureAtoms.has(above >> 1))) equalities.isMixed = true;
    joinNumbers(kinds, unknown);
  }
}

function takeAtom({ equalities, problem }: SearchState, variable: number): void {
  const difference = differenceOf(problem, variable);
  if (difference === undefined) return;
  const { left, right, bound } = difference;
  const key = `${left} ${right}`;
  const half = equalities.halves.get(key);
  if (half === undefined) {
    equalities.halves.set(key, 2 * variable + bound);
    return;
  }
  const literals = [2 * variable + bound, half];
  const [above, below] = bound === 0 ? literals : literals.toReversed();
  if (above === undefined || below === undefined) return;
  const pair: EqualityPair = { left, right, above, below, gate: undefined };
  equalities.pairs.push(pair);
  for (const literal of literals) equalities.byAtom.set(literal >> 1, pair);
  for (const unknown of [left, right]) append(equalities.pairsOf, unknown, pair);
}

/** The long clause of a gate of both atoms: `gate or not above or not below`. */
function takeGate({ byAtom, byGate }: Equalities, clause: readonly number[]): void {
  const [output = 1, first = 0, second = 0] = clause;
  if (clause.length !== 3 || output % 2 === 1) return;
  const pair = byAtom.get(first >> 1);
  if (pair === undefined || byAtom.get(second >> 1) !== pair) return;
  const inputs = [first ^ 1, second ^ 1];
  if (!inputs.includes(pair.above) || !inputs.includes(pair.below)) return;
  pair.gate = output;
  byGate.set(output >> 1, pair);
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}

/** Finds out which unknowns are pure: once, when the claim's clauses are known. */
export function takeKinds(state: SearchState): void {
  const { equalities, problem } = state;
  equalities.kinds = pureUnknowns(problem, equalities.pairs);
  equalities.nodesJoined = problem.nodes.length;
  for (const pair of equalities.pairs) notePure(equalities, pair);
}

function joinNodes({ equalities, problem }: SearchState, kinds: Kinds): void {
  for (; equalities.nodesJoined < problem.nodes.length; equalities.nodesJoined++) {
    joinOperands(problem, kinds, equalities.nodesJoined);
  }
}

function notePure({ kinds, pureAtoms }: Equalities, pair: EqualityPair): void {
  if (kinds === undefined || !isPure(kinds, pair.left) || !isPure(kinds, pair.right)) return;
  pureAtoms.add(pair.above >> 1);
  pureAtoms.add(pair.below >> 1);
}

export function representativeOf({ representatives }: Equalities, unknown: number): number {
  return representatives.get(unknown) ?? unknown;
}

/** Takes in a literal that became true. */
export function assertEquality(state: SearchState, literal: number): void {
  const { byAtom, byGate, pureAtoms } = state.equalities;
  const denied = literal % 2 === 1 ? byGate.get(literal >> 1) : undefined;
  // Its atoms may have been implied and taken back, and nobody decides those.
  if (denied !== undefined && pureAtoms.has(denied.above >> 1)) implyPair(state, denied);
  if (!pureAtoms.has(literal >> 1)) return;
  const pair = byAtom.get(literal >> 1);
  if (pair !== undefined) assertPair(state, pair);
}

/** Looks at equalities that are new: their unknowns may be equal already. */
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
  members.set(into, [...joined, ...moved]);
  for (const unknown of moved) representatives.set(unknown, into);
  append(equalities.edges, pair.left, pair);
  append(equalities.edges, pair.right, pair);
  merges.push({ pair, from, into });
  spend(state.budget, moved.length + joined.length);
  for (const unknown of moved) {
    for (const other of equalities.pairsOf.get(unknown) ?? []) {
      if (equalities.pureAtoms.has(other.above >> 1)) implyPair(state, other);
    }
  }
}

/** Takes back merges until so many are left. */
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

/** Adds that an equality follows from others, if it does and is not true. */
function implyPair(state: SearchState, pair: EqualityPair): void {
  const { equalities, solver } = state;
  const isTrue = (literal: number): boolean => valueOf(solver, literal) > 0;
  if (isTrue(pair.above) && isTrue(pair.below)) return;
  if (representativeOf(equalities, pair.left) !== representativeOf(equalities, pair.right)) return;
  const path = pathBetween(state, pair.left, pair.right);
  const gates = path.flatMap(({ gate }) => (gate !== undefined && isTrue(gate) ? gate : []));
  if (pair.gate !== undefined && gates.length === path.length) {
    countLemma(state);
    const literals = [pair.gate, ...gates.map((gate) => gate ^ 1)];
    addClause(solver, literals, { type: "chain", pair, path }, literals.length);
    return;
  }
  const [above, below] = chainLemmas(pair, path);
  if (!isTrue(pair.above)) addChain(state, above);
  if (!isTrue(pair.below)) addChain(state, below);
}

function countLemma({ budget }: SearchState): void {
  if (++budget.lemmas > budget.limits.lemmasMax) budget.exceeded ??= "lemmas";
}

function addChain(state: SearchState, lemma: Lemma): void {
  const step = addStep(state, lemma);
  const literals = lemma.hypotheses.map((literal) => literal ^ 1);
  addClause(state.solver, literals, { type: "lemma", step }, literals.length);
}

/** The equalities of a tree from one of its unknowns to another. */
function pathBetween(state: SearchState, start: number, end: number): readonly EqualityPair[] {
  const { edges } = state.equalities;
  const cameBy = new Map<number, EqualityPair | undefined>([[start, undefined]]);
  const pending = [start];
  for (let unknown = pending.pop(); unknown !== undefined; unknown = pending.pop()) {
    if (unknown === end) break;
    for (const pair of edges.get(unknown) ?? []) {
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

/** The two lemmas that make an equality follow from a chain: at least, and at most. */
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
