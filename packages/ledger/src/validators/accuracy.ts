import { type AccountId, type StateChange, toAccountId } from "@aethel/models";
import { KEY_KIND } from "../state/state-key.ts";
import { ValidatorRecord } from "../state/validator-records.ts";

/** Accuracy in basis points below which a validator raises an alert (R8.3). */
export const ACCURACY_MIN = 9_500;

/**
 * Part of the blocks in a window of epochs that a validator voted for, and so verified correctly
 * and in time.
 */
export interface Accuracy {
  /**
   * Certificates of the window that include the validator's vote. `blocks`: those that could
   * include it.
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
 * Returns the validators with low accuracy among those to whose record a block added a finished
 * epoch.
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
