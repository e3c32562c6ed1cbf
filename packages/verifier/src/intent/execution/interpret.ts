import {
  DivisionByZero,
  evaluate,
  evaluateBoolean,
  evaluateNumber,
} from "../../language/evaluate.ts";
import { printExpression, printPlace } from "../../language/print/print.ts";
import { holdingName } from "../../language/syntax/assets.ts";
import type { Assignment, Clause, Expression } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { isAmount, isSequence } from "../ledger-invariants.ts";
import { argumentProblem } from "./arguments.ts";
import type { Execution, ExecutionInput, FaultCode } from "./execution.ts";
import { ImpossibleState, type IntentRun, OutOfUnits, startRun } from "./intent-run.ts";

/**
 * Runs the guards and effects of an intent. It depends only on its arguments and on the results of
 * `read` and `supply`, gives a result for any input, and has bounded cost: there are no loops, no
 * value is wider than `LANGUAGE_LIMITS.valueBits`, and each step is counted in `UNITS` before it is
 * done. It writes nothing; the caller must apply either all `writes` and `supplies` or none.
 */
export function interpretIntent(intent: CompiledIntent, input: ExecutionInput): Execution {
  const run = startRun(intent, input);
  const stopped = checkInput(run) ?? attempt(run, () => runGuard(run) ?? runEffect(run));
  if (stopped !== undefined) return stopped;
  const [writes, supplies] = [run.writes(), run.supplyWrites()];
  return { type: "applied", writes, supplies, executionUnits: run.units };
}

/** Returns the fault if the arguments or the sequence do not permit a run; otherwise undefined. */
export function checkInput(run: IntentRun): Execution | undefined {
  const { intent, input } = run;
  const problem = argumentProblem(intent.parameters, input.arguments);
  const { span } = intent.intent.name;
  if (problem !== undefined) return faulted(run, "arguments", span, problem);
  if (isSequence(input.sequence)) return undefined;
  return faulted(run, "arguments", span, `the sequence ${input.sequence} is out of range`);
}

/** Runs the guards. Returns the first one that is false, or undefined if all hold. */
export function runGuard(run: IntentRun): Execution | undefined {
  for (const clause of run.intent.intent.guard) {
    if (clauseHolds(run, clause)) continue;
    const label = clause.type === "let" ? "" : labelOf(clause.expression);
    return { type: "guard-false", span: clause.span, label, executionUnits: run.units };
  }
  return undefined;
}

/**
 * Printed texts of clauses that were false. They are kept because printing a clause takes longer
 * than evaluating it.
 */
const labels = new WeakMap<Expression, string>();

function labelOf(expression: Expression): string {
  const known = labels.get(expression);
  if (known !== undefined) return known;
  const label = printExpression(expression);
  labels.set(expression, label);
  return label;
}

/**
 * Runs the effects. Returns a fault at the first store out of range, or undefined if there is none.
 */
export function runEffect(run: IntentRun): Execution | undefined {
  for (const statement of run.intent.intent.effect) {
    if (statement.type === "let") {
      run.bind(statement.name.text, evaluate(statement.value, run.environment));
      continue;
    }
    const stopped = runAssignment(run, statement);
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

/**
 * Evaluates one clause on the current state, and tells whether it holds. A `let` binds its name and
 * always holds.
 */
export function clauseHolds(run: IntentRun, clause: Clause): boolean {
  if (clause.type === "condition") return evaluateBoolean(clause.expression, run.environment);
  run.bind(clause.name.text, evaluate(clause.value, run.environment));
  return true;
}

/**
 * Runs `steps`. Turns a division by zero or an impossible state into a fault, and an exhausted
 * limit into `out-of-units`. Other errors are thrown on. Undefined if `steps` returns no result.
 */
export function attempt(run: IntentRun, steps: () => Execution | undefined): Execution | undefined {
  try {
    return steps();
  } catch (error) {
    if (error instanceof DivisionByZero) {
      return faulted(run, "division-by-zero", error.span, "division by zero");
    }
    if (error instanceof OutOfUnits) {
      return { type: "out-of-units", executionUnits: run.units };
    }
    if (error instanceof ImpossibleState) {
      return faulted(run, "state", run.intent.intent.name.span, error.message);
    }
    throw error;
  }
}

function runAssignment(run: IntentRun, statement: Assignment): Execution | undefined {
  const { operator, target } = statement;
  const amount = evaluateNumber(statement.value, run.environment);
  const previous = operator === "=" ? 0n : present(run, target);
  const value = operator === "-=" ? previous - amount : previous + amount;
  if (isAmount(value)) {
    store(run, target, value);
    return undefined;
  }
  const message = `\`${printPlace(target)}\` would become ${value}, outside 0 .. 2^64-1`;
  return faulted(run, "range", statement.span, message);
}

function present(run: IntentRun, target: Assignment["target"]): bigint {
  if (target.type === "supply") return run.supply(target.asset.text, false);
  return run.field(run.account(target.account.text), holdingName(target), false);
}

function store(run: IntentRun, target: Assignment["target"], value: bigint): void {
  if (target.type === "supply") run.setSupply(target.asset.text, value);
  else run.set(run.account(target.account.text), holdingName(target), value);
}

function faulted(run: IntentRun, code: FaultCode, span: Span, message: string): Execution {
  return { type: "fault", code, span, message, executionUnits: run.units };
}
