import { type AccountId, type StateChange, toAccountId } from "@aethel/models";
import { KEY_KIND } from "../state/state-key.ts";
import { ValidatorRecord } from "../state/validator-records.ts";

/** Accuracy in basis points below which a validator raises an alert (R8.3). */
export const ACCURACY_MIN = 9_500;

/**
 * Part of the blocks of a window that a validator voted for, and so verified correctly and in time.
 */
export interface Accuracy {
  /** Certificates of the window with its vote, and certificates that could have it. */
  readonly votes: number;
  readonly blocks: number;
  /** `floor(10,000 x votes / blocks)`; 10,000 when there was nothing to vote on. */
  readonly basisPoints: number;
}

/** Accuracy of a validator that is too low. */
export interface AccuracyAlert extends Accuracy {
  readonly validator: AccountId;
}

/** Computes the accuracy over the finished epochs of a record. */
export function accuracyOf({ recent }: Pick<ValidatorRecord, "recent">): Accuracy {
  const votes = recent.reduce((sum, epoch) => sum + epoch.votes, 0);
  const blocks = recent.reduce((sum, epoch) => sum + epoch.blocks, 0);
  return {
    votes,
    blocks,
    basisPoints: blocks === 0 ? 10_000 : Math.floor((10_000 * votes) / blocks),
  };
}

/** Returns the validators with low accuracy among those whose finished epoch a block added up. */
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
