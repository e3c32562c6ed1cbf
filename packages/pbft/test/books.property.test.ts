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
import { addVote, emptyVoteBook, votesFor } from "../src/normal-case/vote-book.ts";
import {
  addViewChange,
  emptyViewChangeBook,
  hasQuorumFrom,
  joinableView,
  quorumFor,
} from "../src/view-change/view-change-book.ts";
import { createMembership, GENESIS } from "./keys.ts";

const signature = toSignature(new Uint8Array(64));
const stakes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 70 });
const entries = fc.array(
  fc.record({ voter: fc.nat(), view: fc.nat({ max: 6 }), digest: fc.nat({ max: 2 }) }),
  { maxLength: 200 },
);

describe("books, against a deliberately dumb oracle", () => {
  test("P28: the power behind each vote is that of the voters whose latest vote it is", () => {
    fc.assert(
      fc.property(stakes, entries, (powers, votes) => {
        const { set } = createMembership(powers);
        const oracle = new Map<number, { view: number; digest: number }>();
        let book = emptyVoteBook();
        for (const { voter: raw, view, digest } of votes) {
          const voter = raw % powers.length;
          const of = sha256(new Uint8Array([digest]));
          const vote = {
            voter: toValidatorIndex(voter),
            view: toView(view),
            digest: of,
            signature,
          };
          const outcome = addVote(book, set, vote);
          const known = oracle.get(voter);
          const added = known === undefined || known.view < view;
          expect(outcome.type === "added").toBe(added);
          if (outcome.type !== "added") {
            expect(outcome.type === "conflict").toBe(
              known?.view === view && known.digest !== digest,
            );
            continue;
          }
          oracle.set(voter, { view, digest });
          book = outcome.book;
          const same = [...oracle].filter(([, it]) => it.view === view && it.digest === digest);
          const power = same.reduce((sum, [at]) => sum + (set.validators[at]?.power ?? 0n), 0n);
          expect(outcome.power).toBe(power);
          expect(votesFor(book, vote)).toHaveLength(same.length);
        }
        expect(book.tally.length).toBeLessThanOrEqual(oracle.size);
      }),
      { numRuns: 100 },
    );
  });

  test("B24: joinable, wanted by a quorum, and led: all as a recount of the slots says", () => {
    fc.assert(
      fc.property(stakes, entries, (powers, requests) => {
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
