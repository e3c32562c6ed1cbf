import { symbol } from "../../intent/build-term.ts";
import { type Obligation } from "../../obligation.ts";
import { type Term } from "../../term.ts";
import { type TypedExit, type TypedRule } from "../typed/typed-contract.ts";
import type { About } from "./about.ts";
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

/** Symbol for an arbitrary account. Names of a source have no dot, so it is none of them. */
export const anyone: Term = symbol(".anyone", "integer");

/** Obligation of a contract, with the parts that it was built from. */
export interface ContractObligation {
  /** Formula to prove, with all assumptions about the state before the call. */
  readonly obligation: Obligation;
  /** Goal of the obligation, with only the facts of the symbolic run. */
  readonly goal: CallGoal;
  readonly before: Before;
  /** Run of the intent. Undefined for an obligation of the contract as a whole. */
  readonly call: SymbolicCall | undefined;
  /** Invariant or transition that the obligation is about. Undefined for other obligations. */
  readonly rule: TypedRule | undefined;
  /** Exit, for an obligation that the exit's own call pays. Absent for other obligations. */
  readonly exit?: TypedExit;
  /** Statement in terms of the typed contract. Absent for other obligations than those it names. */
  readonly about?: About;
}

/** Returns the state before a call, with no place noted as read or stored, and no bound keys. */
export function emptyBefore({ contract, sums, before: state }: ContractTerms): Before {
  return { contract, sums, state, touched: new Touched(), bound: [] };
}

/** Returns fresh symbols for the keys of each `for each` of a rule. */
export function freshRuleKeys(rule: TypedRule): readonly BoundKeys[] {
  return rule.forEach.map(({ binders, map }) => ({
    map,
    keys: binders.map(({ name, type }) => symbol(`.key.${name}`, sortOf(type))),
  }));
}

/**
 * Returns all assumptions about the state before a call. Notes in `rules` the places that the
 * invariants read.
 */
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
