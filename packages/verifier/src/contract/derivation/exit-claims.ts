import type { TypedExit } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { Formula } from "./formulas.ts";
import type { Parts, State, Symbols } from "./symbols.ts";
import { type Check, scopeOf, translateOne } from "./translate.ts";

/** Claim of an exit in one state, for one list of keys. */
export interface Claim {
  readonly condition: Formula;
  /** Amount that is owed; 0 without `keeping`. */
  readonly amount: Formula;
  /** Time after which the exit can be called. Undefined if at any time. */
  readonly due: Formula | undefined;
  readonly within: Formula | undefined;
  readonly owner: Formula;
  /** Conditions under which all of these have a value. */
  readonly checks: readonly Check[];
}

/** Translates an exit in a state for some keys. */
export function claimOf(symbols: Symbols, exit: TypedExit, state: State, keys: Parts): Claim {
  const scope = scopeOf(symbols, state, keyLocals(exit, keys));
  const zero = symbols.formulas.integer(0n);
  const maybe = (typed: Typed | undefined): Formula | undefined =>
    typed === undefined ? undefined : translateOne(typed, scope);
  return {
    condition: translateOne(exit.condition, scope),
    amount: maybe(exit.keeping?.amount) ?? zero,
    due: maybe(exit.after),
    within: maybe(exit.within),
    owner: translateOne(exit.beneficiary, scope),
    checks: scope.checks,
  };
}

/** Returns the keys of an exit by their names. */
export function keyLocals(exit: TypedExit, keys: Parts): ReadonlyMap<string, Parts> {
  const binders = exit.forEach?.binders ?? [];
  return new Map(
    binders.flatMap(({ name }, place): [string, Parts][] => {
      const key = keys[place];
      return key === undefined ? [] : [[name, [key]]];
    }),
  );
}
