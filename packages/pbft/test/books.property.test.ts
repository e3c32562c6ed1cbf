import {
  isQuorum,
  isWeakQuorum,
  sha256,
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
import { addVote, allVotes, emptyVoteBook, type Vote, votesFor } from "../src/books/vote-book.ts";
import { createMembership, GENESIS } from "./keys.ts";

const signature = toSignature(new Uint8Array(64));
const stakes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 70 });
const digests = fc.nat({ max: 2 });
const entries = fc.array(
  fc.record({ voter: fc.nat(), view: fc.nat({ max: 14 }), digest: digests }),
  { maxLength: 200 },
);

const fewViews = fc.array(fc.record({ voter: fc.nat(), view: fc.nat({ max: 6 }) }), {
  maxLength: 200,
});

function voteOf(voter: number, view: number, digest: number): Vote {
  return {
    voter: toValidatorIndex(voter),
    view: toView(view),
    digest: sha256(new Uint8Array([digest])),
    signature,
  };
}

describe("books, against a deliberately dumb oracle", () => {
  test("P28: the power behind each vote is that of the voters whose vote is kept for it", () => {
    fc.assert(
      fc.property(stakes, entries, fc.nat({ max: 14 }), (powers, votes, reached) => {
        const { set } = createMembership(powers);
        const oracle = new Map<number, Map<number, number>>();
        let book = emptyVoteBook();
        for (const { voter: raw, view, digest } of votes) {
          const voter = raw % powers.length;
          const held = oracle.get(voter) ?? new Map<number, number>();
          oracle.set(voter, held);
          const earlier = held.get(view);
          const outcome = addVote(book, set, voteOf(voter, view, digest), toView(reached));
          if (earlier !== undefined) {
            expect(outcome.type).toBe(earlier === digest ? "duplicate" : "conflict");
            continue;
          }
          held.set(view, digest);
          const views = [...held.keys()].toSorted((left, right) => left - right);
          const ahead = views.filter((each) => each > reached);
          const near = views.filter((each) => each <= reached);
          const victim = ahead.length > 2 ? ahead[1] : near.length > 8 ? near[0] : undefined;
          if (victim !== undefined) held.delete(victim);
          expect(outcome.type).toBe(victim === view ? "superseded" : "added");
          if (outcome.type !== "added") continue;
          book = outcome.book;
          const same = [...oracle].filter(([, it]) => it.get(view) === digest);
          const power = same.reduce((sum, [at]) => sum + (set.validators[at]?.power ?? 0n), 0n);
          expect(outcome.power).toBe(power);
          expect(votesFor(book, voteOf(voter, view, digest))).toHaveLength(same.length);
        }
        const kept = [...oracle.values()].reduce((sum, held) => sum + held.size, 0);
        expect(allVotes(book)).toHaveLength(kept);
        expect(book.tally.length).toBeLessThanOrEqual(kept);
      }),
      { numRuns: 100 },
    );
  });

  test("P36: votes of views that are not reached never displace one of a view that is", () => {
    const far = fc.array(
      fc.record({ view: fc.integer({ min: 4, max: 2 ** 32 - 1 }), digest: digests }),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(fc.nat({ max: 3 }), far, far, (view, before, after) => {
        const { set } = createMembership([1, 1, 1, 1]);
        let book = emptyVoteBook();
        const give = (at: number, digest: number): ReturnType<typeof addVote> => {
          const outcome = addVote(book, set, voteOf(2, at, digest), toView(3));
          if (outcome.type === "added") book = outcome.book;
          return outcome;
        };
        for (const junk of before) give(junk.view, junk.digest);
        expect(give(view, 0).type).toBe("added");
        for (const junk of after) give(junk.view, junk.digest);
        expect(give(view, 1)).toMatchObject({ type: "conflict", earlier: voteOf(2, view, 0) });
      }),
    );
  });

  test("B24: joinable, wanted by a quorum, and led: all as a recount of the slots says", () => {
    fc.assert(
      fc.property(stakes, fewViews, (powers, requests) => {
        const { set } = createMembership(powers);
        const oracle = new Map<number, number>();
        let book = emptyViewChangeBook();
        for (const { voter: raw, view } of requests) {
          const voter = raw % powers.length;
          const body = {
            validators: set.hash,
            sequence: 1 as never,
            newView: toView(view),
            parent: GENESIS,
            prepared: undefined,
          };
          const next = addViewChange(book, set, {
            body,
            voter: toValidatorIndex(voter),
            signature,
            parentCertificate: undefined,
            prepareCertificate: undefined,
          });
          expect(next !== undefined).toBe((oracle.get(voter) ?? -1) < view);
          if (next === undefined) continue;
          book = next;
          oracle.set(voter, view);
        }
        const powerOf = (test: (view: number) => boolean): bigint =>
          [...oracle].reduce(
            (sum, [at, view]) => sum + (test(view) ? (set.validators[at]?.power ?? 0n) : 0n),
            0n,
          );
        const candidates = [0, 1, 2, 3, 4, 5, 6].filter((view) =>
          isWeakQuorum(
            powerOf((asked) => asked >= view),
            set,
          ),
        );
        expect(joinableView(book, set)).toBe(candidates.at(-1));
        for (let view = 0; view <= 6; view++) {
          const wanted = isQuorum(
            powerOf((asked) => asked >= view),
            set,
          );
          expect(hasQuorumFrom(book, set, toView(view))).toBe(wanted);
          const exact = isQuorum(
            powerOf((asked) => asked === view),
            set,
          );
          expect(quorumFor(book, set, toView(view)) !== undefined).toBe(exact);
        }
      }),
      { numRuns: 100 },
    );
  });
});
