import { assert, UNITS } from "@aethel/models/primitives";
import type { Environment, Value } from "../../language/evaluate.ts";
import { assetOfHolding, type DeclaredAsset } from "../../language/syntax/assets.ts";
import { type FieldName, type HoldingName, isFieldName } from "../../language/syntax/fields.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { isAmount } from "../ledger-invariants.ts";
import type { ExecutionInput, FieldWrite, SupplyWrite } from "./execution.ts";

/** Field of an account that the run has reached. */
interface Holding {
  readonly account: string;
  readonly asset: DeclaredAsset | undefined;
  readonly field: FieldName;
  /** Amount before the run. */
  readonly before: bigint;
  /** Current amount. Undefined until the run stores one. */
  after: bigint | undefined;
}

/** Supply of an asset that the run has reached. */
interface Supply {
  readonly asset: DeclaredAsset;
  readonly before: bigint;
  after: bigint | undefined;
}

/**
 * Run of an intent that can be stopped and read after any step. The interpreter and the
 * confirmation of counterexamples share it.
 */
export class IntentRun {
  readonly intent: CompiledIntent;
  readonly input: ExecutionInput;
  /** Environment in which the run's expressions are evaluated: names, fields and supplies. */
  readonly environment: Environment;
  /**
   * Fields that the run has reached, by name and then by account. With one map under a joint key,
   * building the key would take longer than the lookup (measured).
   */
  readonly #holdings = new Map<HoldingName, Map<string, Holding>>();
  /** Fields to which the run has stored a value, in the order of first stores. */
  readonly #stored: Holding[] = [];
  /** Supplies that the run has reached, by asset name. */
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

  /**
   * Counts units of work, before the work is done. Throws `OutOfUnits` if they exceed the limit.
   */
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

  /** Returns a stored amount: that before the run if `old` is set, otherwise the current one. */
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

  /**
   * Returns the supply of an asset: that before the run if `old` is set, otherwise the current one.
   */
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

/** Error for a stored amount or supply that no state of the ledger can have. */
export class ImpossibleState extends Error {
  override readonly name = "ImpossibleState";
}

/** Error for a run whose next step would exceed its limit of units. */
export class OutOfUnits extends Error {
  override readonly name = "OutOfUnits";
}

/**
 * Shared error: capturing a stack trace for each would take longer than many runs do (measured).
 */
export const outOfUnits: OutOfUnits = new OutOfUnits();

/** Creates a run that has not executed anything yet. */
export function startRun(intent: CompiledIntent, input: ExecutionInput): IntentRun {
  return new IntentRun(intent, input);
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
