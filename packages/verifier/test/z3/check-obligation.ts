import type { Obligation } from "../../src/obligation.ts";
import type { SolverInstance } from "../../src/z3/instance/solver-instance.ts";
import {
  createObligationRun,
  type ObligationAnswer,
} from "../../src/z3/questions/obligation-run.ts";

/** Asks Z3 about one obligation in a session of its own. Pure in (obligation, limit). */
export function checkObligation(
  instance: SolverInstance,
  obligation: Obligation,
  limit: number,
): ObligationAnswer {
  return createObligationRun(instance).check(obligation, limit);
}
