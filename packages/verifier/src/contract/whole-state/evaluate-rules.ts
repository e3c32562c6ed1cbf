import { DivisionByZero } from "../../language/evaluate.ts";
import type { Span } from "../../obligation.ts";
import {
  evaluateTyped,
  numberOf,
  type ReadPlace,
  type TypedEnvironment,
  truthOf,
} from "../evaluate/evaluate-typed.ts";
import { Fault } from "../evaluate/fault.ts";
import type { TypedContract, TypedForEach, TypedRule } from "../typed/typed-contract.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { isDefault } from "../typed/values.ts";
import { cellOf, type WholeState } from "./whole-state.ts";

/** Units of work for taking one cell of a map, in addition to those of what is evaluated of it. */
const UNITS_PER_CELL = 4;

/** States and call that an expression over whole states can read. */
export interface WholeWorld {
  readonly contract: TypedContract;
  readonly before: WholeState;
  readonly now: WholeState;
  /**
   * Counts units of work before the work is done. May throw to stop the evaluation. Default: counts
   * nothing.
   */
  readonly spend?: (units: number) => void;
  /**
   * Holdings, supplies, signers and time of the call. Absent for rules that cannot mention them.
   */
  readonly call?: Pick<TypedEnvironment, "sequence" | "now" | "isSigned" | "isSignature"> & {
    /** Returns what an account holds; before the call if `isOld`. */
    readonly holding: (place: Extract<ReadPlace, { type: "holding" }>, isOld: boolean) => bigint;
    /** Returns the supply of an asset of another issuer; before the call if `isOld`. */
    readonly supply: (asset: string, isOld: boolean) => bigint;
  };
}

/**
 * Rule that does not hold. `keys` has the values of its `for each` names for which it is broken.
 */
export interface BrokenRule {
  readonly rule: TypedRule;
  readonly keys: ReadonlyMap<string, FieldValue>;
  /** Reason why the condition has no value. Absent if the condition is false. */
  readonly fault?: string;
}

/**
 * Returns the invariants that a state breaks, each with the first keys for which it is broken.
 * `spend` counts units of work before the work is done, and may throw. Default: counts nothing.
 */
export function brokenInvariants(
  contract: TypedContract,
  state: WholeState,
  spend: (units: number) => void = () => undefined,
): readonly BrokenRule[] {
  const world = { contract, before: state, now: state, spend };
  return contract.invariants.flatMap((rule) => brokenRule(rule, world) ?? []);
}

/**
 * Returns the first keys for which a rule does not hold; undefined if it holds for all. A `for
 * each` runs over the cells that are present in one of the two states. For absent cells the Judge
 * has proved the rule.
 */
export function brokenRule(rule: TypedRule, world: WholeWorld): BrokenRule | undefined {
  for (const keys of bindings(rule.forEach, world)) {
    const environment = environmentOf(world, keys);
    try {
      if (!truthOf(rule.condition, environment)) return { rule, keys };
    } catch (error) {
      if (!(error instanceof DivisionByZero) && !(error instanceof Fault)) throw error;
      return { rule, keys, fault: error.message };
    }
  }
  return undefined;
}

/** Yields all assignments of present keys to the names of several `for each`. */
export function* bindings(
  heads: readonly TypedForEach[],
  world: WholeWorld,
): Generator<ReadonlyMap<string, FieldValue>> {
  const [head, ...rest] = heads;
  if (head === undefined) {
    yield new Map();
    return;
  }
  for (const keys of presentKeys(head.map, world)) {
    for (const inner of bindings(rest, world)) {
      const own = head.binders.flatMap(({ name }, at): [string, FieldValue][] => {
        const key = keys[at];
        return key === undefined ? [] : [[name, key]];
      });
      world.spend?.(UNITS_PER_CELL);
      yield new Map([...own, ...inner]);
    }
  }
}

function presentKeys(map: string, world: WholeWorld): readonly (readonly FieldValue[])[] {
  const { before, now } = world;
  const keys = new Map<string, readonly FieldValue[]>();
  for (const state of before === now ? [now] : [before, now]) {
    world.spend?.(UNITS_PER_CELL * (1 + (state.maps.get(map)?.size ?? 0)));
    for (const [key, cell] of state.maps.get(map) ?? []) keys.set(key, cell.keys);
  }
  return [...keys.values()];
}

/** Evaluates an expression over whole states, with values of its locals. */
export function evaluateWhole(
  typed: Typed,
  world: WholeWorld,
  locals: ReadonlyMap<string, ContractValue>,
): ContractValue {
  return evaluateTyped(typed, environmentOf(world, locals));
}

function environmentOf(
  world: WholeWorld,
  locals: ReadonlyMap<string, ContractValue>,
): TypedEnvironment {
  const { call } = world;
  const unavailable = (): never => {
    throw new Error("a rule mentions nothing of a call that it was not given");
  };
  return {
    local: (name) => {
      const value = locals.get(name);
      if (value === undefined) throw new Error(`a checked name has a value: ${name}`);
      return value;
    },
    read: (place, isOld, span) => readWhole(world, place, isOld, span),
    sum: (sum, row) => sumWhole(world, sum, { row, locals }),
    sequence: call?.sequence ?? unavailable,
    now: call?.now ?? unavailable,
    isSigned: call?.isSigned ?? unavailable,
    isSignature: call?.isSignature ?? unavailable,
    spend: world.spend ?? (() => undefined),
  };
}

function readWhole(
  world: WholeWorld,
  place: ReadPlace,
  isOld: boolean,
  _span: Span,
): ContractValue {
  const { contract } = world;
  const state = isOld ? world.before : world.now;
  switch (place.type) {
    case "cell":
      return cellOf(contract, state, place);
    case "has": {
      const map = contract.maps.find((one) => one.name === place.map);
      return map !== undefined && !isDefault(cellOf(contract, state, place), map.value);
    }
    case "scalar": {
      const value = state.scalars.get(place.name);
      if (value === undefined) throw new Error(`a state has every scalar: ${place.name}`);
      return value;
    }
    case "vault":
      return state.vaults.get(place.asset) ?? 0n;
    case "supply": {
      const isOwn = contract.assets.some((one) => one.name === place.asset && one.isOwn);
      if (isOwn) return state.supplies.get(place.asset) ?? 0n;
      if (world.call === undefined) throw new Error("a rule mentions own supplies alone");
      return world.call.supply(place.asset, isOld);
    }
    case "holding":
      if (world.call === undefined) throw new Error("a rule mentions no holdings of accounts");
      return world.call.holding(place, isOld);
  }
}

function sumWhole(
  world: WholeWorld,
  sum: Extract<StateRead, { type: "sum" }>,
  {
    row,
    locals,
  }: {
    readonly row: FieldValue | undefined;
    readonly locals: ReadonlyMap<string, ContractValue>;
  },
): bigint {
  const state = sum.isOld ? world.before : world.now;
  let total = 0n;
  world.spend?.(UNITS_PER_CELL * (state.maps.get(sum.map)?.size ?? 0));
  for (const { keys, value } of state.maps.get(sum.map)?.values() ?? []) {
    if (row !== undefined && keys[0] !== row) continue;
    const varying = row === undefined ? keys : keys.slice(1);
    const own = sum.keys.flatMap((name, at): [string, FieldValue][] => {
      const key = varying[at];
      return key === undefined ? [] : [[name, key]];
    });
    const inner = new Map<string, ContractValue>([...locals, [sum.cell, value], ...own]);
    total += numberOf(sum.term, environmentOf(world, inner));
  }
  return total;
}
