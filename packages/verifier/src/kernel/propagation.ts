import { type Meter, spend } from "./limits.ts";
import { type Literal, negate, truth } from "./problem.ts";

/**
 * Unit propagation with two watched literals (Moskewicz et al., "Chaff", 2001): a clause is looked
 * at only when one of two of its literals becomes false.
 */
export interface Propagation {
  readonly meter: Meter;
  /** By literal: 1 true, -1 false, else not known. */
  readonly values: (1 | -1 | undefined)[];
  /** By literal: the clauses that watch it, in their first two places. */
  readonly watches: (Literal[][] | undefined)[];
  /** Literals in the order in which they became true. */
  readonly trail: Literal[];
  /** How much of the trail has been looked at. */
  looked: number;
  /** Whether the clauses contradict each other. */
  contradiction: boolean;
}

export function createPropagation(meter: Meter): Propagation {
  const propagation: Propagation = {
    meter,
    values: [],
    watches: [],
    trail: [],
    looked: 0,
    contradiction: false,
  };
  assign(propagation, truth);
  return propagation;
}

/**
 * Adds a clause. Nothing is assumed at this time: what is true or false stays so, hence a clause
 * with one literal left makes it true, and needs no watches.
 */
export function watch(propagation: Propagation, literals: readonly Literal[]): void {
  const { meter, values } = propagation;
  spend(meter, literals.length);
  const clause = literals.filter((literal) => values[literal] !== -1);
  const [first, second] = clause;
  if (first === undefined) propagation.contradiction = true;
  else if (second === undefined) assign(propagation, first);
  else {
    (propagation.watches[first] ??= []).push(clause);
    (propagation.watches[second] ??= []).push(clause);
  }
}

/** Makes true all that follows by single clauses; whether that is a contradiction. */
export function propagate(propagation: Propagation): boolean {
  const { trail } = propagation;
  while (!propagation.contradiction && propagation.looked < trail.length) {
    const literal = trail[propagation.looked++] ?? truth;
    propagation.contradiction = !visit(propagation, negate(literal));
  }
  return propagation.contradiction;
}

/** Whether the clauses and the negations of all `literals` lead to a contradiction. */
export function implies(propagation: Propagation, literals: readonly Literal[]): boolean {
  const { trail, values } = propagation;
  const start = trail.length;
  let found = false;
  for (const literal of literals) {
    found ||= values[literal] === 1;
    if (!found) assign(propagation, negate(literal));
  }
  found ||= propagate(propagation);
  // Back to what holds without the assumptions.
  for (const literal of trail.splice(start)) {
    values[literal] = undefined;
    values[negate(literal)] = undefined;
  }
  propagation.looked = start;
  propagation.contradiction = false;
  return found;
}

function assign({ values, trail }: Propagation, literal: Literal): void {
  if (values[literal] === 1) return;
  values[literal] = 1;
  values[negate(literal)] = -1;
  trail.push(literal);
}

/** Looks at the clauses that watch a literal that became false; whether none contradicts. */
function visit(propagation: Propagation, falsified: Literal): boolean {
  const { values, watches, meter } = propagation;
  const watching = watches[falsified];
  if (watching === undefined) return true;
  const kept: Literal[][] = [];
  watches[falsified] = kept;
  for (const [at, clause] of watching.entries()) {
    if (clause[0] === falsified) swap(clause, 0, 1);
    const other = clause[0] ?? truth;
    let next = 2;
    if (values[other] !== 1) {
      while (next < clause.length && values[clause[next] ?? truth] === -1) next++;
      spend(meter, next);
      if (next < clause.length) {
        swap(clause, 1, next);
        const literal = clause[1] ?? truth;
        (watches[literal] ??= []).push(clause);
        continue;
      }
    }
    kept.push(clause);
    spend(meter, 2);
    if (values[other] === 1) continue;
    if (values[other] === -1) {
      for (let rest = at + 1; rest < watching.length; rest++) kept.push(watching[rest] ?? []);
      return false;
    }
    assign(propagation, other);
  }
  return true;
}

function swap(clause: Literal[], left: number, right: number): void {
  const moved = clause[left] ?? truth;
  clause[left] = clause[right] ?? truth;
  clause[right] = moved;
}
