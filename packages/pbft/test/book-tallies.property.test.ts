import {
  isWeakQuorum,
  sha256,
  toDigest,
  toHex,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addViewChange,
  emptyViewChangeBook,
  hasQuorumFrom,
  joinableView,
  quorumFor,
} from "../src/books/view-change-book.ts";
import {
  addVote,
  allVotes,
  emptyVoteBook,
  hasVote,
  type Vote,
  votesFor,
  votesOf,
} from "../src/books/vote-book.ts";
import { createMembership } from "./keys.ts";
import { createRuleStage } from "./rule-stage.ts";

const { set } = createMembership([1, 2, 4]);
const signature = toSignature(new Uint8Array(64));
const powerOf = (voter: number): bigint => set.validators[voter]?.power ?? 0n;

interface Ballot {
  readonly voter: number;
  readonly view: number;
  readonly digest: number;
}

const voteOf = ({ voter, view, digest }: Ballot): Vote => ({
  voter: toValidatorIndex(voter),
  view: toView(view),
  digest: toDigest(sha256(new Uint8Array([digest]))),
  signature,
});
const nameOf = ({ voter, view, digest }: Vote): string => `${voter} ${view} ${toHex(digest)}`;

describe("the votes of few voters in many views", () => {
  test("P28 P36: eight views reached, two ahead; the power behind each is recounted from the votes", () => {
    const ballots = fc.array(
      fc.record({
        voter: fc.nat({ max: 2 }),
        view: fc.nat({ max: 16 }),
        digest: fc.nat({ max: 1 }),
      }),
      { minLength: 20, maxLength: 120 },
    );
    fc.assert(
      fc.property(ballots, fc.integer({ min: 2, max: 14 }), (all, reached) => {
        let book = emptyVoteBook();
        let kept: Ballot[] = [];
        for (const ballot of all) {
          const vote = voteOf(ballot);
          const outcome = addVote(book, set, vote, toView(reached));
          const own = kept.filter(({ voter }) => voter === ballot.voter);
          const earlier = own.find(({ view }) => view === ballot.view);
          if (earlier !== undefined) {
            expect(outcome).toEqual(
              earlier.digest === ballot.digest
                ? { type: "duplicate" }
                : { type: "conflict", earlier: voteOf(earlier) },
            );
            continue;
          }
          const views = [...own, ballot].toSorted((left, right) => left.view - right.view);
          const ahead = views.filter(({ view }) => view > reached);
          const near = views.filter(({ view }) => view <= reached);
          const victim = ahead.length > 2 ? ahead[1] : near.length > 8 ? near[0] : undefined;
          expect(outcome.type).toBe(victim === ballot ? "superseded" : "added");
          if (outcome.type !== "added") continue;
          ({ book } = outcome);
          kept = [...kept, ballot].filter((each) => each !== victim);
          const behind = kept.filter((e) => e.view === ballot.view && e.digest === ballot.digest);
          expect(outcome.power).toBe(behind.reduce((sum, { voter }) => sum + powerOf(voter), 0n));
          expect(votesFor(book, vote)).toHaveLength(behind.length);
          expect(hasVote(book, vote)).toBe(true);
        }
        expect(allVotes(book).map(nameOf).toSorted()).toEqual(
          kept.map((each) => nameOf(voteOf(each))).toSorted(),
        );
        const counts = new Map<string, bigint>();
        for (const each of kept) {
          const name = nameOf(voteOf({ ...each, voter: 0 }));
          counts.set(name, (counts.get(name) ?? 0n) + powerOf(each.voter));
        }
        const tally = book.tally.map(({ view, digest, power }): [string, bigint] => [
          nameOf({ voter: toValidatorIndex(0), view, digest, signature }),
          power,
        ]);
        expect(tally).toHaveLength(counts.size);
        expect(new Map(tally)).toEqual(counts);
        for (const voter of [0, 1, 2]) {
          const views = votesOf(book, toValidatorIndex(voter)).map(({ view }) => view);
          expect(views).toEqual(views.toSorted((left, right) => left - right));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("the requests of few voters", () => {
  const stage = createRuleStage(0);
  const validators = stage.state.head.validators;

  test("B24: of each voter the highest; the power behind each view is recounted from them", () => {
    const asks = fc.array(
      fc.record({ voter: fc.nat({ max: 3 }), view: fc.integer({ min: 1, max: 4 }) }),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(asks, (all) => {
        let book = emptyViewChangeBook();
        const highest = new Map<number, number>();
        for (const { voter, view } of all) {
          const next = addViewChange(book, validators, stage.request({ voter, newView: view }));
          expect(next === undefined).toBe((highest.get(voter) ?? 0) >= view);
          if (next === undefined) continue;
          highest.set(voter, view);
          book = next;
        }
        const counts = new Map<number, bigint>();
        for (const view of highest.values()) counts.set(view, (counts.get(view) ?? 0n) + 1n);
        expect(new Map(book.tally)).toEqual(counts);
        const asked = (test: (view: number) => boolean): readonly number[] =>
          [...highest].filter(([, view]) => test(view)).map(([voter]) => voter);
        const joinable = [4, 3, 2, 1].find((view) =>
          isWeakQuorum(BigInt(asked((each) => each >= view).length), validators),
        );
        expect(joinableView(book, validators)).toBe(joinable);
        for (const view of [1, 2, 3, 4]) {
          const exact = asked((each) => each === view).toSorted((a, b) => a - b);
          expect(hasQuorumFrom(book, validators, toView(view))).toBe(
            asked((each) => each >= view).length >= 3,
          );
          expect(quorumFor(book, validators, toView(view))?.map(({ voter }) => voter)).toEqual(
            exact.length >= 3 ? exact : undefined,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  test("a view that nobody asked for has no quorum, however small the set", () => {
    const alone = createMembership([1]).set;
    const book = emptyViewChangeBook();

    expect(quorumFor(book, alone, toView(1))).toBeUndefined();
    expect(hasQuorumFrom(book, alone, toView(1))).toBe(false);
    expect(joinableView(book, alone)).toBeUndefined();
  });
});
