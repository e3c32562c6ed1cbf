import { UNITS } from "@aethel/models/primitives";
import { ImpossibleState, OutOfUnits } from "../../intent/execution/intent-run.ts";
import { DivisionByZero } from "../../language/evaluate.ts";
import type { Span } from "../../obligation.ts";
import {
  evaluateTyped,
  fieldValueOf,
  type ReadPlace,
  textOf,
  truthOf,
} from "../evaluate/evaluate-typed.ts";
import { type ContractFault, checkKeys, Fault } from "../evaluate/fault.ts";
import { storedSize } from "../evaluate/stored-value.ts";
import type {
  Place,
  TypedClause,
  TypedContract,
  TypedIntent,
  TypedStatement,
} from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue, ValueType } from "../typed/value-types.ts";
import { isOfType, none, withField } from "../typed/values.ts";
import { changesOf } from "./call-changes.ts";
import { CallRun } from "./call-run.ts";
import { type CompiledCall, compiledCall } from "./compile-intent.ts";
import type { ContractRun } from "./contract-run.ts";
import type { ContractCall, ContractChanges } from "./contract-state.ts";

/** Result of a call. `units` counts the work up to its end. */
export type CallResult =
  | { readonly type: "applied"; readonly changes: ContractChanges; readonly units: number }
  | {
      readonly type: "guard-false";
      readonly span: Span;
      readonly units: number;
    }
  | {
      readonly type: "fault";
      readonly code: ContractFault;
      readonly message: string;
      readonly span: Span;
      readonly units: number;
    }
  /** Run whose next step would have exceeded `unitsMax`. */
  | { readonly type: "out-of-units"; readonly units: number };

/**
 * Runs the guards and effects of an intent of a contract. It depends only on the call, gives a
 * result for any input, and counts each step in `UNITS` before it is done. It writes nothing: the
 * caller must apply all changes or none. The first run of an intent compiles it.
 */
export function runCall(
  contract: TypedContract,
  intent: TypedIntent,
  call: ContractCall,
): CallResult {
  const compiled = compiledCall(contract, intent);
  const run = new CallRun(call, compiled.memory);
  const stopped = attempt(run, intent.span, () => runSteps(compiled, run));
  return stopped ?? { type: "applied", changes: changesOf(run), units: run.units };
}

function runSteps(
  { checkArguments, guard, effect }: CompiledCall,
  run: CallRun,
): CallResult | undefined {
  checkArguments(run);
  for (const { holds, span } of guard) {
    if (!holds(run)) return { type: "guard-false", span, units: run.units };
  }
  for (const step of effect) step(run);
  return undefined;
}

/**
 * Returns units that no run of an intent exceeds whose state and clock are in the ranges of their
 * types. They are computed from the compiled intent alone.
 */
export function callUnitsBound(contract: TypedContract, intent: TypedIntent): number {
  return compiledCall(contract, intent).unitsMost;
}

/**
 * Evaluates a clause on the current state, and tells whether it holds. A `let` binds its name and
 * always holds.
 */
export function clauseHolds(run: ContractRun, clause: TypedClause): boolean {
  if (clause.type === "condition") return truthOf(clause.condition, run.environment);
  run.bind(clause.name, evaluateTyped(clause.value, run.environment));
  return true;
}

/** Runs a statement of an effect. `assert` is proved and does nothing. Throws on a fault. */
export function runStatement(run: ContractRun, statement: TypedStatement): void {
  switch (statement.type) {
    case "let":
      run.bind(statement.name, evaluateTyped(statement.value, run.environment));
      return;
    case "assert":
      return;
    case "emit": {
      const { event, span } = statement;
      const value = evaluateTyped(event, run.environment);
      if (event.type !== "record" || !isOfType(value, event.of)) {
        throw new Fault("range", span, "a field of the event is out of range");
      }
      run.spend(storedSize(event.of) * UNITS.eventByte);
      run.events.push({ name: event.of.name, value });
      return;
    }
    case "store":
      runStore(run, statement);
  }
}

function runStore(run: ContractRun, statement: Extract<TypedStatement, { type: "store" }>): void {
  const { target, span } = statement;
  const place = placeOf(run, target, span);
  const stored = evaluateTyped(statement.value, run.environment);
  const isPart = (target.type === "scalar" || target.type === "cell") && target.field !== undefined;
  const value = isPart
    ? withField(run.read(place, false, span), target.field, scalar(stored))
    : stored;
  if (!isOfType(value, typeOf(run, place))) {
    const shown = typeof stored === "object" ? "a record" : String(stored);
    throw new Fault("range", span, `${shown} is out of the range of what it is stored in`);
  }
  run.store(place, value);
}

function placeOf(run: ContractRun, target: Place, span: Span): Exclude<ReadPlace, { type: "has" }> {
  switch (target.type) {
    case "holding": {
      const account = textOf(target.account, run.environment);
      if (account === none) throw new Fault("none", span, "`none` can hold nothing");
      return { type: "holding", account, field: "balance", asset: target.asset };
    }
    case "supply":
    case "vault":
      return { type: target.type, asset: target.asset };
    case "scalar":
      return { type: "scalar", name: target.name };
    case "cell": {
      const keys = target.keys.map((key) => fieldValueOf(key, run.environment));
      checkKeys(run.map(target.map).keys, keys, span);
      return { type: "cell", map: target.map, keys };
    }
  }
}

function typeOf(run: ContractRun, place: Exclude<ReadPlace, { type: "has" }>): ValueType {
  if (place.type === "cell") return run.map(place.map).value;
  return place.type === "scalar" ? run.scalar(place.name).type : { kind: "amount" };
}

function scalar(value: ContractValue): FieldValue {
  if (typeof value === "object") throw new Error("a checked field is no record");
  return value;
}

/**
 * Runs `steps`, and turns a fault or an exhausted limit in them into a result. Other errors are
 * thrown on. Undefined if `steps` returns no result.
 */
export function attempt(
  run: { readonly units: number },
  span: Span,
  steps: () => CallResult | undefined,
): CallResult | undefined {
  try {
    return steps();
  } catch (error) {
    if (error instanceof OutOfUnits) return { type: "out-of-units", units: run.units };
    if (error instanceof Fault) {
      const { code, message } = error;
      return { type: "fault", code, message, span: error.span, units: run.units };
    }
    if (error instanceof DivisionByZero) {
      const code = "division-by-zero";
      return {
        type: "fault",
        code,
        message: "division by zero",
        span: error.span,
        units: run.units,
      };
    }
    if (error instanceof ImpossibleState) {
      return { type: "fault", code: "state", message: error.message, span, units: run.units };
    }
    throw error;
  }
}
