import type { TypedRule } from "../typed/typed-contract.ts";
import type { Formula } from "./formulas.ts";
import type { Parts, Symbols } from "./symbols.ts";

/**
 * Rules by which a formula may be assumed of the state before a call, whatever the call is. A rule
 * is tried by making its instance and comparing: keys that are guessed from the formula itself can
 * only make the comparison fail.
 */
export interface Assumed {
  readonly symbols: Symbols;
  /** Sums whose terms are never negative, by their types or by a proof. */
  readonly naturalSums: readonly boolean[];
  readonly instances: Map<string, Formula>;
  /** Answers of each way to guess the keys of an instance. */
  readonly answers: Readonly<Record<Guess, Map<Formula, readonly Assumption[]>>>;
  /** Keys that the formulas of rules depend on, by their names. */
  readonly names: Map<TypedRule, ReadonlySet<string>>;
  readonly cells: Map<Formula, readonly CellRead[]>;
}

/** Keys of an instance: those of cells that a formula reads, or any terms that stand in it. */
export type Guess = "cells" | "terms";

/** Formula that follows from a rule where all of `needs` hold. */
export interface Assumption {
  readonly isOfType: boolean;
  readonly needs: readonly Formula[];
}

export interface CellRead {
  readonly map: string;
  readonly keys: Parts;
}

/** Creates the rules. `shown` has the sums whose terms a proof keeps from being negative. */
export function createAssumed(symbols: Symbols, shown: ReadonlySet<number>): Assumed {
  const naturalSums = symbols.sums.map(({ isNatural }, place) => isNatural || shown.has(place));
  return {
    symbols,
    naturalSums,
    instances: new Map(),
    answers: { cells: new Map(), terms: new Map() },
    names: new Map(),
    cells: new Map(),
  };
}
