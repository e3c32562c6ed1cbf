import { assetOfHolding } from "../../language/syntax/assets.ts";
import type { Term } from "../../term.ts";
import { integer } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { touchedFields, touchedSupplies } from "../compiled/touched.ts";
import { holdingIn, type StateTerms, supplyIn } from "../encoder/state-terms.ts";
import { stateInvariants, supplyMax } from "../ledger-invariants.ts";
import type { HoldingStore } from "./cut-lemmas.ts";

/**
 * Fact that some accounts together hold at most the supply. An account that several of the
 * parameters name counts once.
 */
export interface GroupSum {
  readonly accounts: readonly Term[];
  readonly fact: Term;
}

/**
 * Greatest number of givers (accounts that something is subtracted from) for which a receiver is
 * summed with all of them. With more givers that may be equal or not, that sum would be as hard as
 * the sum over all accounts.
 */
const GIVERS_SUMMED_MAX = 3;

/**
 * Builds facts about small groups of accounts: the balances of a group add up to at most the
 * supply. A receiver is an account that the intent adds to, a giver one that it subtracts from. The
 * groups are each receiver with each giver, each receiver with all givers if these are few, and
 * each receiver alone if the intent touches the supply.
 */
export function groupSums(
  intent: CompiledIntent,
  { before }: { readonly before: StateTerms },
  stores: readonly HoldingStore[],
): readonly GroupSum[] {
  const supplies = new Set(touchedSupplies(intent));
  return ["", ...intent.assets.map((asset) => asset.name)].flatMap((asset) => {
    const arrays = touchedFields(intent)
      .filter((name) => assetOfHolding(name) === asset)
      .map((name) => holdingIn(before, name));
    const hasSupply = supplies.has(asset);
    const supply = hasSupply ? supplyIn(before, asset) : integer(supplyMax);
    const own = stores.filter((store) => store.asset === asset);
    return groupsOf(own, hasSupply).flatMap((accounts) => {
      const fact = stateInvariants({ accounts, arrays, supply }).at(-1);
      return fact === undefined ? [] : [{ accounts, fact }];
    });
  });
}

function groupsOf(
  stores: readonly HoldingStore[],
  isAloneToo: boolean,
): readonly (readonly Term[])[] {
  const targets = (operator: HoldingStore["operator"]): readonly Term[] => [
    ...new Set(stores.filter((one) => one.operator === operator).map((store) => store.account)),
  ];
  const givers = targets("-=");
  return targets("+=").flatMap((receiver) => {
    const others = givers.filter((giver) => giver !== receiver);
    const groups = others.map((giver) => [giver, receiver]);
    if (isAloneToo) groups.unshift([receiver]);
    if (others.length > 1 && givers.length <= GIVERS_SUMMED_MAX) groups.push([...others, receiver]);
    return groups;
  });
}
