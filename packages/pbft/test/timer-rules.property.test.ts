import { toSequence, toTimestamp, toValidatorIndex, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Measures } from "../src/books/measures.ts";
import { addViewChange, emptyViewChangeBook } from "../src/books/view-change-book.ts";
import { onTimeout, onWork } from "../src/pacemaker/pacemaker.ts";
import type { State } from "../src/state.ts";
import type { StepContext } from "../src/step-context.ts";
import {
  expectedWaitMs,
  headAheadMs,
  intervalWaitMs,
  proposalWaitMs,
  takeHead,
} from "../src/timing/pacing.ts";
import {
  armViewTimer,
  disarmViewTimer,
  heartbeatWaitMs,
  isBusy,
  isWaitingForInterval,
  startResend,
  viewTimeoutMs,
} from "../src/timing/timing.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads view 3. */
const stage = createRuleStage(3);
const { config, state, digests, certificate, me, cluster } = stage;
const { minBlockIntervalMs, viewTimeoutMs: base, viewTimeoutMaxMs: cap } = config;
const lock = certificate({ phase: "prepare", view: 0, digest: at(digests, 0) });

/** A replica whose clock and head are as said, relative to the head's timestamp. */
function timed(
  changes: Partial<State>,
  times: Partial<StepContext> & { measures?: Partial<Measures> } = {},
): StepContext {
  const { measures, ...rest } = times;
  const context = stage.context({
    ...changes,
    measures: { ...state.measures, ...changes.measures, ...measures },
  });
  return { ...context, ...rest };
}

const dated = state.head.header.timestamp;

describe("the time-out of a view", () => {
  test("B24: grows by half with each view from the first one's and six rounds, up to the cap", () => {
    fc.assert(
      fc.property(fc.nat({ max: 3_000 }), fc.nat({ max: 40 }), (roundMs, view) => {
        let expected = Math.min(cap, base + 6 * roundMs);
        for (let grown = 0; grown < view; grown++) {
          expected = Math.min(cap, expected + Math.ceil(expected / 2));
        }
        expect(viewTimeoutMs(config, roundMs, toView(view))).toBe(expected);
      }),
    );
  });

  test("it runs when something is pressing, for who votes, in a view that is active or wanted by a quorum", () => {
    const asked = (count: number): State["viewChanges"] =>
      [0, 1, 2].slice(0, count).reduce((book, voter) => {
        const request = stage.request({ voter, newView: 1 });
        return addViewChange(book, state.head.validators, request) ?? book;
      }, emptyViewChangeBook());
    const situations = fc.record({
      runs: fc.boolean(),
      phase: fc.constantFrom("active", "changing", "committing"),
      work: fc.boolean(),
      view: fc.nat({ max: 1 }),
      suspended: fc.boolean(),
      count: fc.nat({ max: 3 }),
      deadlineRuns: fc.boolean(),
    });
    fc.assert(
      fc.property(situations, ({ runs, phase, work, view, suspended, count, deadlineRuns }) => {
        const pace = { ...state.pace, deadlineRuns };
        const context = timed({
          viewTimerRuns: runs,
          phase,
          work,
          view: toView(view),
          suspended,
          viewChanges: asked(count),
          pace,
        });

        armViewTimer(context);

        const starts =
          !runs &&
          phase !== "committing" &&
          (work || view > 0) &&
          !suspended &&
          (phase === "active" || (view === 1 ? count === 3 : count === 3));
        const timers = only(context, "start-timer").map(({ timer }) => timer);
        expect(timers.includes("view")).toBe(starts);
        expect(timers.includes("resend")).toBe(starts);
        expect(context.state.viewTimerRuns).toBe(runs || starts);

        const stops = context.state.viewTimerRuns;
        const before = context.state.pace.deadlineRuns;
        disarmViewTimer(context);
        expect(only(context, "stop-timer").map(({ timer }) => timer)).toEqual(
          stops ? ["view", ...(before ? ["deadline"] : [])] : [],
        );
        expect(context.state.viewTimerRuns).toBe(false);
        if (stops) expect(context.state.pace.deadlineRuns).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  test("when it is over the next view is asked for, if something is pressing and could have happened", () => {
    const cases: readonly (readonly [Partial<State>, string])[] = [
      [{ viewTimerRuns: true, work: true }, "asks"],
      [{ viewTimerRuns: false, work: true }, "discards"],
      [{ viewTimerRuns: true, work: false }, "nothing"],
    ];
    for (const [changes, result] of cases) {
      const context = timed(changes, { elapsed: cluster.now + 60_000, now: cluster.now + 60_000 });
      onTimeout(context, "view");
      const asked = only(context, "report").flatMap(({ event }) =>
        event.type === "view-changed" ? [event.cause] : [],
      );
      expect(asked).toEqual(result === "asks" ? ["timeout"] : []);
      expect(only(context, "discard")).toHaveLength(result === "discards" ? 1 : 0);
      if (result !== "discards") expect(context.state.viewTimerRuns).toBe(false);
    }
    // The head is in the future of this clock: nobody could propose yet, and time begins anew.
    const early = timed({ viewTimerRuns: true, work: true }, { now: dated - 60_000 });
    onTimeout(early, "view");
    expect(early.state.viewTimerRuns).toBe(true);
    expect(early.state.view).toBe(0);
    expect(only(early, "report").map(({ event }) => event.type)).toEqual(["head-ahead"]);
  });
});

describe("the minimum interval", () => {
  test("B34: counts from the head in elapsed time; a head dated ahead buys no time", () => {
    const times = fc.record({
      now: fc.integer({ min: -500, max: 500 }),
      since: fc.option(fc.nat({ max: 300 }), { nil: undefined, freq: 2 }),
    });
    fc.assert(
      fc.property(times, ({ now, since }) => {
        const elapsed = 1_000_000;
        const context = timed({}, { now: dated + now, elapsed });
        const arrivedAt = since === undefined ? undefined : elapsed - since;

        takeHead(context, arrivedAt);

        const { headSince, pacedFrom } = context.state.measures;
        const inElapsed = elapsed - now;
        expect(headSince).toBe(arrivedAt ?? Math.min(elapsed, inElapsed));
        if (arrivedAt === undefined) {
          expect(pacedFrom).toBe(Math.min(elapsed, inElapsed));
        } else if (inElapsed <= arrivedAt) {
          expect(pacedFrom).toBe(Math.max(inElapsed, arrivedAt - config.maxDriftMs));
        } else {
          // About one delay before it came.
          expect(pacedFrom ?? 0).toBeLessThanOrEqual(arrivedAt);
          expect(arrivedAt - (pacedFrom ?? 0)).toBeLessThanOrEqual(minBlockIntervalMs / 6);
        }
        const ahead = Math.max(0, -now - config.clockPrecisionMs);
        expect(headAheadMs(context)).toBe(ahead);
        expect(only(context, "report").map(({ event }) => event)).toEqual(
          ahead > 0 ? [{ type: "head-ahead", sequence: 2, aheadMs: ahead }] : [],
        );
      }),
      { numRuns: 300 },
    );
  });

  test("B34: what is left of it, what a leader waits for, and what a voter expects", () => {
    const times = fc.record({
      from: fc.option(fc.integer({ min: -400, max: 100 }), { nil: undefined, freq: 4 }),
      since: fc.option(fc.integer({ min: -400, max: 100 }), { nil: undefined, freq: 4 }),
      now: fc.integer({ min: -3_000, max: 3_000 }),
    });
    fc.assert(
      fc.property(times, ({ from, since, now }) => {
        const elapsed = 1_000_000;
        const measures = {
          pacedFrom: from === undefined ? undefined : elapsed + from,
          headSince: since === undefined ? undefined : elapsed + since,
        };
        const context = timed({}, { now: dated + now, elapsed, measures });
        const began = Math.min(0, from ?? -Math.max(0, now));
        const left = Math.max(0, began + minBlockIntervalMs);
        const legal = Math.max(0, minBlockIntervalMs - config.clockPrecisionMs - now);
        const waits = Math.max(left, Math.min(1_000, legal));

        expect(intervalWaitMs(context)).toBe(left);
        expect(proposalWaitMs(context)).toBe(waits);
        expect(expectedWaitMs(context)).toBe(
          since === undefined ? left : Math.max(0, Math.min(0, since) + minBlockIntervalMs),
        );
        expect(isWaitingForInterval(context)).toBe(waits > 0);
        const accepted = { proposal: {} } as never;
        for (const changes of [
          { view: toView(1) },
          { phase: "changing" as const },
          { proposal: accepted },
        ]) {
          expect(
            isWaitingForInterval(timed(changes, { now: dated + now, elapsed, measures })),
          ).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
    const far = timed({}, { elapsed: 0, now: dated, measures: { pacedFrom: 0 } });
    const long = { ...far, config: { ...config, minBlockIntervalMs: 1_000_000 } };
    expect(intervalWaitMs(long)).toBe(600_000);
  });

  test("the heartbeat counts from the same place, in parts of ten minutes", () => {
    const elapsed = 5_000_000;
    for (const [heartbeatIntervalMs, ago, left] of [
      [3_000, 1_000, 2_000],
      [3_000, 3_000, 0],
      [3_000, 9_000, 0],
      [3_600_000, 0, 600_000],
    ] as const) {
      const context = {
        ...timed({}, { elapsed, now: dated + 5_000, measures: { pacedFrom: elapsed - ago } }),
        config: { ...config, heartbeatIntervalMs },
      };
      expect(heartbeatWaitMs(context)).toBe(left);
      onTimeout(context, "heartbeat");
      expect(context.state.heartbeatDue).toBe(left === 0);
      expect(context.state.viewTimerRuns).toBe(left === 0);
      expect(only(context, "start-timer").filter(({ timer }) => timer === "heartbeat")).toEqual(
        left === 0 ? [] : [{ type: "start-timer", timer: "heartbeat", delayMs: left }],
      );
    }
  });
});

describe("work", () => {
  test("begins the time of the view, and ends it when it is withdrawn and nothing else presses", () => {
    for (const [changes, pending, runs] of [
      [{}, true, true],
      [{ viewTimerRuns: true, work: true }, false, false],
      [{ viewTimerRuns: true, work: true, heartbeatDue: true }, false, true],
    ] as const) {
      const context = timed(changes, { elapsed: cluster.now + 60_000, now: cluster.now + 60_000 });
      onWork(context, pending);
      expect([context.state.work, context.state.viewTimerRuns]).toEqual([pending, runs]);
    }
    const leading = createRuleStage(0);
    const late = { elapsed: cluster.now + 60_000, now: cluster.now + 60_000 };
    const context = { ...leading.context(), ...late };
    onWork(context, true);
    expect(only(context, "propose").map(({ reason }) => reason)).toEqual(["work"]);
  });
});

describe("without progress", () => {
  test("P10: what was said last is said again, unless a block is final; and peers are asked", () => {
    const vote = { sequence: toSequence(2), digest: at(digests, 0), voter: toValidatorIndex(me) };
    const signature = new Uint8Array(64) as never;
    const situations = fc.record({
      phase: fc.constantFrom("active", "changing", "committing"),
      final: fc.constantFrom(false, false, true),
      view: fc.nat({ max: 1 }),
      asked: fc.boolean(),
      prepared: fc.boolean(),
      commit: fc.boolean(),
      prepare: fc.option(fc.nat({ max: 1 }), { nil: undefined, freq: 3 }),
      leads: fc.boolean(),
      sent: fc.boolean(),
      ahead: fc.boolean(),
    });
    fc.assert(
      fc.property(situations, (of) => {
        const request = stage.request({ voter: me, newView: 1 });
        const proposal = {
          type: "pre-prepare",
          proposal: {
            ...vote,
            view: toView(of.view),
            leader: toValidatorIndex(of.leads ? me : 9),
            signature,
          },
          outline: undefined,
        } as const;
        const prepare =
          of.prepare === undefined ? undefined : { ...vote, view: toView(of.prepare), signature };
        const commit = of.commit ? { ...vote, view: toView(0), signature } : undefined;
        const context = timed({
          phase: of.phase,
          view: toView(of.view),
          committed: of.final
            ? certificate({ phase: "commit", view: 0, digest: at(digests, 0) })
            : undefined,
          prepared: of.prepared ? lock : undefined,
          proposal: { proposal: proposal.proposal, fresh: true, votable: false },
          ahead: of.ahead ? { sequence: toSequence(9), peer: undefined } : undefined,
          sent: {
            proposal: of.sent ? proposal : undefined,
            prepare,
            commit,
            viewChange: of.asked ? request : undefined,
          },
        });

        onTimeout(context, "resend");

        const isOpen = of.phase !== "committing" && !of.final;
        const isCertified = of.prepared && of.view === 0;
        expect(only(context, "broadcast").map(({ message }) => message)).toEqual(
          isOpen
            ? [
                ...(of.phase === "changing" && of.asked
                  ? [{ type: "view-change", ...request }]
                  : []),
                ...(of.sent && of.leads && !isCertified ? [proposal] : []),
                ...(of.prepare === of.view ? [{ type: "prepare", ...prepare }] : []),
                ...(of.commit ? [{ type: "commit", ...commit }] : []),
              ]
            : [],
        );
        expect(only(context, "ask-heads")).toEqual([{ type: "ask-heads", known: 1 }]);
        expect(only(context, "fetch-blocks")).toEqual(
          of.ahead ? [{ type: "fetch-blocks", from: 2, hint: undefined }] : [],
        );
        expect(context.state.ahead).toBeUndefined();
        expect(only(context, "start-timer").filter(({ timer }) => timer === "resend")).toHaveLength(
          1,
        );
      }),
      { numRuns: 400 },
    );
  });

  test("the next time comes after the resend interval, on an idle chain after four, and not before the interval is over", () => {
    const { resendIntervalMs } = config;
    const elapsed = 1_000_000;
    const times = (ago: number) => ({
      elapsed,
      now: dated + 60_000,
      measures: { pacedFrom: elapsed - ago },
    });
    for (const [changes, ago, delayMs] of [
      [{}, 60_000, Math.min(cap, 4 * resendIntervalMs)],
      [{ work: true }, 60_000, resendIntervalMs],
      [{ heartbeatDue: true }, 60_000, resendIntervalMs],
      [{ work: true }, minBlockIntervalMs - 30, resendIntervalMs + 30],
      [{ work: true, view: toView(1) }, minBlockIntervalMs - 30, resendIntervalMs],
    ] as const) {
      const context = timed(changes, times(ago));
      startResend(context);
      expect(only(context, "start-timer").map((each) => each.delayMs)).toEqual([delayMs]);
    }
    // Who listens asks on its own account, often at first.
    for (const [rounds, work, delayMs] of [
      [0, false, resendIntervalMs],
      [8, false, resendIntervalMs],
      [9, false, Math.min(cap, 4 * resendIntervalMs)],
      [9, true, resendIntervalMs],
    ] as const) {
      const since = toTimestamp(7);
      const listening = { cause: "log-lost", since, answers: [], rounds } as const;
      const context = timed({ listening, work }, times(60_000));
      expect(isBusy(context.state)).toBe(delayMs === resendIntervalMs);
      startResend(context);
      expect(only(context, "start-timer").map((each) => each.delayMs)).toEqual([delayMs]);
    }
    const short = { ...timed({}, times(60_000)), config: { ...config, viewTimeoutMaxMs: 7 } };
    startResend(short);
    expect(only(short, "start-timer").map((each) => each.delayMs)).toEqual([7]);
  });
});
