import {
  type Digest,
  equalBytes,
  type Signature,
  toHex,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
  validatorAt,
} from "@aethel/models";
import { emptySlots, type Slots, slotAt, slotValues, withSlot } from "../slots.ts";

/** A vote of one phase at the sequence in hand. */
export interface Vote {
  readonly view: View;
  readonly digest: Digest;
  readonly voter: ValidatorIndex;
  readonly signature: Signature;
}

/**
 * The votes of one phase: of each validator the one of the highest view, nothing else, so a peer
 * cannot make it grow. `tally` holds the power behind each (view, digest) and follows the slots.
 */
export interface VoteBook {
  readonly slots: Slots<Vote>;
  readonly tally: ReadonlyMap<string, bigint>;
}

/** What became of a vote. */
export type VoteOutcome =
  | { readonly type: "added"; readonly book: VoteBook; readonly power: bigint }
  | { readonly type: "duplicate" }
  | { readonly type: "superseded" }
  /** The voter signed another digest in this view: `earlier` is the first half of evidence. */
  | { readonly type: "conflict"; readonly earlier: Vote };

/** A book without votes. */
export function emptyVoteBook(): VoteBook {
  return { slots: emptySlots(), tally: new Map() };
}

/** Adds a vote whose signature was verified and whose voter is in `set`. */
export function addVote(book: VoteBook, set: ValidatorSet, vote: Vote): VoteOutcome {
  const earlier = slotAt(book.slots, vote.voter);
  if (earlier !== undefined && earlier.view > vote.view) return { type: "superseded" };
  if (earlier !== undefined && earlier.view === vote.view) {
    const same = equalBytes(earlier.digest, vote.digest);
    return same ? { type: "duplicate" } : { type: "conflict", earlier };
  }
  const own = validatorAt(set, vote.voter)?.power ?? 0n;
  const tally = new Map(book.tally);
  if (earlier !== undefined) {
    const rest = (tally.get(keyOf(earlier)) ?? 0n) - own;
    if (rest > 0n) tally.set(keyOf(earlier), rest);
    else tally.delete(keyOf(earlier));
  }
  const power = (tally.get(keyOf(vote)) ?? 0n) + own;
  tally.set(keyOf(vote), power);
  return {
    type: "added",
    book: { slots: withSlot(book.slots, vote.voter, vote), tally },
    power,
  };
}

/** The votes for one digest in one view, ascending by voter. */
export function votesFor(
  book: VoteBook,
  wanted: { readonly view: View; readonly digest: Digest },
): readonly Vote[] {
  return slotValues(book.slots).filter(
    (vote) => vote.view === wanted.view && equalBytes(vote.digest, wanted.digest),
  );
}

function keyOf(vote: { readonly view: View; readonly digest: Digest }): string {
  return `${vote.view}/${toHex(vote.digest)}`;
}
