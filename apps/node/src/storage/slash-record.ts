import { KEY_KIND, type LedgerBatch, OffenceRecord, ValidatorRecord } from "@aethel/ledger";
import { type AccountId, compareBytes, equalBytes, toAmount } from "@aethel/models";
import { accountId, amount, type Infer, natural, sequence, struct } from "@aethel/models/codec";

/**
 * What one block took from one validator for all that its evidence convicts it of. The evidence is
 * in the block itself.
 */
export const SlashRecord = struct("SlashRecord", {
  /** Of the block. */
  sequence,
  validator: accountId,
  offences: natural(4),
  /** Went to the treasury. */
  amount,
  /** Bonded stake after the block. */
  stake: amount,
});
export type SlashRecord = Infer<typeof SlashRecord>;

/** The slashes of a block, read off what it changed; ascending by validator. */
export function slashesOf({
  changes,
  version,
}: Pick<LedgerBatch, "changes" | "version">): readonly SlashRecord[] {
  const offences = changes.flatMap(({ key, before, after }) =>
    key[0] === KEY_KIND.offence && before === undefined && after !== undefined
      ? [OffenceRecord.decode(after)]
      : [],
  );
  const convicted = offences
    .map(({ validator }) => validator)
    .toSorted(compareBytes)
    .filter((id, at, all) => at === 0 || !equalBytes(id, all[at - 1] ?? id));
  return convicted.map((validator) => {
    const own = offences.filter((offence) => equalBytes(offence.validator, validator));
    return {
      sequence: version,
      validator,
      offences: own.length,
      amount: toAmount(own.reduce((sum, { slashed }) => sum + slashed, 0n)),
      stake: stakeAfter(changes, validator),
    };
  });
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
