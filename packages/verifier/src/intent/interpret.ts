import { assert } from "@aethel/models/primitives";
import { assetOfHolding, type DeclaredAsset, holdingName } from "../language/assets.ts";
import type { TypedParameter } from "../language/check.ts";
import {
  DivisionByZero,
  type Environment,
  evaluate,
  evaluateBoolean,
  evaluateNumber,
  type Value,
} from "../language/evaluate.ts";
import { type FieldName, type HoldingName, isFieldName } from "../language/fields.ts";
import { printExpression, printPlace } from "../language/print.ts";
import type { Assignment, Clause, Expression } from "../language/syntax.ts";
import type { Span } from "../obligation.ts";
import type { CompiledIntent } from "./compile.ts";
import { isAmount, isArgument, isSequence } from "./ledger-invariants.ts";

/** What an intent is run on. Accounts are opaque keys (hex in the ledger): equal keys, one account. */
export interface ExecutionInput {
  readonly arguments: ReadonlyMap<string, Value>;
  readonly sequence: bigint;
  /**
   * The stored amount, in `0 .. 2^64-1`; called once for each account and field that is reached.
   * `asset` is given for what is held of a declared asset: then `field` is `balance`.
   */
  readonly read: (account: string, field: FieldName, asset?: DeclaredAsset) => bigint;
  /** The supply of a declared asset. Without it, an intent that looks at one ends in a fault. */
  readonly supply?: (asset: DeclaredAsset) => bigint;
}

/** One stored amount that the run left changed or rewritten, in the order of first stores. */
export interface FieldWrite {
  readonly account: string;
  readonly field: FieldName;
  /** Of which declared asset; the native one when absent. */
  readonly asset?: DeclaredAsset;
  readonly before: bigint;
  readonly after: bigint;
}

/** A supply that an `issue` or `burn` intent stored. Its issuer MUST have signed. */
export interface SupplyWrite {
  readonly asset: DeclaredAsset;
  readonly before: bigint;
  readonly after: bigint;
}

/** What running an intent did. `executionUnits` are counted up to where the run ended. */
export type Execution =
  | {
      readonly type: "applied";
      readonly writes: readonly FieldWrite[];
      /** In the order of first stores. */
      readonly supplies: readonly SupplyWrite[];
      readonly executionUnits: number;
    }
  | {
      readonly type: "guard-false";
      readonly span: Span;
      /** The clause, in canonical text. */
      readonly label: string;
      readonly executionUnits: number;
    }
  | {
      readonly type: "fault";
      readonly code: FaultCode;
      readonly span: Span;
      readonly message: string;
      readonly executionUnits: number;
    };

/**
 * Why a run could not go on. `arguments` and `state` are the caller's: wrong types, a sequence or
 * a stored amount out of range. The other two cannot happen in a proved intent on a state that
 * obeys the ledger's invariants.
 */
export type FaultCode = "arguments" | "state" | "division-by-zero" | "range";

/** Units of each step; a node of an expression is one. They price execution, not judging. */
const units = { node: 1, firstRead: 20, write: 20 } as const;

/**
 * Runs the guards and effects of an intent. Pure but for `read`, total, and of bounded cost: no
 * loops, and no value wider than `LANGUAGE_LIMITS.valueBits`. Nothing is written; the caller
 * applies `writes` or nothing.
 */
export function interpretIntent(intent: CompiledIntent, input: ExecutionInput): Execution {
  const run = startRun(intent, input);
  const stopped = checkInput(run) ?? attempt(run, () => runGuard(run) ?? runEffect(run));
  if (stopped !== undefined) return stopped;
  const [writes, supplies] = [run.writes(), run.supplyWrites()];
  return { type: "applied", writes, supplies, executionUnits: run.units };
}

/** The accounts that must have signed: those that `signer` parameters name, each once. */
export function signersOf(
  intent: CompiledIntent,
  values: ReadonlyMap<string, Value>,
): readonly string[] {
  const signers = new Set<string>();
  for (const parameter of intent.parameters) {
    const account = values.get(parameter.name);
    if (parameter.signer && typeof account === "string") signers.add(account);
  }
  return [...signers];
}

/** Why these arguments are not the ones that the parameters ask for, or nothing. */
export function argumentProblem(
  parameters: readonly TypedParameter[],
  values: ReadonlyMap<string, Value>,
): string | undefined {
  for (const parameter of parameters) {
    const value = values.get(parameter.name);
    if (value === undefined) return `the argument \`${parameter.name}\` is missing`;
    if (!isArgument(parameter, value)) {
      return `the argument \`${parameter.name}\` is not of type \`${parameter.type}\``;
    }
  }
  if (values.size === parameters.length) return undefined;
  return `${values.size} arguments were given, ${parameters.length} are expected`;
}

/** A run that can be stopped and looked at anywhere: what interpreter and confirmation share. */
export class IntentRun {
  readonly intent: CompiledIntent;
  readonly input: ExecutionInput;
  /** Stored amounts before the first effect, by account and field, as far as they were reached. */
  readonly before = new Map<string, bigint>();
  readonly #now = new Map<string, FieldWrite>();
  /** Supplies before the first effect, by the asset's name. */
  readonly #supplies = new Map<string, bigint>();
  readonly #supplyNow = new Map<string, SupplyWrite>();
  readonly #locals = new Map<string, Value>();
  #units = 0;

  constructor(intent: CompiledIntent, input: ExecutionInput) {
    this.intent = intent;
    this.input = input;
  }

  get units(): number {
    return this.#units;
  }

  spend(amount: number): void {
    this.#units += amount;
  }

  name(name: string): Value {
    const value = this.#locals.get(name) ?? this.input.arguments.get(name);
    assert(value !== undefined, "a checked name has a value");
    return value;
  }

  bind(name: string, value: Value): void {
    this.#locals.set(name, value);
  }

  account(parameter: string): string {
    const account = this.input.arguments.get(parameter);
    assert(typeof account === "string", "a checked account is a key");
    return account;
  }

  /** The stored amount before the run (`old`) or at this point of it. */
  field(account: string, field: HoldingName, old: boolean): bigint {
    const key = `${field} ${account}`;
    const current = old ? undefined : this.#now.get(key)?.after;
    return current ?? this.before.get(key) ?? this.#readFirst(key, account, field);
  }

  set(account: string, name: HoldingName, after: bigint): void {
    const before = this.field(account, name, true);
    const asset = this.#assetOf(name);
    const write: FieldWrite =
      asset === undefined
        ? { account, field: nativeField(name), before, after }
        : { account, field: "balance", asset, before, after };
    this.#now.set(`${name} ${account}`, write);
    this.spend(units.write);
  }

  /** The supply of an asset before the run (`old`) or at this point of it. */
  supply(name: string, old: boolean): bigint {
    const current = old ? undefined : this.#supplyNow.get(name)?.after;
    return current ?? this.#supplies.get(name) ?? this.#readSupply(name);
  }

  setSupply(name: string, after: bigint): void {
    const before = this.supply(name, true);
    this.#supplyNow.set(name, { asset: this.#asset(name), before, after });
    this.spend(units.write);
  }

  supplyWrites(): readonly SupplyWrite[] {
    return [...this.#supplyNow.values()];
  }

  writes(): readonly FieldWrite[] {
    return [...this.#now.values()];
  }

  #asset(name: string): DeclaredAsset {
    const asset = this.intent.assets.find((one) => one.name === name);
    assert(asset !== undefined, "a checked asset is declared");
    return asset;
  }

  #assetOf(name: HoldingName): DeclaredAsset | undefined {
    const asset = assetOfHolding(name);
    return asset === "" ? undefined : this.#asset(asset);
  }

  #readSupply(name: string): bigint {
    const value = this.input.supply?.(this.#asset(name));
    if (value === undefined || !isAmount(value)) {
      throw new ImpossibleState(`the supply of ${name} is ${value ?? "not given"}`);
    }
    this.#supplies.set(name, value);
    this.spend(units.firstRead);
    return value;
  }

  #readFirst(key: string, account: string, name: HoldingName): bigint {
    const asset = this.#assetOf(name);
    const value =
      asset === undefined
        ? this.input.read(account, nativeField(name))
        : this.input.read(account, "balance", asset);
    if (!isAmount(value)) throw new ImpossibleState(`${name} ${value} is not in 0 .. 2^64-1`);
    this.before.set(key, value);
    this.spend(units.firstRead);
    return value;
  }
}

class ImpossibleState extends Error {
  override readonly name = "ImpossibleState";
}

/** A run that has done nothing yet. */
export function startRun(intent: CompiledIntent, input: ExecutionInput): IntentRun {
  return new IntentRun(intent, input);
}

/** The fault of an input that no run can start from. */
export function checkInput(run: IntentRun): Execution | undefined {
  const { intent, input } = run;
  const problem = argumentProblem(intent.parameters, input.arguments);
  const { span } = intent.intent.name;
  if (problem !== undefined) return faulted(run, "arguments", span, problem);
  if (isSequence(input.sequence)) return undefined;
  return faulted(run, "arguments", span, `the sequence ${input.sequence} is out of range`);
}

/** Runs the guards; stops at the first that is false. */
export function runGuard(run: IntentRun): Execution | undefined {
  for (const clause of run.intent.intent.guard) {
    if (clauseHolds(run, clause)) continue;
    const label = clause.type === "let" ? "" : printExpression(clause.expression);
    return { type: "guard-false", span: clause.span, label, executionUnits: run.units };
  }
  return undefined;
}

/** Runs the effects; stops at the first store out of range. */
export function runEffect(run: IntentRun): Execution | undefined {
  for (const statement of run.intent.intent.effect) {
    if (statement.type === "let") {
      run.bind(statement.name.text, evaluate(statement.value, environmentOf(run)));
      continue;
    }
    const stopped = runAssignment(run, statement);
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

/** Runs one clause on the present state: a `let` binds its name and holds. */
export function clauseHolds(run: IntentRun, clause: Clause): boolean {
  if (clause.type === "condition") return evaluateBoolean(clause.expression, environmentOf(run));
  run.bind(clause.name.text, evaluate(clause.value, environmentOf(run)));
  return true;
}

/** Runs `steps`, with what they throw turned into faults. */
export function attempt(run: IntentRun, steps: () => Execution | undefined): Execution | undefined {
  try {
    return steps();
  } catch (error) {
    if (error instanceof DivisionByZero) {
      return faulted(run, "division-by-zero", error.span, "division by zero");
    }
    if (error instanceof ImpossibleState) {
      return faulted(run, "state", run.intent.intent.name.span, error.message);
    }
    throw error;
  }
}

function runAssignment(run: IntentRun, statement: Assignment): Execution | undefined {
  const { operator, target } = statement;
  const amount = evaluateNumber(statement.value, environmentOf(run));
  const place = placeOf(run, target);
  const previous = operator === "=" ? 0n : place.read();
  const value = operator === "-=" ? previous - amount : previous + amount;
  if (isAmount(value)) {
    place.store(value);
    return undefined;
  }
  const message = `\`${printPlace(target)}\` would become ${value}, outside 0 .. 2^64-1`;
  return faulted(run, "range", statement.span, message);
}

interface Place {
  readonly read: () => bigint;
  readonly store: (value: bigint) => void;
}

function placeOf(run: IntentRun, target: Assignment["target"]): Place {
  if (target.type === "supply") {
    const asset = target.asset.text;
    const store = (value: bigint): void => run.setSupply(asset, value);
    return { read: () => run.supply(asset, false), store };
  }
  const account = run.account(target.account.text);
  const name = holdingName(target);
  const store = (value: bigint): void => run.set(account, name, value);
  return { read: () => run.field(account, name, false), store };
}

function environmentOf(run: IntentRun): Environment {
  return {
    name: (name) => run.name(name),
    field: ({ account, field, old }) => run.field(run.account(account), field, old),
    supply: ({ asset, old }) => run.supply(asset, old),
    sequence: () => run.input.sequence,
    spend: (_node: Expression["type"]) => run.spend(units.node),
  };
}

function nativeField(name: HoldingName): FieldName {
  assert(isFieldName(name), "what is of no declared asset is a field");
  return name;
}

function faulted(run: IntentRun, code: FaultCode, span: Span, message: string): Execution {
  return { type: "fault", code, span, message, executionUnits: run.units };
}
