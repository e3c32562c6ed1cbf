import {
  type Digest,
  equalBytes,
  type Signature,
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

/** The power behind one digest in one view. */
export interface Tally {
  readonly view: View;
  readonly digest: Digest;
  readonly power: bigint;
}

/**
 * The votes of one phase: of each validator the one of the highest view, nothing else, so a peer
 * cannot make it grow. `tally` follows the slots: one entry for each (view, digest) that has votes,
 * nearly always one in all, so a list is faster than a map of texts.
 */
export interface VoteBook {
  readonly slots: Slots<Vote>;
  readonly tally: readonly Tally[];
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
  return { slots: emptySlots(), tally: [] };
}

/** Adds a vote whose signature was verified and whose voter is in `set`. */
export function addVote(book: VoteBook, set: ValidatorSet, vote: Vote): VoteOutcome {
  const earlier = slotAt(book.slots, vote.voter);
  if (earlier !== undefined && earlier.view > vote.view) return { type: "superseded" };
  if (earlier !== undefined && earlier.view === vote.view) {
    const same = equalBytes(earlier.digest, vote.digest);
    return same ? { type: "duplicate" } : { type: "conflict", earlier };
  }
  const own: bigint = validatorAt(set, vote.voter)?.power ?? 0n;
  const rest = earlier === undefined ? book.tally : withPower(book.tally, earlier, -own);
  const tally = withPower(rest, vote, own);
  const power = tally.find((entry) => isFor(entry, vote))?.power ?? 0n;
  return {
    type: "added",
    book: { slots: withSlot(book.slots, vote.voter, vote), tally },
    power,
  };
}

/** The votes for one digest in one view, ascending by voter. */
export function votesFor(book: VoteBook, wanted: Ballot): readonly Vote[] {
  return slotValues(book.slots).filter((vote) => isFor(vote, wanted));
}

type Ballot = Pick<Vote, "view" | "digest">;

function withPower(tally: readonly Tally[], ballot: Ballot, change: bigint): readonly Tally[] {
  const at = tally.findIndex((entry) => isFor(entry, ballot));
  const power = (tally[at]?.power ?? 0n) + change;
  const { view, digest } = ballot;
  if (at < 0) return [...tally, { view, digest, power }];
  return power > 0n ? tally.with(at, { view, digest, power }) : tally.toSpliced(at, 1);
}

function isFor(ballot: Ballot, wanted: Ballot): boolean {
  return ballot.view === wanted.view && equalBytes(ballot.digest, wanted.digest);
}
