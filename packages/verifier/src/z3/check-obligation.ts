import type { Obligation } from "../obligation.ts";
import { createObligationRun, type ObligationAnswer } from "./obligation-run.ts";
import type { SolverInstance } from "./solver-instance.ts";

/** Asks Z3 about one obligation in a session of its own. Pure in (obligation, limit). */
export function checkObligation(
  instance: SolverInstance,
  obligation: Obligation,
  limit: number,
): ObligationAnswer {
  return createObligationRun(instance).check(obligation, limit);
}
