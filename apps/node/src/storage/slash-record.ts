import { KEY_KIND, type LedgerBatch, OffenceRecord, ValidatorRecord } from "@aethel/ledger";
import {
  type AccountId,
  compareBytes,
  equalBytes,
  type StateChange,
  toAmount,
} from "@aethel/models";
import { accountId, amount, type Infer, natural, sequence, struct } from "@aethel/models/codec";

/**
 * Stake that a validator lost in a block. The reason is either an offence that evidence in the
 * block shows, or an epoch boundary that raised the cost of earlier equivocations.
 */
export const SlashRecord = struct("SlashRecord", {
  /** Sequence of the block that slashed the validator. */
  sequence,
  validator: accountId,
  /**
   * Number of offences of which this block convicts the validator. 0 if the block only raised the
   * cost of earlier ones.
   */
  offences: natural(4),
  /** Slashed micro-tokens, which went to the treasury. */
  amount,
  /** Bonded stake of the validator after that block. */
  stake: amount,
});
export type SlashRecord = Infer<typeof SlashRecord>;

/** Derives the slashes of a block from its state changes, sorted by validator. */
export function slashesOf({
  changes,
  version,
}: Pick<LedgerBatch, "changes" | "version">): readonly SlashRecord[] {
  const costs = changes.flatMap(costOf);
  const convicted = costs
    .map(({ validator }) => validator)
    .toSorted(compareBytes)
    .filter((id, at, all) => at === 0 || !equalBytes(id, all[at - 1] ?? id));
  return convicted.map((validator) => {
    const own = costs.filter((cost) => equalBytes(cost.validator, validator));
    return {
      sequence: version,
      validator,
      offences: own.filter(({ isNew }) => isNew).length,
      amount: toAmount(own.reduce((sum, { amount: taken }) => sum + taken, 0n)),
      stake: stakeAfter(changes, validator),
    };
  });
}

/** Amount that one offence cost one validator in a block. */
interface Cost {
  readonly validator: AccountId;
  readonly amount: bigint;
  readonly isNew: boolean;
}

function costOf({ key, before, after }: StateChange): readonly Cost[] {
  if (key[0] !== KEY_KIND.offence || after === undefined) return [];
  const { validator, slashed } = OffenceRecord.decode(after);
  const was = before === undefined ? 0n : OffenceRecord.decode(before).slashed;
  // Only the share of power in the record has grown: its cost is taken at an epoch boundary.
  if (before !== undefined && slashed === was) return [];
  return [{ validator, amount: slashed - was, isNew: before === undefined }];
}

function stakeAfter(
  changes: LedgerBatch["changes"],
  validator: AccountId,
): ReturnType<typeof toAmount> {
  const found = changes.find(
    ({ key }) => key[0] === KEY_KIND.validator && equalBytes(key.subarray(1), validator),
  );
  return found?.after === undefined ? toAmount(0n) : ValidatorRecord.decode(found.after).stake;
}
