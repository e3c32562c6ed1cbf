import { DivisionByZero } from "../../language/evaluate.ts";
import { Fault } from "../evaluate/fault.ts";
import type { ContractChanges } from "../execution/contract-state.ts";
import type { TypedContract, TypedExit, TypedIntent } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import { evaluateWhole, type WholeWorld } from "../whole-state/evaluate-rules.ts";
import type { WholeState } from "../whole-state/whole-state.ts";

/**
 * Exit evaluated in one state for one list of keys: whether something is owed, how much, to whom
 * and from which time.
 */
export interface ExitClaim {
  readonly holds: boolean;
  readonly amount: bigint;
  /** Time in seconds after which the exit can be called. Undefined if it can be called at once. */
  readonly after: bigint | undefined;
  readonly within: bigint | undefined;
  readonly beneficiary: string;
}

/** State of a contract, with a counter of the work on it. */
export interface CountedState {
  readonly state: WholeState;
  /** Counts units of work before the work is done. May throw. Default: counts nothing. */
  readonly spend?: ((units: number) => void) | undefined;
}

/** Returns the field `spend` of a world; no field if nothing counts. */
export function spending(spend: CountedState["spend"]): Pick<WholeWorld, "spend"> {
  return spend === undefined ? {} : { spend };
}

/** Evaluates an exit in a state for one list of keys. */
export function claimAt(
  contract: TypedContract,
  exit: TypedExit,
  keys: readonly FieldValue[],
  { state, spend }: CountedState,
): ExitClaim {
  const locals = localsOf(exit, keys);
  const world = { contract, before: state, now: state, ...spending(spend) };
  const value = (typed: Typed): ContractValue => evaluateWhole(typed, world, locals);
  const number = (typed: Typed | undefined): bigint | undefined => {
    const own = typed === undefined ? undefined : value(typed);
    return typeof own === "bigint" ? own : undefined;
  };
  const beneficiary = value(exit.beneficiary);
  return {
    holds: value(exit.condition) === true,
    amount: number(exit.keeping?.amount) ?? 0n,
    after: number(exit.after),
    within: number(exit.within),
    beneficiary: typeof beneficiary === "string" ? beneficiary : none,
  };
}

function localsOf(
  exit: TypedExit,
  keys: readonly FieldValue[],
): ReadonlyMap<string, ContractValue> {
  const binders = exit.forEach?.binders ?? [];
  return new Map(
    binders.flatMap(({ name }, at): [string, ContractValue][] => {
      const key = keys[at];
      return key === undefined ? [] : [[name, key]];
    }),
  );
}

/**
 * Returns the keys of all cells that an exit's map has in any of the given states. One empty list
 * if the exit has no `for each`.
 */
export function keysOf(
  exit: TypedExit,
  states: readonly WholeState[],
): readonly (readonly FieldValue[])[] {
  const map = exit.forEach?.map;
  if (map === undefined) return [[]];
  const keys = new Map(
    states.flatMap((state) =>
      [...(state.maps.get(map) ?? [])].map(([key, cell]) => [key, cell.keys] as const),
    ),
  );
  return [...keys.values()];
}

/** Returns the arguments of an exit's call for one list of keys. */
export function argumentsOf(
  contract: TypedContract,
  exit: TypedExit,
  of: {
    readonly intent: TypedIntent;
    readonly keys: readonly FieldValue[];
  } & CountedState,
): ReadonlyMap<string, FieldValue> {
  const { intent, keys, state, spend } = of;
  const world = { contract, before: state, now: state, ...spending(spend) };
  return new Map(
    intent.parameters.flatMap(({ name }, at): [string, FieldValue][] => {
      const argument = exit.via.args[at];
      const value =
        argument === undefined ? undefined : evaluateWhole(argument, world, localsOf(exit, keys));
      return value === undefined || typeof value === "object" ? [] : [[name, value]];
    }),
  );
}

/** Returns by how much a call raises the holdings of an account; negative if it lowers them. */
export function riseOf(changes: ContractChanges, account: string, asset: string): bigint {
  return changes.holdings
    .filter((one) => one.account === account && (one.asset?.name ?? "") === asset)
    .reduce((sum, one) => sum + one.after - one.before, 0n);
}

/** Tells whether an error says that an expression has no value. */
export function hasNoValue(error: unknown): error is DivisionByZero | Fault {
  return error instanceof DivisionByZero || error instanceof Fault;
}
