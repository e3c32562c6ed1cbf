import { symbol } from "../../intent/build-term.ts";
import { type Obligation } from "../../obligation.ts";
import { type Term } from "../../term.ts";
import { type TypedExit, type TypedRule } from "../typed/typed-contract.ts";
import {
  type Before,
  type BoundKeys,
  boundFacts,
  invariantFacts,
  ledgerFacts,
  stateRanges,
  sumFacts,
} from "./assumptions.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { type SymbolicCall } from "./symbolic-call.ts";
import { type CallGoal } from "./symbolic-run.ts";
import { sortOf } from "./symbolic-state.ts";
import { Touched } from "./touched.ts";

/** Account that may be any. No name of a source has a dot. */
export const anyone: Term = symbol(".anyone", "integer");

/** Obligation of a contract, with the parts that it was built from. */
export interface ContractObligation {
  /** Formula that must hold, with all that is known of the state before. */
  readonly obligation: Obligation;
  /** Goal with the facts of the run alone. */
  readonly goal: CallGoal;
  readonly before: Before;
  /** Run of the intent. Undefined for an obligation of the contract as a whole. */
  readonly call: SymbolicCall | undefined;
  /** Invariant or transition that is shown. */
  readonly rule: TypedRule | undefined;
  /** Exit whose own call is shown to pay. */
  readonly exit?: TypedExit;
}

/** Returns the state before a call of which nothing is touched. */
export function emptyBefore({ contract, sums, before: state }: ContractTerms): Before {
  return { contract, sums, state, touched: new Touched(), bound: [] };
}

/** Returns fresh keys for each `for each` of a rule. */
export function freshRuleKeys(rule: TypedRule): readonly BoundKeys[] {
  return rule.forEach.map(({ binders, map }) => ({
    map,
    keys: binders.map(({ name, type }) => symbol(`.key.${name}`, sortOf(type))),
  }));
}

/** Returns all that is known of the state before a call. */
export function knownOf(before: Before, rules: Touched = new Touched()): readonly Term[] {
  const facts = invariantFacts(before, rules.touch);
  // Cells that only an invariant reads have ranges too.
  const beside = before.contract.maps.flatMap(({ name }) =>
    rules.cells(name).map((keys): BoundKeys => ({ map: name, keys, isInRange: false })),
  );
  const wider: Before = { ...before, bound: [...before.bound, ...beside] };
  return [
    ...boundFacts(before),
    ...stateRanges(wider),
    ...ledgerFacts(before),
    ...facts,
    ...sumFacts(wider),
  ];
}
