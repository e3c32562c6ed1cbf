import { assert, UNITS } from "@aethel/models/primitives";
import type { Span } from "../../obligation.ts";
import { Fault } from "../evaluate/fault.ts";
import { storedSize } from "../evaluate/stored-value.ts";
import type { Place, TypedLet, TypedStatement } from "../typed/typed-contract.ts";
import type { ContractValue, ValueType } from "../typed/value-types.ts";
import { none, withField } from "../typed/values.ts";
import type { CallRun } from "./call-run.ts";
import { compileExpression } from "./compile-expression.ts";
import { type CompiledPlace, compilePlace } from "./compile-place.ts";
import type { CompileScope } from "./compile-scope.ts";
import { type Code, counted, fieldIn, type Part } from "./part.ts";
import { type RangeCheck, rangeCheckOf } from "./range-check.ts";
import type { PlaceKind } from "./slot.ts";

/** Compiled statement or `let`. `most`: most units, without first reads and first stores. */
export interface Step {
  readonly run: (run: CallRun) => void;
  readonly most: number;
}

/** Compiles a `let`. Its name stands for the value in all that is compiled after it. */
export function compileLet({ name, value }: TypedLet, scope: CompileScope): Step {
  const part = compileExpression(value, scope);
  const code = counted(part);
  const at = scope.declare(name, part.width);
  return {
    run: (run) => {
      run.locals[at] = code(run);
    },
    most: part.lead + part.rest,
  };
}

/** Compiles a statement of an effect. Undefined for `assert`, which is proved and not run. */
export function compileStatement(statement: TypedStatement, scope: CompileScope): Step | undefined {
  switch (statement.type) {
    case "let":
      return compileLet(statement, scope);
    case "assert":
      return undefined;
    case "emit":
      return compileEmit(statement, scope);
    case "store":
      return compileStore(statement, scope);
  }
}

function compileEmit(
  { event, span }: Extract<TypedStatement, { type: "emit" }>,
  scope: CompileScope,
): Step {
  const part = compileExpression(event, scope);
  const code = counted(part);
  const type = event.type === "record" ? event.of : undefined;
  const check = type === undefined ? () => false : rangeCheckOf(type, part.width);
  const name = type?.name ?? "";
  const units = type === undefined ? 0 : storedSize(type) * UNITS.eventByte;
  return {
    run: (run) => {
      const value = code(run);
      if (check !== undefined && !check(value)) {
        throw new Fault("range", span, "a field of the event is out of range");
      }
      run.spend(units);
      run.events ??= [];
      run.events.push({ name, value });
    },
    most: part.lead + part.rest + units,
  };
}

function compileStore(
  statement: Extract<TypedStatement, { type: "store" }>,
  scope: CompileScope,
): Step {
  const { target, span } = statement;
  const { kind, keys, type, field } = targetOf(target, scope);
  const place = compilePlace(kind, keys, { scope, span });
  const part = compileExpression(statement.value, scope);
  scope.countStore(kind, place.name);
  const run = runStore(
    { ...place, keysOf: kind.type === "holding" ? refuseNone(place.keysOf, span) : place.keysOf },
    { value: counted(part), check: rangeCheckOf(type, part.width), field, span },
  );
  return { run, most: place.lead + place.rest + part.lead + part.rest + UNITS.store };
}

/** Returns the code of a store to a place, or to one field of the record there. */
function runStore(
  { lead, keysOf, slotOf }: CompiledPlace,
  store: {
    readonly value: Code;
    readonly check: RangeCheck | undefined;
    readonly field: number | undefined;
    readonly span: Span;
  },
): Step["run"] {
  const { value, check, field, span } = store;
  if (field === undefined) {
    return (run) => {
      if (lead > 0) run.spend(lead);
      const keys = keysOf(run);
      const stored = value(run);
      if (check !== undefined && !check(stored)) throw outOfRange(stored, span);
      run.store(slotOf(run, keys), stored);
    };
  }
  return (run) => {
    if (lead > 0) run.spend(lead);
    const keys = keysOf(run);
    const stored = value(run);
    const slot = slotOf(run, keys);
    if (check !== undefined && !check(stored)) throw outOfRange(stored, span);
    run.store(slot, withField(slot.after ?? slot.before, field, fieldIn(stored)));
  };
}

function outOfRange(stored: ContractValue, span: Span): Fault {
  const shown = typeof stored === "object" ? "a record" : String(stored);
  return new Fault("range", span, `${shown} is out of the range of what it is stored in`);
}

function refuseNone(keysOf: CompiledPlace["keysOf"], span: Span): CompiledPlace["keysOf"] {
  return (run) => {
    const keys = keysOf(run);
    if (keys[0] === none) throw new Fault("none", span, "`none` can hold nothing");
    return keys;
  };
}

/** Place of a store, with the type of what is stored: one field of a record, if `field` is given. */
interface Target {
  readonly kind: PlaceKind;
  readonly keys: readonly Part[];
  readonly type: ValueType;
  readonly field: number | undefined;
}

function targetOf(target: Place, scope: CompileScope): Target {
  const amount = { type: { kind: "amount" }, field: undefined } as const;
  switch (target.type) {
    case "holding": {
      const keys = [compileExpression(target.account, scope)];
      return { ...amount, kind: scope.holdingKind("balance", target.asset), keys };
    }
    case "supply":
      return { ...amount, kind: scope.supplyKind(target.asset), keys: [] };
    case "vault":
      return { ...amount, kind: scope.vaultKind(target.asset), keys: [] };
    case "scalar": {
      const { field } = target;
      const type = partOf(scope.scalar(target.name).type, field);
      return { kind: scope.scalarKind(target.name), keys: [], type, field };
    }
    case "cell": {
      const { field } = target;
      const keys = target.keys.map((key) => compileExpression(key, scope));
      const type = partOf(scope.map(target.map).value, field);
      return { kind: scope.cellKind(target.map), keys, type, field };
    }
  }
}

function partOf(type: ValueType, field: number | undefined): ValueType {
  if (field === undefined) return type;
  const part = type.kind === "record" ? type.fields[field] : undefined;
  assert(part !== undefined, "a checked field is declared");
  return part.type;
}
