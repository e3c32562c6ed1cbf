import { assert, UNITS } from "@aethel/models/primitives";
import {
  DivisionByZero,
  type Environment,
  evaluate,
  evaluateBoolean,
  evaluateNumber,
  type Value,
} from "../../language/evaluate.ts";
import { printExpression, printPlace } from "../../language/print.ts";
import { assetOfHolding, type DeclaredAsset, holdingName } from "../../language/syntax/assets.ts";
import { type FieldName, type HoldingName, isFieldName } from "../../language/syntax/fields.ts";
import type { Assignment, Clause, Expression } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { isAmount, isSequence } from "../ledger-invariants.ts";
import { argumentProblem } from "./arguments.ts";

/**
 * Arguments and state of a run. Accounts are opaque keys (hexadecimal in the ledger); equal keys
 * are one account.
 */
export interface ExecutionInput {
  readonly arguments: ReadonlyMap<string, Value>;
  readonly sequence: bigint;
  /** Timestamp of the block, in milliseconds of header time. No program can read it yet. */
  readonly now?: bigint;
  /**
   * Returns the stored amount, in `0 .. 2^64-1`. It is called once for each account and field that
   * the run reaches. With `asset`, the amount is of that asset and `field` is `balance`.
   */
  readonly read: (account: string, field: FieldName, asset?: DeclaredAsset) => bigint;
  /**
   * Returns the supply of a declared asset. Without this function an intent that reads a supply
   * ends in a fault.
   */
  readonly supply?: (asset: DeclaredAsset) => bigint;
  /**
   * Greatest number of units that the run may take; work beyond it is not begun. Default: no limit.
   */
  readonly unitsMax?: number;
}

/** Stored amount that the run wrote, changed or not, in the order of first stores. */
export interface FieldWrite {
  readonly account: string;
  readonly field: FieldName;
  /** Declared asset; absent for the native one. */
  readonly asset?: DeclaredAsset;
  readonly before: bigint;
  readonly after: bigint;
}

/** Supply that an `issue` or `burn` intent wrote. Its issuer MUST have signed. */
export interface SupplyWrite {
  readonly asset: DeclaredAsset;
  readonly before: bigint;
  readonly after: bigint;
}

/** Result of running an intent. `executionUnits` are counted up to the end of the run. */
export type Execution =
  | {
      readonly type: "applied";
      readonly writes: readonly FieldWrite[];
      /** Supplies in the order of first stores. */
      readonly supplies: readonly SupplyWrite[];
      readonly executionUnits: number;
    }
  | {
      readonly type: "guard-false";
      readonly span: Span;
      /** Clause, in canonical text. */
      readonly label: string;
      readonly executionUnits: number;
    }
  | {
      readonly type: "fault";
      readonly code: FaultCode;
      readonly span: Span;
      readonly message: string;
      readonly executionUnits: number;
    }
  | {
      /** The next step would have exceeded `unitsMax`; `executionUnits` is `unitsMax`. */
      readonly type: "out-of-units";
      readonly executionUnits: number;
    };

/**
 * Reason of a fault. `arguments` and `state` are the caller's mistakes: wrong types, or a sequence
 * or stored amount out of range. The other two cannot happen in a proved intent on a state that
 * obeys the ledger's invariants.
 */
export type FaultCode = "arguments" | "state" | "division-by-zero" | "range";

/**
 * Runs the guards and effects of an intent. Pure except for `read`, total, and of bounded cost:
 * there are no loops, no value is wider than `LANGUAGE_LIMITS.valueBits`, and each step is paid for
 * in `UNITS` before it is done. It writes nothing; the caller applies all `writes` or none.
 */
export function interpretIntent(intent: CompiledIntent, input: ExecutionInput): Execution {
  const run = startRun(intent, input);
  const stopped = checkInput(run) ?? attempt(run, () => runGuard(run) ?? runEffect(run));
  if (stopped !== undefined) return stopped;
  const [writes, supplies] = [run.writes(), run.supplyWrites()];
  return { type: "applied", writes, supplies, executionUnits: run.units };
}

/** Stored amount of an account that the run has reached. */
interface Holding {
  readonly account: string;
  readonly asset: DeclaredAsset | undefined;
  readonly field: FieldName;
  /** Amount before the first effect. */
  readonly before: bigint;
  /** Current amount; undefined until it is stored. */
  after: bigint | undefined;
}

/** Supply of an asset that the run has reached. */
interface Supply {
  readonly asset: DeclaredAsset;
  readonly before: bigint;
  after: bigint | undefined;
}

/**
 * Run that can be stopped and read at any place. The interpreter and the confirmation of
 * counterexamples share it.
 */
export class IntentRun {
  readonly intent: CompiledIntent;
  readonly input: ExecutionInput;
  /** Names, fields and supplies as expressions of the run see them. */
  readonly environment: Environment;
  /** Fields by name, then by account. One key for both would cost more than the read (measured). */
  readonly #holdings = new Map<HoldingName, Map<string, Holding>>();
  /** Fields in the order of first stores. */
  readonly #stored: Holding[] = [];
  /** Supplies by the asset's name. */
  readonly #supplies = new Map<string, Supply>();
  readonly #storedSupplies: Supply[] = [];
  #locals: Map<string, Value> | undefined;
  #units = 0;
  readonly #unitsMax: number;

  constructor(intent: CompiledIntent, input: ExecutionInput) {
    this.intent = intent;
    this.input = input;
    this.#unitsMax = input.unitsMax ?? Number.POSITIVE_INFINITY;
    this.environment = environmentOf(this);
  }

  get units(): number {
    return this.#units;
  }

  /** Pays for work before it is done. Throws when the run has too few units. */
  spend(amount: number): void {
    if (amount > this.#unitsMax - this.#units) {
      this.#units = this.#unitsMax;
      throw outOfUnits;
    }
    this.#units += amount;
  }

  name(name: string): Value {
    const value = this.#locals?.get(name) ?? this.input.arguments.get(name);
    assert(value !== undefined, "a checked name has a value");
    return value;
  }

  bind(name: string, value: Value): void {
    this.#locals ??= new Map();
    this.#locals.set(name, value);
  }

  account(parameter: string): string {
    const account = this.input.arguments.get(parameter);
    assert(typeof account === "string", "a checked account is a key");
    return account;
  }

  /** Returns a stored amount before the run (`old`) or now. */
  field(account: string, name: HoldingName, old: boolean): bigint {
    const holding = this.#holding(account, name);
    return old ? holding.before : (holding.after ?? holding.before);
  }

  set(account: string, name: HoldingName, after: bigint): void {
    const holding = this.#holding(account, name);
    const first = UNITS.write + (name === "stake" ? UNITS.stake : 0);
    this.spend(holding.after === undefined ? UNITS.store + first : UNITS.store);
    if (holding.after === undefined) this.#stored.push(holding);
    holding.after = after;
  }

  /** Returns the supply of an asset before the run (`old`) or now. */
  supply(name: string, old: boolean): bigint {
    const supply = this.#supply(name);
    return old ? supply.before : (supply.after ?? supply.before);
  }

  setSupply(name: string, after: bigint): void {
    const supply = this.#supply(name);
    this.spend(supply.after === undefined ? UNITS.store + UNITS.write : UNITS.store);
    if (supply.after === undefined) this.#storedSupplies.push(supply);
    supply.after = after;
  }

  supplyWrites(): readonly SupplyWrite[] {
    return this.#storedSupplies.map(({ asset, before, after = before }) => ({
      asset,
      before,
      after,
    }));
  }

  writes(): readonly FieldWrite[] {
    return this.#stored.map(({ account, asset, field, before, after = before }) =>
      asset === undefined
        ? { account, field, before, after }
        : { account, field, asset, before, after },
    );
  }

  #asset(name: string): DeclaredAsset {
    const asset = this.intent.assets.find((one) => one.name === name);
    assert(asset !== undefined, "a checked asset is declared");
    return asset;
  }

  #supply(name: string): Supply {
    const known = this.#supplies.get(name);
    if (known !== undefined) return known;
    this.spend(UNITS.read);
    const asset = this.#asset(name);
    const before = this.input.supply?.(asset);
    if (before === undefined || !isAmount(before)) {
      throw new ImpossibleState(`the supply of ${name} is ${before ?? "not given"}`);
    }
    const supply: Supply = { asset, before, after: undefined };
    this.#supplies.set(name, supply);
    return supply;
  }

  #holding(account: string, name: HoldingName): Holding {
    const ofAccounts = this.#holdings.get(name);
    const known = ofAccounts?.get(account);
    if (known !== undefined) return known;
    this.spend(UNITS.read);
    const holding = this.#readFirst(account, name);
    if (ofAccounts === undefined) this.#holdings.set(name, new Map([[account, holding]]));
    else ofAccounts.set(account, holding);
    return holding;
  }

  #readFirst(account: string, name: HoldingName): Holding {
    const declared = assetOfHolding(name);
    const asset = declared === "" ? undefined : this.#asset(declared);
    const field = asset === undefined ? nativeField(name) : "balance";
    const before =
      asset === undefined
        ? this.input.read(account, field)
        : this.input.read(account, field, asset);
    if (!isAmount(before)) throw new ImpossibleState(`${name} ${before} is not in 0 .. 2^64-1`);
    return { account, asset, field, before, after: undefined };
  }
}

class ImpossibleState extends Error {
  override readonly name = "ImpossibleState";
}

class OutOfUnits extends Error {
  override readonly name = "OutOfUnits";
}

/** Error that is made once: capturing a stack trace takes longer than many a run (measured). */
const outOfUnits = new OutOfUnits();

/** Starts a run that has not done anything yet. */
export function startRun(intent: CompiledIntent, input: ExecutionInput): IntentRun {
  return new IntentRun(intent, input);
}

/** Returns the fault of an input with which no run can start. */
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
    const label = clause.type === "let" ? "" : labelOf(clause.expression);
    return { type: "guard-false", span: clause.span, label, executionUnits: run.units };
  }
  return undefined;
}

/** Texts of clauses that were false: printing a clause takes longer than evaluating it. */
const labels = new WeakMap<Expression, string>();

function labelOf(expression: Expression): string {
  const known = labels.get(expression);
  if (known !== undefined) return known;
  const label = printExpression(expression);
  labels.set(expression, label);
  return label;
}

/** Runs the effects; stops at the first store out of range. */
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

/** Runs one clause on the current state. A `let` binds its name and holds. */
export function clauseHolds(run: IntentRun, clause: Clause): boolean {
  if (clause.type === "condition") return evaluateBoolean(clause.expression, run.environment);
  run.bind(clause.name.text, evaluate(clause.value, run.environment));
  return true;
}

/** Runs `steps`, and turns what they throw into faults. */
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

function environmentOf(run: IntentRun): Environment {
  return {
    name: (name) => run.name(name),
    field: ({ account, field, old }) => run.field(run.account(account), field, old),
    supply: ({ asset, old }) => run.supply(asset, old),
    sequence: () => run.input.sequence,
    spend: (units) => run.spend(units),
  };
}

function nativeField(name: HoldingName): FieldName {
  assert(isFieldName(name), "what is of no declared asset is a field");
  return name;
}

function faulted(run: IntentRun, code: FaultCode, span: Span, message: string): Execution {
  return { type: "fault", code, span, message, executionUnits: run.units };
}
