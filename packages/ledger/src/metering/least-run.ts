import { type Argument, assert, toHex, UNITS } from "@aethel/models";
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

/**
 * Returns the least execution units of a complete run with these arguments. With a lower resource
 * limit, no run can complete.
 */
export function leastUnits({ units, stores }: SureWork, given: readonly Argument[]): number {
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
 * Whether every complete run with these arguments needs more units than `limit`. Tries a bound for
 * all arguments first, since most limits are above it.
 */
export function needsMoreThan(
  limit: number,
  { units, stores }: SureWork,
  given: readonly Argument[],
): boolean {
  let most = units;
  for (const store of stores) most += store.units;
  return limit < most && limit < leastUnits({ units, stores }, given);
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
