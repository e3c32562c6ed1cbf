import type { Span } from "../../obligation.ts";
import { evaluateTyped } from "../evaluate/evaluate-typed.ts";
import { ContractRun } from "../execution/contract-run.ts";
import { attempt, clauseHolds, runStatement } from "../execution/run-call.ts";
import type { TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue } from "../typed/value-types.ts";
import { evaluateWhole, type WholeWorld } from "../whole-state/evaluate-rules.ts";
import { applyChanges } from "../whole-state/whole-state.ts";
import type { Concrete } from "./concrete.ts";
import { spending } from "./exit-claim.ts";

/**
 * Finds whether the condition of an `assert` or of `verify` at a given span is false when a call
 * runs, and the comparison that makes it so. Undefined if it holds. The interpreter does not
 * execute these conditions, and they may contain sums. So they are evaluated on the whole state at
 * that point of the run.
 */
export function falseAt(
  contract: TypedContract,
  intent: TypedIntent,
  of: {
    readonly concrete: Concrete;
    readonly span: Span;
    readonly callOf: (run: ContractRun) => NonNullable<WholeWorld["call"]>;
  },
): { readonly comparison: string | undefined } | undefined {
  const { concrete, span, callOf } = of;
  const run = new ContractRun(contract, concrete.call);
  let found: { readonly comparison: string | undefined } | undefined;
  const look = (condition: Typed, at: Span): void => {
    if (at.start.offset !== span.start.offset) return;
    const now = applyChanges(contract, concrete.state, run.changes());
    const { state: before, spend } = concrete;
    const world: WholeWorld = { contract, before, now, call: callOf(run), ...spending(spend) };
    const value = (typed: Typed): ContractValue => evaluateWhole(typed, world, run.locals);
    if (value(condition) === false) found ??= { comparison: falseComparison(condition, value) };
  };
  attempt(run, intent.span, () => {
    for (const clause of [...intent.lets, ...intent.guard]) {
      if (!clauseHolds(run, clause)) return { type: "guard-false", span: clause.span, units: 0 };
    }
    for (const statement of intent.effect) {
      if (statement.type === "assert") look(statement.condition, statement.span);
      else runStatement(run, statement);
    }
    for (const clause of intent.verify) {
      if (clause.type === "condition") look(clause.condition, clause.span);
      else run.bind(clause.name, evaluateTyped(clause.value, run.environment));
    }
    return undefined;
  });
  concrete.spend?.(run.units);
  return found;
}

/**
 * Returns the comparison of two numbers that makes a condition false, with its numbers: `3 == 5 is
 * false`. Undefined if the condition is not false because of one.
 */
export function falseComparison(
  condition: Typed,
  evaluate: (typed: Typed) => ContractValue,
): string | undefined {
  let typed = condition;
  while (typed.type === "binary") {
    const { operator, left, right } = typed;
    if (operator === "=>") typed = right;
    else if (operator === "&&") typed = evaluate(left) === true ? right : left;
    else {
      const [first, second] = [left, right].map(evaluate);
      if (typeof first !== "bigint" || typeof second !== "bigint") return undefined;
      return /^(?:[=!]=|[<>]=?)$/.test(operator)
        ? `${first} ${operator} ${second} is false`
        : undefined;
    }
  }
  return undefined;
}
