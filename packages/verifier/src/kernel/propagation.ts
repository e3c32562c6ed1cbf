import { type Meter, spend } from "./limits.ts";
import { type Literal, negate, truth } from "./problem.ts";

/**
 * Unit propagation with two watched literals (Moskewicz et al., "Chaff: engineering an efficient
 * SAT solver", 2001). A clause is visited only if one of its first two literals becomes false.
 */
export interface Propagation {
  readonly meter: Meter;
  /** Values by literal: 1 true, -1 false, 0 unassigned. */
  readonly values: number[];
  /** Clauses that have a literal in one of their first two places, by the literal. */
  readonly watches: Literal[][][];
  /**
   * Literals in the order in which they became true. The first `looked` of them were propagated
   * already.
   */
  readonly trail: Literal[];
  looked: number;
  /** Whether a contradiction between the clauses was found. */
  contradiction: boolean;
}

/** Creates a propagation in which variable 0 is true. */
export function createPropagation(meter: Meter): Propagation {
  return { meter, values: [1, -1], watches: [[], []], trail: [], looked: 0, contradiction: false };
}

/**
 * Adds a clause. MUST be called outside `implies`, so that the current values are permanent: false
 * literals are left out, and if one literal is left, it becomes true permanently.
 */
export function watch(propagation: Propagation, literals: readonly Literal[]): void {
  spend(propagation.meter, 10 + 2 * literals.length);
  makeRoom(propagation, literals);
  const clause = literals.filter((literal) => propagation.values[literal] !== -1);
  const [first, second] = clause;
  if (first === undefined) propagation.contradiction = true;
  else if (second === undefined) assign(propagation, first);
  else for (const literal of [first, second]) propagation.watches[literal]?.push(clause);
}

/**
 * Makes the last literal of each unit clause true, until nothing follows. Returns whether this
 * finds a contradiction.
 */
export function propagate(propagation: Propagation): boolean {
  while (!propagation.contradiction && propagation.looked < propagation.trail.length) {
    visit(propagation, negate(propagation.trail[propagation.looked++] ?? truth));
  }
  return propagation.contradiction;
}

/**
 * Tells whether the clauses imply the disjunction of `literals`: whether unit propagation finds a
 * contradiction if all of them are false.
 */
export function implies(propagation: Propagation, literals: readonly Literal[]): boolean {
  const { trail, values } = propagation;
  const start = trail.length;
  spend(propagation.meter, 20 + 5 * literals.length);
  makeRoom(propagation, literals);
  for (const literal of literals) {
    if (values[literal] === 1) propagation.contradiction = true;
    else assign(propagation, negate(literal));
  }
  const found = propagate(propagation);
  // Restores the values without the assumptions.
  for (const literal of trail.splice(start)) {
    values[literal] = 0;
    values[negate(literal)] = 0;
  }
  propagation.looked = start;
  propagation.contradiction = false;
  return found;
}

/** Extends the lists so that they have entries for all the given literals. */
function makeRoom({ values, watches }: Propagation, literals: readonly Literal[]): void {
  for (const literal of literals) {
    while (values.length <= (literal | 1)) {
      values.push(0);
      watches.push([]);
    }
  }
}

function assign({ values, trail }: Propagation, literal: Literal): void {
  if (values[literal] === 1) return;
  values[literal] = 1;
  values[negate(literal)] = -1;
  trail.push(literal);
}

/** Visits the clauses that watch a literal that became false. */
function visit(propagation: Propagation, falsified: Literal): void {
  const { values, watches, meter } = propagation;
  const watching = watches[falsified] ?? [];
  let kept = 0;
  for (const clause of watching) {
    const [first = truth, second = truth] = clause;
    const other = first === falsified ? second : first;
    let next = 2;
    const settled = values[other] === 1 || propagation.contradiction;
    while (!settled && next < clause.length && values[clause[next] ?? truth] === -1) next++;
    spend(meter, next);
    const replacement = clause[next];
    if (!settled && replacement !== undefined) {
      [clause[0], clause[1], clause[next]] = [other, replacement, falsified];
      watches[replacement]?.push(clause);
      continue;
    }
    watching[kept++] = clause;
    if (values[other] === -1) propagation.contradiction = true;
    else if (!settled) assign(propagation, other);
  }
  watching.length = kept;
}
