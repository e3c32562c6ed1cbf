import type { CompiledIntent } from "../intent/compiled/compile.ts";
import { obligationsOf } from "../intent/encoder/obligations.ts";
import type { ClauseInConflict } from "../judgement.ts";
import { printExpression } from "../language/print/print.ts";
import type { Clause } from "../language/syntax/syntax.ts";
import type { ObligationRun } from "../z3/questions/obligation-run.ts";

/**
 * Finds guard clauses of an intent that contradict each other and are all needed for that: without
 * any one of them the others can hold.
 *
 * Clauses are left out one after the other, the last one first, so the result is the same on every
 * machine. If `limit` is used up or the solver does not decide whether a clause is needed, that
 * clause stays. So the result may contain clauses that are not needed.
 */
export function contradictionOf(
  run: ObligationRun,
  intent: CompiledIntent,
  limit: number,
): { readonly clauses: readonly ClauseInConflict[]; readonly spent: number } {
  let guard = intent.intent.guard;
  let spent = 0;
  for (const clause of guard.toReversed()) {
    // A `let` claims nothing, and later clauses may need its name.
    if (clause.type === "let" || spent >= limit) continue;
    const fewer = guard.filter((one) => one !== clause);
    const [satisfiable] = obligationsOf({ ...intent, intent: { ...intent.intent, guard: fewer } });
    if (satisfiable === undefined) continue;
    const answer = run.check(satisfiable, limit - spent);
    spent += answer.spent;
    if (answer.type === "unsat") guard = fewer;
  }
  return { clauses: guard.flatMap(shown), spent };
}

function shown(clause: Clause): readonly ClauseInConflict[] {
  return clause.type === "let"
    ? []
    : [{ text: printExpression(clause.expression), span: clause.span }];
}
