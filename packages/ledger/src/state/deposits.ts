import { toAmount } from "@aethel/models";
import { Holding } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/**
 * Adds to the sum of the deposits of cells, or subtracts if `change` is negative. The caller MUST
 * change balances by the opposite amount.
 */
export function changeDeposits(overlay: StateOverlay, change: bigint): void {
  if (change === 0n) return;
  overlay.change(stateKey.deposits, Holding, (pool) => {
    const sum = (pool?.amount ?? 0n) + change;
    return sum === 0n ? undefined : { amount: toAmount(sum) };
  });
}
