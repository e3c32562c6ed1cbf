import { integer, symbol } from "../../intent/build-term.ts";
import { type Term } from "../../term.ts";
import { type TypedExit } from "../typed/typed-contract.ts";
import { type Typed } from "../typed/typed-expression.ts";
import { type BoundKeys } from "./assumptions.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { type DefinedCheck, encodeTyped } from "./encode-typed.ts";
import { type SymbolicCall } from "./symbolic-call.ts";
import { type CallGoal } from "./symbolic-run.ts";
import { type SymbolicState, sortOf, type Terms } from "./symbolic-state.ts";
import { forget } from "./touched.ts";
import { rangeOfScalar } from "./type-terms.ts";

/** Goals about an exit, with the keys for which they are proved and the run that they are about. */
export interface ExitGoals {
  readonly exit: TypedExit;
  readonly goals: readonly CallGoal[];
  readonly bound: readonly BoundKeys[];
  /** Run of the exit's own call. Undefined where the goals are about the run of an intent. */
  readonly call: SymbolicCall | undefined;
}

/** Terms of an exit in one state, for one list of keys. */
export interface ExitTerms {
  readonly condition: Term;
  /** Amount of the exit's asset that is owed; 0 without `keeping`. */
  readonly amount: Term;
  /** Time in seconds after which the exit can be called. Undefined if it can be called at once. */
  readonly after: Term | undefined;
  readonly within: Term | undefined;
  readonly beneficiary: Term;
  readonly checks: readonly DefinedCheck[];
}

/** Number 0 as a term. */
export const zero = integer(0n);

/** Encodes an exit in a state, for the given keys. */
export function claimTerms(
  terms: ContractTerms,
  exit: TypedExit,
  at: { readonly keys: Terms; readonly state: SymbolicState },
): ExitTerms {
  const { contract, sums } = terms;
  const locals = exitLocals(exit, at.keys);
  const checks: DefinedCheck[] = [];
  const encode = (typed: Typed): Term => {
    const { state } = at;
    const encoding = { contract, sums, locals, before: state, now: state, touch: forget };
    const encoded = encodeTyped(typed, encoding);
    checks.push(...encoded.checks);
    return encoded.terms[0] ?? zero;
  };
  return {
    condition: encode(exit.condition),
    amount: exit.keeping === undefined ? zero : encode(exit.keeping.amount),
    after: exit.after === undefined ? undefined : encode(exit.after),
    within: exit.within === undefined ? undefined : encode(exit.within),
    beneficiary: encode(exit.beneficiary),
    checks,
  };
}

/** Returns the terms of the keys that an exit binds, by name. */
export function exitLocals(exit: TypedExit, keys: Terms): Map<string, Terms> {
  const binders = exit.forEach?.binders ?? [];
  return new Map(
    binders.flatMap(({ name }, at): [string, Terms][] => {
      const key = keys[at];
      return key === undefined ? [] : [[name, [key]]];
    }),
  );
}

/** Returns fresh symbols for the keys of an exit's map. Empty for an exit without `for each`. */
export function freshKeys(exit: TypedExit): Terms {
  const binders = exit.forEach?.binders ?? [];
  return binders.map(({ name, type }) => symbol(`.key.${name}`, sortOf(type)));
}

/** Returns the assumptions that the keys of an exit are in the range of their types. */
export function keyFacts(exit: TypedExit, keys: Terms): readonly Term[] {
  const binders = exit.forEach?.binders ?? [];
  return binders.flatMap(({ type }, at) => {
    const key = keys[at];
    return key === undefined ? [] : (rangeOfScalar(type, key) ?? []);
  });
}

/**
 * Returns the keys for which an exit is proved, as bound keys of its map. Empty for an exit without
 * `for each`.
 */
export function boundOf(exit: TypedExit, keys: Terms): readonly BoundKeys[] {
  return exit.forEach === undefined ? [] : [{ map: exit.forEach.map, keys }];
}
