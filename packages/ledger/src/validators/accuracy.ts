import { type AccountId, type StateChange, toAccountId } from "@aethel/models";
import { KEY_KIND } from "../state/state-key.ts";
import { ValidatorRecord } from "../state/validator-records.ts";

/** Accuracy in basis points below which the ledger emits an alert about a validator (R8.3). */
export const ACCURACY_MIN = 9_500;

/**
 * Accuracy of a validator: the part of the blocks in its last epochs on which it voted. A vote
 * shows that it verified the block correctly and in time.
 */
export interface Accuracy {
  /**
   * Number of certificates in the validator's last finished epochs that include its vote. `blocks`:
   * number of certificates that could include it.
   */
  readonly votes: number;
  readonly blocks: number;
  /** `floor(10,000 x votes / blocks)`, in basis points; 10,000 if `blocks` is 0. */
  readonly basisPoints: number;
}

/** Validator whose accuracy is below `ACCURACY_MIN`, with that accuracy. */
export interface AccuracyAlert extends Accuracy {
  readonly validator: AccountId;
}

/** Computes the accuracy over the finished epochs that a validator's record keeps. */
export function accuracyOf({ recent }: Pick<ValidatorRecord, "recent">): Accuracy {
  const votes = recent.reduce((sum, epoch) => sum + epoch.votes, 0);
  const blocks = recent.reduce((sum, epoch) => sum + epoch.blocks, 0);
  return {
    votes,
    blocks,
    basisPoints: blocks === 0 ? 10_000 : Math.floor((10_000 * votes) / blocks),
  };
}

/**
 * Returns the validators whose accuracy is low. Only those count whose records these changes update
 * at the end of an epoch.
 */
export function accuracyAlerts(changes: readonly StateChange[]): readonly AccuracyAlert[] {
  return changes.flatMap(({ key, before, after }) => {
    if (key[0] !== KEY_KIND.validator || before === undefined || after === undefined) return [];
    const [was, now] = [ValidatorRecord.decode(before), ValidatorRecord.decode(after)];
    if (now.blocks === was.blocks) return [];
    const accuracy = accuracyOf(now);
    if (accuracy.basisPoints >= ACCURACY_MIN) return [];
    return [{ validator: toAccountId(key.slice(1)), ...accuracy }];
  });
}
