import {
  type Digest,
  equalBytes,
  type Signature,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
  validatorAt,
} from "@aethel/models";
import { emptySlots, type Slots, slotAt, slotValues, withSlot } from "./slots.ts";

/** Vote of one phase at the current sequence. */
export interface Vote {
  readonly view: View;
  readonly digest: Digest;
  readonly voter: ValidatorIndex;
  readonly signature: Signature;
}

/** Power of the votes for one digest in one view. */
export interface Tally {
  readonly view: View;
  readonly digest: Digest;
  readonly power: bigint;
}

/** Most votes of one validator that are kept for the current view and earlier ones. */
export const VOTES_REACHED_MAX = 8;

/** Most votes of one validator that are kept for views that this replica has not reached. */
export const VOTES_AHEAD_MAX = 2;

/**
 * Votes of one phase. For each validator the book keeps its first vote in each of the last views,
 * so that a later vote for another block convicts the validator. It also keeps two votes in views
 * that this replica has not reached; these never displace the others. `tally` has one entry for
 * each (view, digest) that has votes. Usually that is a single entry, so a list is faster than a
 * map with string keys.
 */
export interface VoteBook {
  /** Votes of each validator, ascending by view. */
  readonly slots: Slots<readonly Vote[]>;
  readonly tally: readonly Tally[];
}

/** Result of adding a vote to a vote book. */
export type VoteOutcome =
  | { readonly type: "added"; readonly book: VoteBook; readonly power: bigint }
  | { readonly type: "duplicate" }
  | { readonly type: "superseded" }
  /**
   * The voter has signed another digest in this view before. `earlier` is that vote, which together
   * with the new one is evidence.
   */
  | { readonly type: "conflict"; readonly earlier: Vote };

/** Returns a book without votes. */
export function emptyVoteBook(): VoteBook {
  return { slots: emptySlots(), tally: [] };
}

/**
 * Adds a vote. The caller MUST have verified its signature and checked that its voter is in `set`.
 * `reached`: the current view of this replica.
 */
export function addVote(book: VoteBook, set: ValidatorSet, vote: Vote, reached: View): VoteOutcome {
  const held = votesOf(book, vote.voter);
  const earlier = held.find(({ view }) => view === vote.view);
  if (earlier !== undefined) {
    const same = equalBytes(earlier.digest, vote.digest);
    return same ? { type: "duplicate" } : { type: "conflict", earlier };
  }
  const votes = [...held, vote].sort((left, right) => left.view - right.view);
  const victim = surplus(votes, reached);
  if (victim === vote) return { type: "superseded" };
  const kept = votes.filter((each) => each !== victim);
  const own: bigint = validatorAt(set, vote.voter)?.power ?? 0n;
  const rest = victim === undefined ? book.tally : withPower(book.tally, victim, -own);
  const tally = withPower(rest, vote, own);
  const power = tally.find((entry) => isFor(entry, vote))?.power ?? 0n;
  return {
    type: "added",
    book: { slots: withSlot(book.slots, vote.voter, kept), tally },
    power,
  };
}

/**
 * Returns the vote to drop because there are too many; undefined if there are not. Of the views
 * that this replica has not reached, the nearest and the highest are kept: an honest voter that is
 * ahead of this replica is in one of them.
 */
function surplus(votes: readonly Vote[], reached: View): Vote | undefined {
  const ahead = votes.filter(({ view }) => view > reached);
  if (ahead.length > VOTES_AHEAD_MAX) return ahead[1];
  return votes.length - ahead.length > VOTES_REACHED_MAX ? votes[0] : undefined;
}

/** Returns the votes of one validator, ascending by view. */
export function votesOf(book: VoteBook, voter: ValidatorIndex): readonly Vote[] {
  return slotAt(book.slots, voter) ?? [];
}

/** Whether the book has a vote of this voter with the same view and digest. */
export function hasVote(book: VoteBook, vote: Ballot & Pick<Vote, "voter">): boolean {
  return votesOf(book, vote.voter).some((held) => isFor(held, vote));
}

/** Returns all votes, ascending by voter and view. */
export function allVotes(book: VoteBook): readonly Vote[] {
  return slotValues(book.slots).flat();
}

/** Returns the votes for one digest in one view, ascending by voter. */
export function votesFor(book: VoteBook, wanted: Ballot): readonly Vote[] {
  return allVotes(book).filter((vote) => isFor(vote, wanted));
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
