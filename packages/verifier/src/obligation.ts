import type { Term } from "./term.ts";

/** Kind of an obligation. */
export type ObligationKind =
  | "satisfiable"
  | "postcondition"
  | "conservation"
  | "range"
  | "defined"
  | "authority"
  /** Kinds that only obligations of contracts have. */
  | "ground"
  | "initial"
  | "invariant"
  | "transition"
  | "claim"
  | "assertion"
  | "exit"
  | "coverage";

/** Range in a source text, from `start` up to but not including `end`. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/**
 * Position in a source text. `offset` counts UTF-16 units from 0. `line` and `column` count from 1,
 * and columns are code points.
 */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Formula that must hold for an intent to be valid.
 *
 * For `satisfiable`, all `assumptions` together must have a model; `goal` is `true`. For every
 * other kind, `assumptions => goal` must be valid.
 */
export interface Obligation {
  readonly kind: ObligationKind;
  /** Name of the intent. */
  readonly intent: string;
  /** Obligation in the words of the source, such as "`to.balance` stays in 0 .. 2^64-1". */
  readonly label: string;
  readonly span: Span;
  readonly assumptions: readonly Term[];
  readonly goal: Term;
  /**
   * Observed terms, by key: terms of sort integer or boolean whose values in a solver's model give
   * the arguments and the state of a run. The encoder chooses the keys, and later reads the values
   * under these keys.
   */
  readonly observed: ReadonlyMap<string, Term>;
}
