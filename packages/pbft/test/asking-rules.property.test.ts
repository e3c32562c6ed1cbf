import { toValidatorIndex, toView, type ViewChange } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slotAt } from "../src/books/slots.ts";
import { addViewChange, emptyViewChangeBook } from "../src/books/view-change-book.ts";
import {
  adoptCommitCertificate,
  adoptPrepareCertificate,
} from "../src/normal-case/certificates.ts";
import type { State } from "../src/state.ts";
import { onNewView } from "../src/view-change/new-view.ts";
import { followViewChanges, onViewChange } from "../src/view-change/view-change.ts";
import { askForView } from "../src/views/ask-for-view.ts";
import { enterView } from "../src/views/enter-view.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads view 3, and not before. */
const stage = createRuleStage(3);
const { state, digests, blocks, certificate, me, cluster } = stage;
const lockIn = (view: number, of = 0) =>
  certificate({ phase: "prepare", view, digest: at(digests, of) });
const finalIn = (view: number, of = 0) =>
  certificate({ phase: "commit", view, digest: at(digests, of) });
const others = [0, 1, 2, 3].filter((index) => index !== me);
const known = (verdict: "unchecked" | "accepted") => ({
  digest: at(digests, 0),
  block: at(blocks, 0),
  verdict,
  reason: "",
  claim: undefined,
  durable: false,
});

function asked(requests: readonly ViewChange[]): State["viewChanges"] {
  return requests.reduce(
    (book, request) => addViewChange(book, state.head.validators, request) ?? book,
    emptyViewChangeBook(),
  );
}

describe("asking for a view (PBFT §4.4)", () => {
  test("B1 B5: the request names the lock and brings it, is durable first, and ends the view before", () => {
    for (const lock of [undefined, lockIn(0), lockIn(1)]) {
      for (const viewTimerRuns of [false, true]) {
        const context = stage.context({
          view: toView(1),
          prepared: lock,
          viewTimerRuns,
          proposing: toView(1),
          proposal: { fresh: true, votable: true, proposal: {} as never },
        });

        askForView(context, toView(2), "timeout");

        const { body } = stage.request({ voter: me, newView: 2, lock });
        const statement = {
          type: "view-change",
          body,
          voter: me,
          parentCertificate: state.head.certificate,
          prepareCertificate: lock,
        };
        const entry = { type: "view-change", body, prepareCertificate: lock };
        expect(only(context, "persist", "sign-and-send")).toEqual([
          { type: "persist", entries: [entry] },
          { type: "sign-and-send", statement },
        ]);
        expect(only(context, "stop-timer").map(({ timer }) => timer)).toEqual(
          viewTimerRuns ? ["view"] : [],
        );
        expect(only(context, "start-timer").map(({ timer }) => timer)).toEqual(["resend"]);
        expect(only(context, "report").map(({ event }) => event)).toEqual([
          { type: "view-changed", sequence: 2, view: 2, cause: "timeout" },
        ]);
        const { view, phase, proposal, proposing } = context.state;
        expect([view, phase, proposal, proposing]).toEqual([2, "changing", undefined, undefined]);
      }
    }
  });

  test("nobody asks who has nothing to say, or once a block is final", () => {
    const silent: readonly Partial<State>[] = [
      { suspended: true },
      { holdsKey: false },
      { phase: "committing" },
      { committed: finalIn(0) },
    ];
    for (const changes of silent) {
      const context = stage.context(changes);
      const before = context.state;

      askForView(context, toView(1), "timeout");

      expect(context.effects).toEqual([]);
      expect(context.state).toBe(before);
    }
    expect(() => askForView(stage.context({ view: toView(2) }), toView(2), "timeout")).toThrow();
    expect(() =>
      askForView(stage.context({ prepared: lockIn(2) }), toView(2), "timeout"),
    ).toThrow();
  });

  test("B24: joins the view that more than a third ask for, when it is later than its own", () => {
    const requests = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 4 })), {
      maxLength: 6,
    });
    const here = fc.record({
      view: fc.nat({ max: 3 }),
      phase: fc.constantFrom("active", "changing", "changing", "committing"),
      committed: fc.constantFrom(false, false, false, true),
    });
    let joined = 0;
    fc.assert(
      fc.property(requests, here, (given, { view, phase, committed }) => {
        const book = asked(
          given.map(([of, newView]) => stage.request({ voter: at(others, of), newView })),
        );
        const context = stage.context({
          view: toView(view),
          phase,
          viewChanges: book,
          committed: committed ? finalIn(0) : undefined,
        });

        followViewChanges(context);

        // Of each voter the highest; the second highest of all is asked for by two.
        const highest = others.flatMap((_, of) => {
          const views = given.flatMap(([voter, newView]) => (voter === of ? [newView] : []));
          return views.length === 0 ? [] : [Math.max(...views)];
        });
        const joinable = highest.toSorted((left, right) => right - left)[1] ?? 0;
        const joins = phase !== "committing" && !committed && joinable > view;
        const events = only(context, "report").map(({ event }) => event);
        expect(events).toEqual(
          joins ? [{ type: "view-changed", sequence: 2, view: joinable, cause: "joined" }] : [],
        );
        expect(context.state.view).toBe(joins ? joinable : view);
        if (joins) joined += 1;
        // Time runs for a view that was asked for once a quorum wants it, and then only.
        const wants = highest.filter((each) => each >= view).length >= 3;
        const isPressing = view > 0;
        const runs = !joins && phase !== "committing" && !committed && isPressing;
        expect(context.state.viewTimerRuns).toBe(runs && (phase === "active" || wants));
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 600, seed: 1 },
    );
    expect(joined).toBeGreaterThan(20);
  });

  test("a view whose block is overdue is left when another voter has left it", () => {
    const [voter = 0] = others;
    const viewChanges = asked([stage.request({ voter, newView: 1 })]);
    for (const overdue of [false, true]) {
      const pace = { ...state.pace, overdue };
      const context = stage.context({ viewChanges, pace });

      followViewChanges(context);

      expect(only(context, "report").map(({ event }) => event)).toEqual(
        overdue ? [{ type: "view-changed", sequence: 2, view: 1, cause: "overdue" }] : [],
      );
    }
  });
});

describe("the request of another", () => {
  test("is kept when it is for a later view than its last, with its lock; the own one to say again", () => {
    const [voter = 0] = others;
    const lock = lockIn(0);
    const context = stage.context({ blocks: [known("unchecked")] });
    const first = stage.request({ voter, newView: 2 });
    onViewChange(context, first);
    expect(context.state.viewChanges.tally.get(toView(2))).toBe(1n);
    expect(context.state.prepared).toBeUndefined();
    onViewChange(context, stage.request({ voter, newView: 2, lock }));
    expect(only(context, "discard").at(-1)).toEqual({
      type: "discard",
      input: "view-change",
      reason: "superseded",
    });
    expect(context.state.prepared).toBeUndefined();
    const third = stage.request({ voter, newView: 3, lock });
    onViewChange(context, third);
    expect(context.state.prepared).toBe(lock);
    expect([...context.state.viewChanges.tally]).toEqual([[3, 1n]]);
    expect(context.state.sent.viewChange).toBeUndefined();
    const own = stage.request({ voter: me, newView: 1 });
    onViewChange(context, own);
    expect(context.state.sent.viewChange).toBe(own);

    const count = context.effects.length;
    const wrong = { ...stage.request({ voter, newView: 4 }), parentCertificate: undefined };
    onViewChange(context, wrong);
    expect(context.effects.slice(count)).toEqual([
      { type: "discard", input: "view-change", reason: "bad-justification" },
    ]);
    expect([...context.state.viewChanges.tally.keys()]).not.toContain(4);
  });

  test("B24: when it makes more than a third, it is followed", () => {
    const context = stage.context();
    for (const voter of others.slice(0, 2))
      onViewChange(context, stage.request({ voter, newView: 3 }));

    expect([context.state.view, context.state.phase]).toEqual([3, "changing"]);
  });
});

describe("certificates", () => {
  test("B1 B4: a lock gives way to one of a later view only, whoever made it", () => {
    const views = fc.tuple(fc.option(fc.nat({ max: 3 }), { nil: undefined }), fc.nat({ max: 3 }));
    const phases = fc.constantFrom("active", "changing", "committing");
    fc.assert(
      fc.property(views, fc.nat({ max: 3 }), phases, fc.boolean(), (locks, view, phase, here) => {
        const [before, after] = locks;
        const held = before === undefined ? undefined : lockIn(before, 1);
        const context = stage.context({
          view: toView(view),
          phase,
          prepared: held,
          blocks: here ? [known("unchecked")] : [],
        });
        const lock = lockIn(after);

        adoptPrepareCertificate(context, lock);

        const isTaken = phase !== "committing" && (before ?? -1) < after;
        expect(context.state.prepared).toBe(isTaken ? lock : held);
        expect(context.state.preparedAt).toBe(isTaken ? context.elapsed : undefined);
        const events = only(context, "report").map(({ event }) => event);
        expect(events.filter(({ type }) => type === "prepared")).toEqual(
          isTaken ? [{ type: "prepared", sequence: 2, view: after, digest: digests[0] }] : [],
        );
        const moves = isTaken && after > view;
        expect(events.filter(({ type }) => type === "view-changed")).toEqual(
          moves ? [{ type: "view-changed", sequence: 2, view: after, cause: "certificate" }] : [],
        );
        expect(context.state.view).toBe(moves ? after : view);
        expect(context.state.viewTimerRuns).toBe(isTaken && context.state.phase === "active");
        const fetched = only(context, "fetch-block").map(({ digest }) => digest);
        expect(fetched).toEqual(isTaken && !here ? [digests[0]] : []);
        expect(only(context, "verify")).toHaveLength(isTaken && here ? 1 : 0);
      }),
      { numRuns: 500 },
    );
    expect(() => adoptPrepareCertificate(stage.context(), finalIn(0))).toThrow();
    const foreign = certificate({ phase: "prepare", view: 0, digest: at(digests, 0), sequence: 1 });
    expect(() => adoptPrepareCertificate(stage.context(), foreign)).toThrow();
  });

  test("a COMMIT certificate makes its block final, in whatever view; the first one counts", () => {
    for (const here of [false, true]) {
      const context = stage.context({
        blocks: here ? [known("accepted")] : [],
        view: toView(1),
        prepared: lockIn(3),
        preparedAt: stage.cluster.now - 40,
      });
      const final = finalIn(3);

      adoptCommitCertificate(context, final);

      expect(context.state.committed).toBe(final);
      expect(only(context, "fetch-block").map(({ digest }) => digest)).toEqual(
        here ? [] : [digests[0]],
      );
      expect(only(context, "commit")).toHaveLength(here ? 1 : 0);
      // How long the quorum took is learnt of the view's leader.
      expect(slotAt(context.state.measures.leaders, me)?.round).toBeGreaterThanOrEqual(40);
      const count = context.effects.length;
      adoptCommitCertificate(context, finalIn(2));
      expect(context.state.committed).toBe(final);
      expect(context.effects).toHaveLength(count);
    }
    expect(() => adoptCommitCertificate(stage.context(), lockIn(0))).toThrow();
    const foreign = certificate({ phase: "commit", view: 0, digest: at(digests, 0), sequence: 1 });
    expect(() => adoptCommitCertificate(stage.context(), foreign)).toThrow();
  });
});

describe("a later view", () => {
  const newView = (view: number, lock: ReturnType<typeof lockIn> | undefined, of = 0) => ({
    proposal: {
      sequence: state.sequence,
      view: toView(view),
      digest: at(digests, of),
      leader: toValidatorIndex(cluster.leader(2, view)),
      signature: new Uint8Array(64) as never,
    },
    parent: state.head.digest,
    votes: [0, 1, 2].map((voter) => ({
      voter: toValidatorIndex(voter),
      prepared: lock && { view: lock.view, digest: lock.digest },
      signature: new Uint8Array(64) as never,
    })),
    parentCertificate: state.head.certificate,
    prepareCertificate: lock,
  });

  test("is entered once; the timer of a view that was waited for runs on", () => {
    for (const [view, phase, to] of [
      [1, "changing", 1],
      [1, "active", 1],
      [1, "active", 2],
      [1, "changing", 3],
    ] as const) {
      const proposal = { fresh: true, votable: true, proposal: {} as never };
      const before = { view: toView(view), phase, viewTimerRuns: true, proposal };
      const context = stage.context({ ...before, proposing: toView(view) });

      enterView(context, toView(to), "new-view");

      const moved = to > view;
      const entered = moved || phase === "changing";
      expect(only(context, "report")).toHaveLength(entered ? 1 : 0);
      expect(only(context, "stop-timer")).toHaveLength(moved ? 1 : 0);
      expect(only(context, "start-timer").filter(({ timer }) => timer === "view")).toHaveLength(
        moved ? 1 : 0,
      );
      expect(context.state.proposal).toBe(moved ? undefined : proposal);
      expect(context.state.proposing).toBe(moved ? undefined : view);
      expect([context.state.view, context.state.phase]).toEqual([to, "active"]);
    }
    expect(() => enterView(stage.context({ view: toView(2) }), toView(1), "new-view")).toThrow();
    expect(() =>
      enterView(stage.context({ phase: "committing" }), toView(1), "new-view"),
    ).toThrow();
  });

  test("B26: its first NewView is taken, with the lock that it brings; another one changes nothing", () => {
    for (const lock of [undefined, lockIn(0)]) {
      const context = stage.context({ view: toView(1), phase: "changing" });
      const message = newView(2, lock);

      onNewView(context, message);

      expect([context.state.view, context.state.phase]).toEqual([2, "active"]);
      expect(context.state.proposal).toEqual({
        proposal: message.proposal,
        fresh: lock === undefined,
        votable: lock === undefined ? undefined : true,
      });
      expect(context.state.prepared).toBe(lock);
      expect(only(context, "discard")).toEqual([]);
      onNewView(context, message);
      onNewView(context, newView(2, lock && lockIn(0, 1), 1));
      expect(only(context, "discard").map(({ reason }) => reason)).toEqual([
        "duplicate",
        "conflict",
      ]);
      expect(context.state.proposal?.proposal).toBe(message.proposal);
      // Told two: that convicts.
      const accused = context.state.evidence.map(({ evidence }) => evidence.type);
      expect(accused).toEqual(["double-proposal"]);
    }
  });

  test("is not entered for a NewView without a quorum, of a view that is over, or of a block that is final", () => {
    const good = newView(2, undefined);
    for (const [changes, message, reason] of [
      [{}, { ...good, votes: good.votes.slice(1) }, "bad-justification"],
      [{ view: toView(3) }, good, "old-view"],
      [{ phase: "committing" }, good, "old-sequence"],
      [{ committed: finalIn(0) }, good, "old-sequence"],
    ] as const) {
      const context = stage.context(changes);
      const before = context.state;

      onNewView(context, message);

      expect(only(context, "discard")).toEqual([{ type: "discard", input: "new-view", reason }]);
      expect(context.state).toBe(before);
    }
  });

  test("B4: takes the place of a proposal of an earlier view, and its lock that of an earlier one", () => {
    const lock = lockIn(1);
    const context = stage.context({
      prepared: lockIn(0, 1),
      proposal: { proposal: newView(0, undefined).proposal, fresh: true, votable: true },
    });

    onNewView(context, newView(2, lock));

    expect(context.state.prepared).toBe(lock);
    expect(context.state.view).toBe(2);
    expect(context.state.proposal?.proposal.view).toBe(2);
    expect(only(context, "discard")).toEqual([]);
  });
});
