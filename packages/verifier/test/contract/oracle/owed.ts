import { runCall } from "../../../src/contract/execution/run-call.ts";
import type { Typed } from "../../../src/contract/typed/typed-expression.ts";
import type { ContractValue } from "../../../src/contract/typed/value-types.ts";
import { evaluateWhole } from "../../../src/contract/whole-state/evaluate-rules.ts";
import { applyChanges, type WholeState } from "../../../src/contract/whole-state/whole-state.ts";
import type { Proved } from "./broken-promises.ts";
import type { Edge } from "./explore.ts";
import { localsOf } from "./worth.ts";

/**
 * Returns a sentence for each asset of which a contract holds more after a call than its exits owe
 * together. Asks only for assets that are proved to be covered.
 */
export function unowedOf(
  { contract, covered }: Proved,
  { intent, concrete }: Edge,
): readonly string[] {
  const result = runCall(contract, intent, concrete.call);
  if (result.type !== "applied") return [];
  const state = applyChanges(contract, concrete.state, result.changes);
  return covered.flatMap((asset) => {
    const held = state.vaults.get(asset) ?? 0n;
    const owed = owedIn(contract, asset, state);
    return held > owed ? [`after ${intent.name} ${held} of [${asset}] are held, ${owed} owed`] : [];
  });
}

/** Adds up what exits owe of an asset, each exit once for each list of keys. */
function owedIn(contract: Proved["contract"], asset: string, state: WholeState): bigint {
  let owed = 0n;
  for (const exit of contract.exits) {
    if (exit.keeping?.asset !== asset) continue;
    for (const locals of localsOf(exit, state)) {
      const value = (typed: Typed): ContractValue =>
        evaluateWhole(typed, { contract, before: state, now: state }, locals);
      if (value(exit.condition) !== true) continue;
      const amount = value(exit.keeping.amount);
      if (typeof amount === "bigint" && amount > 0n) owed += amount;
    }
  }
  return owed;
}
