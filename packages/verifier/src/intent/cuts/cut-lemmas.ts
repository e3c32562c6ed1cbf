import { assetOfHolding, holdingName } from "../../language/syntax/assets.ts";
import type { Assignment } from "../../language/syntax/syntax.ts";
import type { Term } from "../../term.ts";
import {
  add,
  and,
  atMost,
  choose,
  equal,
  implies,
  integer,
  select,
  subtract,
} from "../build-term.ts";
import type { SymbolicStore } from "../encoder/obligations.ts";
import { holdingIn, lookUp, type SymbolTerms } from "../encoder/state-terms.ts";

/**
 * An intermediate claim: an obligation of its own, with few assumptions, of which each part may be
 * assumed afterwards. Nobody is told that a lemma fails: who needs it goes without cuts.
 */
export interface Lemma {
  /** Says what it is about, for those who look at work and not at verdicts. */
  readonly label: string;
  readonly assumptions: readonly Term[];
  /** The conjunction of `parts`. */
  readonly goal: Term;
  readonly parts: readonly Term[];
}

/** A store to a holding of an account. */
export interface HoldingStore extends SymbolicStore {
  readonly account: Term;
  readonly arrayBefore: Term;
  readonly arrayAfter: Term;
  readonly asset: string;
  readonly operator: Assignment["operator"];
}

/** The stores to holdings, in their order. */
export function holdingStores(
  stores: readonly SymbolicStore[],
  symbols: SymbolTerms,
): readonly HoldingStore[] {
  return stores.flatMap((store) => {
    const { target, operator } = store.statement;
    if (target.type === "supply") return [];
    const holding = holdingName(target);
    const account = lookUp(symbols, target.account.text);
    const arrayBefore = holdingIn(store.before, holding);
    const arrayAfter = holdingIn(store.after, holding);
    const asset = assetOfHolding(holding);
    return [{ ...store, account, arrayBefore, arrayAfter, asset, operator }];
  });
}

/**
 * Bounds of one account after one store: it holds what it held before, and the amount more (or
 * less) if it is the target; so where the amount is not negative, at most that much more, and not
 * less.
 *
 * `fact`: what the definition of the array after the store says of the account.
 */
export function boundsLemma(store: HoldingStore, reader: Term, fact: Term): Lemma {
  const { amount, account, operator, arrayBefore, arrayAfter } = store;
  const isMore = operator === "+=";
  const combine = isMore ? add : subtract;
  const [before, after] = [select(arrayBefore, reader), select(arrayAfter, reader)];
  const change = choose(equal(reader, account), amount, integer(0n));
  const [least, most] = isMore ? [before, add(before, amount)] : [subtract(before, amount), before];
  const bounds = and(atMost(least, after), atMost(after, most));
  const parts =
    reader === account
      ? [equal(after, combine(before, amount))]
      : [equal(after, combine(before, change)), implies(atMost(integer(0n), amount), bounds)];
  const target = store.statement.target.type === "field" ? store.statement.target.account.text : "";
  return {
    label: `the holding of one account after the store to that of \`${target}\``,
    assumptions: [store.definition, fact],
    goal: and(...parts),
    parts,
  };
}
