import type { Term } from "../../term.ts";

/** Returns the negation of a boolean. */
export function not(operand: Term): Term {
  return { type: "not", operand };
}

/** Returns the equality of two terms of one sort. */
export function equal(left: Term, right: Term): Term {
  return { type: "equal", left, right };
}

/** Returns a choice between two terms of one sort. */
export function choose(condition: Term, then: Term, otherwise: Term): Term {
  // oxlint-disable-next-line unicorn/no-thenable -- data of a formula, never awaited
  return { type: "if", condition, then, else: otherwise };
}
