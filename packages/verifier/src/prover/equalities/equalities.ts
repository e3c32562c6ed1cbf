import type { Atom, Problem } from "../../kernel/problem.ts";
import { type Budget, spendParts } from "../budget/budget.ts";
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

/**
 * Classes of equal unknowns. The true equalities that joined a class form a tree. A path in it
 * explains why two unknowns are equal (Nieuwenhuis and Oliveras, "Proof-producing congruence
 * closure", RTA 2005; without its congruences, which are added as instances on demand).
 */
export interface Equalities {
  readonly budget: Budget;
  readonly pairs: EqualityPair[];
  /** Equality pairs, by the variable of each of their two atoms. */
  readonly byAtom: Map<number, EqualityPair>;
  /** Equality pairs, by the variable of their gate. */
  readonly byGate: Map<number, EqualityPair>;
  /**
   * Literals of atoms that can be one half of an equality pair, and whose other half does not exist
   * yet. The key is the two unknowns (`left right`).
   */
  readonly halves: Map<string, number>;
  /** Equality pairs, by each of their two unknowns. */
  readonly pairsOf: Map<number, EqualityPair[]>;
  /** Representative of each unknown's class. An unknown without an entry is a class of its own. */
  readonly representatives: Map<number, number>;
  /** Members of each class, by its representative. */
  readonly members: Map<number, number[]>;
  /** True equalities that each joined two classes, by each of their two unknowns. */
  readonly edges: Map<number, EqualityPair[]>;
  readonly merges: Merge[];
  /**
   * Classes that tell which unknowns are pure (only compared for equality). Undefined until
   * `takeKinds`; until then no unknown counts as pure.
   */
  kinds: Kinds | undefined;
  /**
   * Variables of atoms between pure unknowns (those that are only compared for equality). The
   * simplex need not have these atoms.
   */
  readonly pureAtoms: Set<number>;
  /**
   * Whether an unknown that counted as pure was used as a number later. The simplex lacks the atoms
   * of this unknown, so the search could miss a contradiction and must start again.
   */
  isMixed: boolean;
  /** Equality pairs that were made during the search and not checked yet. */
  readonly fresh: EqualityPair[];
  atomsTaken: number;
  nodesJoined: number;
}

interface Merge {
  readonly pair: EqualityPair;
  readonly from: number;
  readonly into: number;
}

export function createEqualities(budget: Budget): Equalities {
  return {
    budget,
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

/**
 * Registers the equality pairs that new atoms of the problem form. Also registers the gates of
 * pairs that the clauses from index `firstClause` on define.
 */
export function takePairs(equalities: Equalities, problem: Problem, firstClause: number): void {
  const known = equalities.pairs.length;
  const firstAtom = equalities.atomsTaken;
  for (; equalities.atomsTaken < problem.variables; equalities.atomsTaken++) {
    spendParts(equalities.budget, 4);
    takeAtom(equalities, problem, equalities.atomsTaken);
  }
  for (let at = firstClause; at < problem.clauses.length; at++) {
    spendParts(equalities.budget, 1);
    takeGate(equalities, problem.clauses[at] ?? []);
  }
  if (equalities.kinds === undefined) return;
  joinNodes(equalities, problem, equalities.kinds);
  for (let atom = firstAtom; atom < problem.variables; atom++) {
    if (!equalities.byAtom.has(atom)) noteNumbers(equalities, problem.atoms[atom]);
  }
  for (const pair of equalities.pairs.slice(known)) {
    spendParts(equalities.budget, 16);
    const isMixed = isPure(equalities.kinds, pair.left) !== isPure(equalities.kinds, pair.right);
    if (isMixed) equalities.isMixed = true;
    join(equalities.kinds, `${pair.left}`, `${pair.right}`);
    notePure(equalities, pair);
    if (equalities.pureAtoms.has(pair.above >> 1)) equalities.fresh.push(pair);
  }
}

/**
 * Records that the unknowns of an atom are used as numbers. The atom must not belong to an equality
 * pair.
 */
function noteNumbers(equalities: Equalities, atom: Atom | undefined): void {
  const { kinds, pairsOf, pureAtoms } = equalities;
  if (kinds === undefined || atom === undefined) return;
  for (const unknown of unknownsOf(atom)) {
    const pairs = pairsOf.get(unknown) ?? [];
    spendParts(equalities.budget, 8 + pairs.length);
    if (pairs.some(({ above }) => pureAtoms.has(above >> 1))) equalities.isMixed = true;
    joinNumbers(kinds, unknown);
  }
}

function takeAtom(equalities: Equalities, problem: Problem, variable: number): void {
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

/** Recognises the gate of a pair by its longest clause, `gate or not above or not below`. */
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

/** Appends an item to the list of a key. */
export function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}

/**
 * Finds the pure unknowns (those that are only compared for equality). It is called once, after the
 * clauses of the claim were registered.
 */
export function takeKinds(equalities: Equalities, problem: Problem): void {
  equalities.kinds = pureUnknowns(problem, equalities.pairs, equalities.budget);
  equalities.nodesJoined = problem.nodes.length;
  for (const pair of equalities.pairs) notePure(equalities, pair);
}

function joinNodes(equalities: Equalities, problem: Problem, kinds: Kinds): void {
  for (; equalities.nodesJoined < problem.nodes.length; equalities.nodesJoined++) {
    spendParts(
      equalities.budget,
      16 + 8 * (problem.nodes[equalities.nodesJoined]?.operands.length ?? 0),
    );
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
