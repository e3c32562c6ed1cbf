import { assert } from "@aethel/models";
import { least, natural } from "./ratio.ts";

/** A finished epoch of a member of the set. */
export interface AttendedEpoch {
  /** Header time that it had missed before, as `absenceAfter` counts it. */
  readonly absentMs: number;
  /** Certificates of the epoch that have its vote, and all that could have it. */
  readonly votes: number;
  readonly blocks: number;
  /** Header time that the epoch lasted, without any halt of the chain. */
  readonly lastedMs: number;
}

/**
 * Absence after an epoch: what it was, and `lastedMs x (blocks - 2 votes) / blocks` more, rounded
 * towards 0; at least 0 and at most `absenceMs`. Missed blocks count for it, and blocks that were voted
 * on against it.
 *
 * A vote now and then is therefore no presence: whoever votes on less than half of the blocks reaches
 * `absenceMs` in the end. Faulty leaders, less than a third, can leave votes out. Whoever is in three of
 * four certificates of the others is never jailed for that.
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
