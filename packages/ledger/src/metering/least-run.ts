import { type Argument, assert, type Call, toHex, UNITS } from "@aethel/models";
import type { CompiledIntent } from "@aethel/verifier";

/**
 * Store (a write of a field or holding) that every complete run makes. Two stores of one intent on
 * the same account and field count once.
 */
interface SureStore {
  readonly step: number;
  /** Index of the account among the arguments of the whole program. */
  readonly argument: number;
  /** Name of the declared asset, or name of the field with a dot in front. */
  readonly holding: string;
  readonly units: number;
}

/** Least work of every complete run of a program, on any state. */
export interface SureWork {
  /**
   * Execution units that are the same for all arguments. Those of `stores` depend on whether some
   * arguments are the same account.
   */
  readonly units: number;
  readonly stores: readonly SureStore[];
}

/** Computes the least work of every complete run of a program. */
export function sureWorkOf(steps: readonly CompiledIntent[]): SureWork {
  const stores: SureStore[] = [];
  let units = Math.max(0, steps.length - 1) * UNITS.step;
  let from = 0;
  for (const [step, { intent, parameters, writes }] of steps.entries()) {
    // Each clause and each statement has an expression, of one node at least.
    units += (intent.guard.length + intent.effect.length) * UNITS.node;
    units += suppliesIn(intent.effect) * STORE;
    const places = new Map(parameters.map(({ name }, at) => [name, from + at]));
    for (const { parameter, field, asset } of writes) {
      const argument = places.get(parameter);
      assert(argument !== undefined, "a store is on an account among the parameters");
      const more = field === "stake" ? UNITS.stake : 0;
      stores.push({ step, argument, holding: asset?.name ?? `.${field}`, units: STORE + more });
    }
    from += parameters.length;
  }
  return { units, stores };
}

/** Call of a program: its least work, and its arguments. */
export interface SureCall {
  readonly called: { readonly sure: SureWork };
  readonly call: Pick<Call, "arguments">;
}

/**
 * Returns the least execution units of a complete run of calls. With a lower resource limit, no run
 * can complete.
 */
export function leastUnits(calls: readonly SureCall[]): number {
  let least = 0;
  for (const { called, call } of calls) least += leastOf(called.sure, call.arguments);
  return least;
}

function leastOf({ units, stores }: SureWork, given: readonly Argument[]): number {
  const accounts = given.map((one) => (one.type === "account" ? toHex(one.value) : ""));
  const made = new Set<string>();
  let least = units;
  for (const { step, argument, holding, units: more } of stores) {
    const name = `${step} ${holding} ${accounts[argument]}`;
    if (made.has(name)) continue;
    made.add(name);
    least += more;
  }
  return least;
}

/**
 * Whether every complete run of calls needs more units than `limit`. Tries a bound for all
 * arguments first, since most limits are above it.
 */
export function needMoreThan(limit: number, calls: readonly SureCall[]): boolean {
  let most = 0;
  for (const { called } of calls) {
    most += called.sure.units;
    for (const store of called.sure.stores) most += store.units;
  }
  return limit < most && limit < leastUnits(calls);
}

/** Execution units of the first store at a place, including the read and the write of the state. */
const STORE = UNITS.read + UNITS.store + UNITS.write;

function suppliesIn(effect: CompiledIntent["intent"]["effect"]): number {
  const assets = new Set<string>();
  for (const statement of effect) {
    if (statement.type !== "assignment" || statement.target.type !== "supply") continue;
    assets.add(statement.target.asset.text);
  }
  return assets.size;
}
