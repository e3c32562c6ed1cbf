import { type AccountId, type StateChange, toAccountId } from "@aethel/models";
import { KEY_KIND } from "../state/state-key.ts";
import { ValidatorRecord } from "../state/validator-records.ts";

/** A validator whose accuracy is under this, in basis points, raises an alert (R8.3). */
export const ACCURACY_MIN = 9_500;

/** How much of what it was asked to verify a validator verified right and in time. */
export interface Accuracy {
  /** Certificates of the window that have its vote, and all that could have it. */
  readonly votes: number;
  readonly blocks: number;
  /** `floor(10,000 x votes / blocks)`; 10,000 when there was nothing to vote on. */
  readonly basisPoints: number;
}

/** An accuracy that is too low. */
export interface AccuracyAlert extends Accuracy {
  readonly validator: AccountId;
}

/** Of the finished epochs that the record remembers. */
export function accuracyOf({ recent }: Pick<ValidatorRecord, "recent">): Accuracy {
  const votes = recent.reduce((sum, epoch) => sum + epoch.votes, 0);
  const blocks = recent.reduce((sum, epoch) => sum + epoch.blocks, 0);
  return {
    votes,
    blocks,
    basisPoints: blocks === 0 ? 10_000 : Math.floor((10_000 * votes) / blocks),
  };
}

/** Whom a block makes it known of: those whose finished epoch it added up. */
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
