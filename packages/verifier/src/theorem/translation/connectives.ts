import type { Term } from "../../term.ts";

/** Returns the negation of a boolean. */
export function not(operand: Term): Term {
  return { type: "not", operand };
}

/** Returns the formula that two terms of one sort are equal. */
export function equal(left: Term, right: Term): Term {
  return { type: "equal", left, right };
}

/** Returns the term that is `then` if the condition holds, otherwise `otherwise`. */
export function choose(condition: Term, then: Term, otherwise: Term): Term {
  // oxlint-disable-next-line unicorn/no-thenable -- data of a formula, never awaited
  return { type: "if", condition, then, else: otherwise };
}
