import { assetOfHolding } from "../language/assets.ts";
import type { Term } from "../term.ts";
import { integer } from "./build-term.ts";
import type { CompiledIntent } from "./compile.ts";
import type { HoldingStore } from "./cut-lemmas.ts";
import { stateInvariants, supplyMax } from "./ledger-invariants.ts";
import { holdingIn, type StateTerms, supplyIn } from "./state-terms.ts";
import { touchedFields, touchedSupplies } from "./touched.ts";

/** The fact that two accounts, counted once if they are the same, hold at most the supply. */
export interface PairSum {
  readonly left: Term;
  readonly right: Term;
  readonly fact: Term;
}

/**
 * The ledger's invariant of the sum, for each account that something is taken from with each that
 * something is added to: what two accounts hold together is bounded like what all of them hold.
 */
export function pairSums(
  intent: CompiledIntent,
  { before }: { readonly before: StateTerms },
  stores: readonly HoldingStore[],
): readonly PairSum[] {
  const supplies = new Set(touchedSupplies(intent));
  return ["", ...intent.assets.map((asset) => asset.name)].flatMap((asset) => {
    const arrays = touchedFields(intent)
      .filter((name) => assetOfHolding(name) === asset)
      .map((name) => holdingIn(before, name));
    const supply = supplies.has(asset) ? supplyIn(before, asset) : integer(supplyMax);
    const own = stores.filter((store) => store.asset === asset);
    const targets = (operator: HoldingStore["operator"]): ReadonlySet<Term> =>
      new Set(own.filter((one) => one.operator === operator).map((store) => store.account));
    return [...targets("-=")].flatMap((left) =>
      [...targets("+=")].flatMap((right) => {
        if (left === right) return [];
        const fact = stateInvariants({ accounts: [left, right], arrays, supply }).at(-1);
        return fact === undefined ? [] : [{ left, right, fact }];
      }),
    );
  });
}
