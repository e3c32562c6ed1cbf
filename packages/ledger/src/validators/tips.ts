import type { AccountId } from "@aethel/models";
import type { Receipt } from "../results/receipt.ts";
import { credit } from "../state/accounts.ts";
import { sumUp } from "../state/counters.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { readValidator } from "./stake.ts";

/** Pays the tips of a block to its proposer, and adds them to the proposer's record. */
export function payTips(
  overlay: StateOverlay,
  proposer: AccountId,
  receipts: readonly Pick<Receipt, "tip">[],
): void {
  let tips = 0n;
  for (const { tip } of receipts) tips += tip;
  if (tips === 0n) return;
  credit(overlay, proposer, tips);
  const record = readValidator(overlay, proposer);
  const all = sumUp(record.tips, tips);
  overlay.write(stateKey.validator(proposer), ValidatorRecord, { ...record, tips: all });
}
