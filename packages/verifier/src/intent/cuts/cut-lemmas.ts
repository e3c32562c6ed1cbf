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
import { holdingIn, lookUp, type SymbolTerms } from "../encoder/state-terms.ts";
import type { SymbolicStore } from "../encoder/symbolic-run.ts";

/**
 * Lemma: an auxiliary obligation with few assumptions. After it is proved, the cut of an obligation
 * (see `Cut`) may assume the parts of its goal. If the proof of the lemma fails, each obligation
 * whose cut uses it is proved without its cut.
 */
export interface Lemma {
  /** Name of the lemma in reports on work. Verdicts do not contain it. */
  readonly label: string;
  readonly assumptions: readonly Term[];
  /** Conjunction of `parts`. */
  readonly goal: Term;
  readonly parts: readonly Term[];
}

/** Store (executed assignment) to a field of an account. */
export interface HoldingStore extends SymbolicStore {
  readonly account: Term;
  readonly arrayBefore: Term;
  readonly arrayAfter: Term;
  readonly asset: string;
  readonly operator: Assignment["operator"];
}

/**
 * Returns the stores (executed assignments) to fields, in their order. Leaves out the stores to
 * supplies.
 */
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
 * Builds a lemma about the field of account `reader` after one store. If `reader` is the account
 * that the store writes, its field grows (or shrinks) by the amount; otherwise it does not change.
 * So with an amount that is not negative, the field changes in one direction only, and by at most
 * the amount.
 *
 * `fact` is the formula that states the value of this field after the store.
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
