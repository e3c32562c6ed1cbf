import type { Operator, TypedTerm } from "../graph/typed-term.ts";
import type { Sort } from "../sorts/sort.ts";

/** How large a term can become when it is simplified: bounds that Z3 does not count. */
export interface Growth {
  /** 64-bit words of the largest constant that it can fold to. */
  readonly words: number;
}

/** Measures a term that is about to be made. */
export type GrowthOf = (
  operator: Operator,
  operands: readonly TypedTerm[],
  sort: Sort,
  at: number,
) => Growth;
