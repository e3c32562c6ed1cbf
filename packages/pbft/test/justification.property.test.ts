import {
  type Digest,
  type NewView,
  sha256,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
  type ViewChange,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findJustificationDefect, findNewViewDefect } from "../src/view-change/new-view.ts";
import { findViewChangeDefect, isOwnedUp } from "../src/view-change/view-change.ts";
import { at, createRuleStage } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, digests, certificate } = stage;
const other: Digest = sha256(at(digests, 0));
const first = at(digests, 0);

describe("requests (PBFT §4.4)", () => {
  const lock = certificate({ phase: "prepare", view: 1, digest: first });
  const genuine = stage.request({ voter: 1, newView: 2, lock });
  const bare = stage.request({ voter: 1, newView: 2 });
  const body = (changes: Partial<ViewChange["body"]>): ViewChange => ({
    ...genuine,
    body: { ...genuine.body, ...changes },
  });

  test("B1: a request shows exactly the lock that it names, of its sequence and an earlier view", () => {
    expect(isOwnedUp(genuine)).toBe(true);
    expect(isOwnedUp(bare)).toBe(true);
    const wrong: readonly ViewChange[] = [
      { ...genuine, prepareCertificate: undefined },
      { ...bare, prepareCertificate: lock },
      { ...genuine, prepareCertificate: { ...lock, phase: "commit" } },
      { ...genuine, prepareCertificate: { ...lock, sequence: toSequence(1) } },
      { ...genuine, prepareCertificate: { ...lock, view: toView(0) } },
      { ...genuine, prepareCertificate: { ...lock, digest: other } },
      body({ newView: toView(1) }),
      body({ newView: toView(0) }),
    ];

    expect(wrong.map(isOwnedUp)).toEqual(wrong.map(() => false));
  });

  test("B25: each part of a request that is wrong has its reason", () => {
    const parent = at(
      [state.head.certificate].flatMap((each) => each ?? []),
      0,
    );
    const reasons: readonly (readonly [ViewChange, string | undefined])[] = [
      [genuine, undefined],
      [bare, undefined],
      [body({ validators: other }), "wrong-set"],
      [body({ parent: other }), "wrong-parent"],
      [{ ...bare, body: { ...bare.body, newView: toView(0) } }, "wrong-view"],
      [{ ...genuine, parentCertificate: undefined }, "bad-justification"],
      [{ ...genuine, parentCertificate: { ...parent, digest: other } }, "bad-justification"],
      [{ ...genuine, parentCertificate: { ...parent, phase: "prepare" } }, "bad-justification"],
      [
        { ...genuine, parentCertificate: { ...parent, sequence: toSequence(2) } },
        "bad-justification",
      ],
      [{ ...genuine, prepareCertificate: undefined }, "bad-justification"],
    ];

    for (const [message, reason] of reasons) {
      expect(findViewChangeDefect(state, message)).toBe(reason);
    }
  });
});

describe("NewViews (PBFT §4.4)", () => {
  const view = 3;
  const leader = toValidatorIndex(stage.cluster.leader(2, view));
  const signature = toSignature(new Uint8Array(64));
  const newView = (
    changes: Partial<NewView>,
    proposal: Partial<NewView["proposal"]> = {},
  ): NewView => ({
    proposal: {
      sequence: toSequence(2),
      view: toView(view),
      digest: first,
      leader,
      signature,
      ...proposal,
    },
    parent: state.head.digest,
    votes: [0, 1, 2].map((voter) => ({
      voter: toValidatorIndex(voter),
      prepared: undefined,
      signature,
    })),
    parentCertificate: state.head.certificate,
    prepareCertificate: undefined,
    ...changes,
  });

  test("B25: each part of a NewView that is wrong has its reason", () => {
    const ahead = { ...state, view: toView(4) };
    const next = toValidatorIndex((leader + 1) % 4);

    expect(findNewViewDefect(state, newView({}))).toBeUndefined();
    expect(findNewViewDefect({ ...state, view: toView(view) }, newView({}))).toBeUndefined();
    expect(findNewViewDefect(ahead, newView({}))).toBe("old-view");
    expect(findNewViewDefect(state, newView({}, { view: toView(0) }))).toBe("wrong-view");
    expect(findNewViewDefect(state, newView({}, { leader: next }))).toBe("not-the-leader");
    expect(findNewViewDefect(state, newView({ parent: other }))).toBe("wrong-parent");
    expect(findNewViewDefect(state, newView({ parentCertificate: undefined }))).toBe(
      "bad-justification",
    );
    expect(findNewViewDefect(state, newView({ votes: [] }))).toBe("bad-justification");
    // A quorum, but for one who votes twice, one out of order, or one who is not in the set.
    for (const voters of [
      [0, 1, 1, 2],
      [0, 2, 1],
      [0, 1, 2, 4],
      [0, 1, 2, 1_000],
    ]) {
      const votes = voters.map((voter) => ({
        voter: toValidatorIndex(voter),
        prepared: undefined,
        signature,
      }));
      expect(findNewViewDefect(state, newView({ votes }))).toBe("bad-justification");
    }
  });

  test("B1 B25: a proposal is justified exactly if a quorum asked, and it is the highest lock named", () => {
    const locks = fc.option(fc.record({ view: fc.nat({ max: 3 }), of: fc.nat({ max: 1 }) }), {
      nil: undefined,
      freq: 2,
    });
    const votes = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), locks), { maxLength: 4 });
    const shown = fc.record({
      view: fc.nat({ max: 3 }),
      of: fc.nat({ max: 1 }),
      phase: fc.constantFrom("prepare", "prepare", "prepare", "commit"),
      sequence: fc.constantFrom(2, 2, 2, 1),
    });
    const set = state.head.validators;
    const seen = { justified: 0, locked: 0 };
    fc.assert(
      fc.property(
        fc.oneof(votes, orderly(votes)),
        fc.option(shown, { nil: undefined, freq: 2 }),
        fc.nat({ max: 1 }),
        fc.boolean(),
        (given, seenLock, of, follows) => {
          const named = given.flatMap(([, lock]) => (lock === undefined ? [] : [lock]));
          const highest = named.toSorted((left, right) => right.view - left.view)[0];
          // Half of the time the leader does what it must.
          const lock = follows
            ? highest && { ...highest, phase: "prepare", sequence: 2 }
            : seenLock;
          const digest = follows && highest !== undefined ? highest.of : of;
          const message = newView(
            {
              votes: given.map(([voter, prepared]) => ({
                voter: toValidatorIndex(voter),
                prepared: prepared && {
                  view: toView(prepared.view),
                  digest: at(digests, prepared.of),
                },
                signature,
              })),
              prepareCertificate:
                lock &&
                certificate({
                  phase: lock.phase === "prepare" ? "prepare" : "commit",
                  view: lock.view,
                  digest: at(digests, lock.of),
                  sequence: lock.sequence,
                }),
            },
            { digest: at(digests, digest) },
          );
          const voters = given.map(([voter]) => voter);
          const isQuorum =
            voters.length >= 3 &&
            voters.every((voter, index) => voter <= 3 && !(voter <= (voters[index - 1] ?? -1)));
          const isDictated =
            highest === undefined
              ? lock === undefined
              : lock !== undefined &&
                lock.phase === "prepare" &&
                lock.sequence === 2 &&
                lock.view === highest.view &&
                lock.of === digest &&
                named.some((each) => each.view === lock.view && each.of === lock.of);
          const isJustified = isQuorum && named.every((each) => each.view < view) && isDictated;

          expect(findJustificationDefect(set, message) === undefined).toBe(isJustified);
          if (isJustified) seen.justified += 1;
          if (isJustified && lock !== undefined) seen.locked += 1;
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 2_000, seed: 1 },
    );
    expect(seen.justified).toBeGreaterThan(50);
    expect(seen.locked).toBeGreaterThan(20);
  });
});

/** Votes of a quorum, each voter once, ascending. */
function orderly<Lock>(votes: fc.Arbitrary<[number, Lock][]>): fc.Arbitrary<[number, Lock][]> {
  return votes
    .filter((some) => some.length >= 3)
    .map((some) => some.map(([, lock], index) => [index, lock]));
}
