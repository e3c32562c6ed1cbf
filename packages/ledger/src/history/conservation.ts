import { equalBytes, type StateChange, type StateTransition } from "@aethel/models";
import { type EconomicParameters, scheduledSupply } from "@aethel/rewards";
import { ageOf } from "../state/clock.ts";
import { totalSupply } from "../state/ledger-state.ts";
import { Clock, Supply } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { findAssetDefect } from "./asset-conservation.ts";
import type { ConservationDefect } from "./conservation-defect.ts";
import { findDepositDefect } from "./deposit-pool.ts";
import { heldChange } from "./held-amounts.ts";
import { leastBurnedFor } from "./unpaid-growth.ts";

/**
 * Checks the conservation of value from the changes alone (P14), without trust in any sum that the
 * execution computed. The sum of all balances, stakes, locked stakes, vaults and deposits must
 * change by the minted less the burned amount in the supply record. The holdings of each declared
 * asset, with those of vaults, must change by as much as its supply. The deposits must change by the
 * price of the cells that came and went. The burned amount must be at least the fees for the growth
 * of the state.
 * Returns undefined if value is conserved.
 */
export function findConservationDefect(
  transition: StateTransition,
  parameters: EconomicParameters,
): ConservationDefect | undefined {
  const { changes, minted, burned, supplyBefore, supplyAfter } = transition;
  const ofAssets = findAssetDefect(changes);
  if (ofAssets !== undefined) return ofAssets;
  const ofDeposits = findDepositDefect(changes, parameters);
  if (ofDeposits !== undefined) return ofDeposits;
  const clock = clockIn(changes);
  if (clock === undefined) return { rule: "clock", expected: 1n, actual: 0n };
  const held = changes.reduce((sum, change) => sum + heldChange(change), 0n);
  const supply = changes.find(({ key }) => equalBytes(key, stateKey.supply));
  const before = supply?.before === undefined ? undefined : Supply.decode(supply.before);
  const after = supply?.after === undefined ? undefined : Supply.decode(supply.after);
  if (supply !== undefined && (before === undefined || after === undefined)) {
    return { rule: "history", expected: 1n, actual: 0n };
  }
  if (held !== minted - burned) {
    return { rule: "holdings", expected: minted - burned, actual: held };
  }
  if (supplyAfter !== supplyBefore + minted - burned) {
    const expected = supplyBefore + minted - burned;
    return { rule: "supply-record", expected, actual: supplyAfter };
  }
  if (before === undefined || after === undefined) {
    // Without a change of the record, nothing may have been minted or burned.
    if (minted === 0n && burned === 0n) return growthDefect(transition, parameters);
    return { rule: "supply-record", expected: 0n, actual: minted - burned };
  }
  const ageMs = ageOf(clock);
  return (
    recordDefect(transition, { before, after, ageMs }, parameters) ??
    growthDefect(transition, parameters)
  );
}

function growthDefect(
  { changes, burned }: StateTransition,
  parameters: EconomicParameters,
): ConservationDefect | undefined {
  const expected = leastBurnedFor(changes, parameters);
  return burned < expected ? { rule: "growth", expected, actual: burned } : undefined;
}

/**
 * Returns the clock after the block. Undefined if it does not continue the clock before the block.
 */
function clockIn(changes: readonly StateChange[]): Clock | undefined {
  const change = changes.find(({ key }) => equalBytes(key, stateKey.clock));
  if (change?.before === undefined || change.after === undefined) return undefined;
  const [before, after] = [Clock.decode(change.before), Clock.decode(change.after)];
  const goesOn = after.parent === before.now && after.now > before.now;
  return goesOn && after.genesis === before.genesis ? after : undefined;
}

function recordDefect(
  { minted, burned, supplyBefore, supplyAfter }: StateTransition,
  of: { readonly before: Supply; readonly after: Supply; readonly ageMs: number },
  parameters: EconomicParameters,
): ConservationDefect | undefined {
  const { before, after, ageMs } = of;
  const equations: readonly (readonly [ConservationDefect["rule"], bigint, bigint])[] = [
    ["history", before.genesis, after.genesis],
    ["supply-record", minted, after.minted - before.minted],
    ["supply-record", burned, after.burned - before.burned],
    ["supply-record", supplyBefore, totalSupply(before)],
    ["supply-record", supplyAfter, totalSupply(after)],
  ];
  for (const [rule, expected, actual] of equations) {
    if (expected !== actual) return { rule, expected, actual };
  }
  const scheduled = scheduledSupply(ageMs, parameters);
  if (after.minted <= scheduled) return undefined;
  return { rule: "schedule", expected: scheduled, actual: after.minted };
}
