import type { HoldingName } from "../../language/syntax/fields.ts";
import type { Term } from "../../term.ts";
import { select } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import {
  touchedAccounts,
  touchedFields,
  touchedSupplies,
  usesSequence,
} from "../compiled/touched.ts";
import { holdingIn, lookUp, type StateTerms, supplyIn } from "./state-terms.ts";

/** Returns the key in `Obligation.observed` of an argument. */
export const argumentKey = (parameter: string): string => `argument ${parameter}`;

/**
 * Returns the key in `Obligation.observed` of a field before the run. `parameter` names the
 * account.
 */
export const fieldKey = (parameter: string, field: HoldingName): string => `${field} ${parameter}`;

/** Returns the key in `Obligation.observed` of the supply of a declared asset before the run. */
export const supplyKey = (asset: string): string => `supply ${asset}`;

/** Key in `Obligation.observed` of the sequence (the height of the block). */
export const sequenceKey = "sequence";

/**
 * Returns the terms whose values in a solver's model are needed to run the intent, by their keys in
 * `Obligation.observed`.
 */
export function observedTerms(
  intent: CompiledIntent,
  terms: {
    readonly symbols: ReadonlyMap<string, Term>;
    readonly sequence: Term;
    readonly before: StateTerms;
  },
): ReadonlyMap<string, Term> {
  const observed = new Map<string, Term>();
  for (const parameter of intent.parameters) {
    observed.set(argumentKey(parameter.name), lookUp(terms.symbols, parameter.name));
  }
  const touched = touchedFields(intent);
  for (const account of touchedAccounts(intent)) {
    for (const field of touched) {
      const array = holdingIn(terms.before, field);
      const value = select(array, lookUp(terms.symbols, account));
      observed.set(fieldKey(account, field), value);
    }
  }
  for (const asset of touchedSupplies(intent)) {
    observed.set(supplyKey(asset), supplyIn(terms.before, asset));
  }
  if (usesSequence(intent)) observed.set(sequenceKey, terms.sequence);
  return observed;
}
