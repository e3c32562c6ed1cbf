import { assert } from "@aethel/models";
import { least, natural } from "../ratio.ts";

/** Record of one validator for an epoch that has ended, in which it was in the validator set. */
export interface AttendedEpoch {
  /** Absence before the epoch, in milliseconds, as `absenceAfter` counts it. */
  readonly absentMs: number;
  /** Number of certificates of the epoch that contain this validator's vote. */
  readonly votes: number;
  /** Number of certificates of the epoch that could have contained this validator's vote. */
  readonly blocks: number;
  /** Header time that the epoch lasted, in milliseconds, without halts of the chain. */
  readonly lastedMs: number;
}

/**
 * Computes the absence after an epoch, in milliseconds: `absentMs + lastedMs x (blocks - 2 votes) /
 * blocks`, the quotient rounded towards 0, at least 0 and at most `absenceMs`. Missed blocks raise
 * it, and blocks with a vote lower it.
 *
 * A validator that votes on less than half of the blocks reaches `absenceMs` in the end, even if it
 * votes now and then. Faulty leaders, who have less than a third of the turns, can leave out votes.
 * But a validator whose vote is in three of four certificates of the other leaders is never jailed
 * for that.
 */
export function absenceAfter(
  { absentMs, votes, blocks, lastedMs }: AttendedEpoch,
  { absenceMs }: { readonly absenceMs: number },
): number {
  const [before, lasted, most] = [
    natural("absence", absentMs),
    natural("length of an epoch", lastedMs),
    natural("absenceMs", absenceMs),
  ];
  assert(votes <= blocks, "nobody votes on more blocks than there are");
  if (blocks === 0) return absentMs;
  const missed = BigInt(blocks - 2 * votes);
  const change =
    missed < 0n ? -((lasted * -missed) / BigInt(blocks)) : (lasted * missed) / BigInt(blocks);
  const after = before + change;
  return Number(after < 0n ? 0n : least(after, most));
}
