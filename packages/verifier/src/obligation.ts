import type { Term } from "./term.ts";

/** Kind of demand on an intent. */
export type ObligationKind =
  | "satisfiable"
  | "postcondition"
  | "conservation"
  | "range"
  | "defined"
  | "authority";

/** Range in a source text. Lines and columns count from 1, columns in code points. */
export interface Span {
  readonly start: Position;
  readonly end: Position;
}

/** Place in a source text; `offset` counts UTF-16 units from 0. */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/**
 * Formula that must hold.
 *
 * `satisfiable`: all `assumptions` must have a model (and `goal` is `true`). Every other kind:
 * `assumptions => goal` must be valid.
 */
export interface Obligation {
  readonly kind: ObligationKind;
  /** Name of the intent. */
  readonly intent: string;
  /** Demand in the words of the source: "balance of `to` stays in 0 .. 2^64-1". */
  readonly label: string;
  readonly span: Span;
  readonly assumptions: readonly Term[];
  readonly goal: Term;
  /**
   * Terms whose values in a model reconstruct arguments and state, by keys that the encoder chooses
   * and reads back. Integers and booleans only.
   */
  readonly observed: ReadonlyMap<string, Term>;
}
