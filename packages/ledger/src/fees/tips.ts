import type { AccountId } from "@aethel/models";
import { credit } from "../accounts.ts";
import { sumUp } from "../counters.ts";
import type { Draft } from "../draft.ts";
import type { Receipt } from "../receipt.ts";
import { readValidator } from "../stake.ts";
import { stateKey, ValidatorRecord } from "../state-layout.ts";

/** Pays the tips of a block to its proposer, and counts them in its record. */
export function payTips(
  draft: Draft,
  proposer: AccountId,
  receipts: readonly Pick<Receipt, "tip">[],
): void {
  let tips = 0n;
  for (const { tip } of receipts) tips += tip;
  if (tips === 0n) return;
  credit(draft, proposer, tips);
  const record = readValidator(draft, proposer);
  const all = sumUp(record.tips, tips);
  draft.write(stateKey.validator(proposer), ValidatorRecord, { ...record, tips: all });
}
