import type { Term } from "./term.ts";

/** The six things that are demanded of an intent, by name. */
export type ObligationKind =
  | "satisfiable"
  | "postcondition"
  | "conservation"
  | "range"
  | "defined"
  | "authority";

/** Where something stands in a source text. Lines and columns count from 1, columns in code points. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** A place in a source text; `offset` counts UTF-16 units from 0. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/**
 * One formula that must hold.
 *
 * `satisfiable`: there must be a model of all `assumptions` (and `goal` is `true`).
 * Every other kind: `assumptions => goal` must be valid.
 */
export interface Obligation {
  readonly kind: ObligationKind;
  /** Name of the intent it belongs to. */
  readonly intent: string;
  /** What it says, in the words of the source: "balance of `to` stays in 0 .. 2^64-1". */
  readonly label: string;
  readonly span: Span;
  readonly assumptions: readonly Term[];
  readonly goal: Term;
  /**
   * Terms whose values in a model reconstruct arguments and state, keyed by a name that the
   * language chooses and reads back. Integers and booleans only.
   */
  readonly observed: ReadonlyMap<string, Term>;
}
