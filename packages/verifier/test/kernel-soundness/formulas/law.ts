import type { Sort, Term } from "../../../src/term.ts";
import type { Random } from "../oracle/random.ts";
import type { Claim } from "./build.ts";

/** Parts of a law. */
export interface Parts {
  /** A random term of a sort. */
  readonly of: (sort: Sort) => Term;
  /** A random integer constant from `low` to `high`. */
  readonly number: (low: number, high: number) => Term;
  readonly random: Random;
}

/** A claim that is true whatever the parts are. */
export interface Law {
  readonly name: string;
  readonly claim: (parts: Parts) => Claim;
}

/** A law: what is assumed, and what follows. */
export function law(
  name: string,
  make: (parts: Parts) => readonly [assumptions: readonly Term[], goal: Term],
): Law {
  return {
    name,
    claim: (parts) => {
      const [assumptions, goal] = make(parts);
      return { assumptions, goal };
    },
  };
}
