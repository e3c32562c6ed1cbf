import { assert } from "@aethel/models/primitives";
import { assetHolding, assetOfHolding, holdingName } from "../../language/syntax/assets.ts";
import { fieldNames, type HoldingName } from "../../language/syntax/fields.ts";
import type { Assignment } from "../../language/syntax/syntax.ts";
import type { Term } from "../../term.ts";
import { holdings, select, store, symbol } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { touchedAccounts, touchedFields, touchedSupplies } from "../compiled/touched.ts";
import { stateInvariants, supplyRange } from "../ledger-invariants.ts";

/** State as terms: for each field an array over accounts, for each supply an integer. */
export interface StateTerms {
  readonly holdings: ReadonlyMap<HoldingName, Term>;
  /** Supplies by asset name. */
  readonly supplies: ReadonlyMap<string, Term>;
}

/** Terms that the names of an intent stand for, by name. */
export type SymbolTerms = ReadonlyMap<string, Term>;

/** Symbol for an arbitrary account. Names of an intent contain no dot, so it is none of them. */
export const anyone: Term = symbol(".anyone", "integer");

/** Returns the term that a checked name stands for. */
export function lookUp(symbols: SymbolTerms, name: string): Term {
  const term = symbols.get(name);
  assert(term !== undefined, "a checked name is a symbol");
  return term;
}

/** Returns the array of a field, over all accounts. */
export function holdingIn(state: StateTerms, name: HoldingName): Term {
  const term = state.holdings.get(name);
  assert(term !== undefined, "a checked field is part of the state");
  return term;
}

/** Returns the supply of a declared asset. */
export function supplyIn(state: StateTerms, asset: string): Term {
  const term = state.supplies.get(asset);
  assert(term !== undefined, "a checked asset is part of the state");
  return term;
}

/** Returns the current value at the target of an assignment. */
export function termAt(
  state: StateTerms,
  target: Assignment["target"],
  symbols: SymbolTerms,
): Term {
  if (target.type === "supply") return supplyIn(state, target.asset.text);
  const account = lookUp(symbols, target.account.text);
  return select(holdingIn(state, holdingName(target)), account);
}

/** Returns the state after `value` is stored at the target of an assignment. */
export function storeAt(
  state: StateTerms,
  {
    target,
    symbols,
    value,
  }: {
    readonly target: Assignment["target"];
    readonly symbols: SymbolTerms;
    readonly value: Term;
  },
): StateTerms {
  if (target.type === "supply") {
    return { ...state, supplies: new Map(state.supplies).set(target.asset.text, value) };
  }
  const name = holdingName(target);
  const account = lookUp(symbols, target.account.text);
  const array = store(holdingIn(state, name), account, value);
  return { ...state, holdings: new Map(state.holdings).set(name, array) };
}

/**
 * Returns the state before the run: one symbol for each native field, and for the balance and the
 * supply of each declared asset of the intent.
 */
export function stateBefore(intent: CompiledIntent): StateTerms {
  // A name of the language has no dot, so it differs from these.
  const names = [...fieldNames, ...intent.assets.map((asset) => assetHolding(asset.name))];
  const arrays = new Map(names.map((name) => [name, symbol(`.${name}`, holdings)]));
  const supplies = new Map(
    intent.assets.map(({ name }) => [name, symbol(`.supply[${name}]`, "integer")]),
  );
  return { holdings: arrays, supplies };
}

/**
 * Returns the facts that may be assumed of the state before the run, by asset, with the native
 * asset first.
 */
export function worldFacts(
  intent: CompiledIntent,
  { symbols, before }: { readonly symbols: SymbolTerms; readonly before: StateTerms },
): readonly Term[] {
  const accounts = touchedAccounts(intent).map((name) => lookUp(symbols, name));
  const touched = touchedFields(intent);
  const supplies = new Set(touchedSupplies(intent));
  return ["", ...intent.assets.map((asset) => asset.name)].flatMap((asset) => {
    const arrays = touched
      .filter((name) => assetOfHolding(name) === asset)
      .map((name) => holdingIn(before, name));
    if (!supplies.has(asset)) return stateInvariants({ accounts, arrays });
    const supply = supplyIn(before, asset);
    return [supplyRange(supply), ...stateInvariants({ accounts, arrays, supply })];
  });
}
