import {
  add,
  and,
  atMost,
  equal,
  integer,
  less,
  subtract,
  symbol,
} from "../../src/intent/build-term.ts";
import type { Term } from "../../src/term.ts";

/**
 * Nonlinear obligations like those of contracts, each true, with variants that are false by one unit,
 * one missing guard or the wrong rounding.
 */
export interface ContractClaim {
  readonly title: string;
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

/** True claims, and false ones that differ from them by little. */
export interface ClaimSet {
  readonly right: readonly ContractClaim[];
  readonly wrong: readonly ContractClaim[];
}

export const amountMax = 2n ** 64n - 1n;
export const n = (value: number | bigint): Term => integer(BigInt(value));
export const times = (...operands: readonly Term[]): Term => ({
  type: "arithmetic",
  operator: "multiply",
  operands,
});
export const over = (left: Term, right: Term): Term => ({
  type: "arithmetic",
  operator: "divide",
  operands: [left, right],
});
export const rest = (left: Term, right: Term): Term => ({
  type: "arithmetic",
  operator: "modulo",
  operands: [left, right],
});
export const atLeast = (left: Term, right: Term): Term => atMost(right, left);
export const above = (left: Term, right: Term): Term => less(right, left);
export const plus = add;
export const minus = subtract;

/** Amounts in 0 .. 2^64-1 by name. */
export function amounts(...names: readonly string[]): {
  readonly terms: readonly Term[];
  readonly ranges: readonly Term[];
} {
  const terms = names.map((name) => symbol(name, "integer"));
  return {
    terms,
    ranges: terms.flatMap((term) => [and(atMost(n(0), term), atMost(term, n(amountMax)))]),
  };
}

/** A symbol that equals a term, as a `let` makes it. */
export function named(name: string, value: Term): { readonly term: Term; readonly fact: Term } {
  const term = symbol(name, "integer");
  return { term, fact: equal(term, value) };
}

export function claim(title: string, assumptions: readonly Term[], goal: Term): ContractClaim {
  return { title, assumptions, goal };
}
