import { holdingName } from "../../language/syntax/assets.ts";
import { choose, equal, holdings, select, symbol } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { touchedAccounts } from "../compiled/touched.ts";
import { anyone, holdingIn, lookUp, type StateTerms } from "../encoder/state-terms.ts";
import type { Storing } from "../encoder/symbolic-run.ts";

/**
 * Returns a `Storing` (the function that makes the state after a store) in which the array after
 * each store is a fresh symbol. For each account of which the intent reads or writes a field, and
 * for an arbitrary account, one fact states the value of the array at that account.
 */
export function namedStores(intent: CompiledIntent): Storing {
  const names = touchedAccounts(intent);
  return (state, { target, symbols, value, at }) => {
    if (target.type === "supply") {
      const supplies = new Map(state.supplies).set(target.asset.text, value);
      return { state: { ...state, supplies }, facts: [] };
    }
    const holding = holdingName(target);
    const before = holdingIn(state, holding);
    const after = symbol(`.${holding}@${at}`, holdings);
    const account = lookUp(symbols, target.account.text);
    const next: StateTerms = { ...state, holdings: new Map(state.holdings).set(holding, after) };
    const facts = [...names.map((name) => lookUp(symbols, name)), anyone].map((reader) =>
      equal(
        select(after, reader),
        reader === account ? value : choose(equal(reader, account), value, select(before, reader)),
      ),
    );
    return { state: next, facts };
  };
}
