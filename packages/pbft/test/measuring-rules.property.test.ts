import { createValidatorSet, toValidatorIndex, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimate, type LeaderMeasure, moveMeasures, withMeasure } from "../src/books/measures.ts";
import { emptySlots, type Slots, slotAt, withSlot } from "../src/books/slots.ts";
import { onDeadline } from "../src/pacemaker/deadline.ts";
import type { State } from "../src/state.ts";
import { isDisputed } from "../src/timing/dispute.ts";
import {
  arrivalOf,
  measureLate,
  measureProposal,
  measureQuorum,
  measuresAfter,
  noteTold,
} from "../src/timing/measuring.ts";
import {
  afterNeedlessTimeout,
  armViewTimer,
  disarmViewTimer,
  proposalSlackMs,
  startOverdue,
} from "../src/timing/timing.ts";
import { createMembership } from "./keys.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads view 3. */
const stage = createRuleStage(3);
const { config, state, digests, blocks, certificate, cluster, me } = stage;
const leader = cluster.leader(2, 0);
const first = at(digests, 0);

function measured(of: readonly (LeaderMeasure | undefined)[]): Slots<LeaderMeasure> {
  return of.reduce<Slots<LeaderMeasure>>(
    (slots, measure, index) => (measure === undefined ? slots : withSlot(slots, index, measure)),
    emptySlots(),
  );
}

const proposalOf = (view: number, by = leader): NonNullable<State["proposal"]> => ({
  proposal: {
    sequence: state.sequence,
    view: toView(view),
    digest: first,
    leader: toValidatorIndex(by),
    signature: new Uint8Array(64) as never,
  },
  fresh: true,
  votable: true,
});

describe("measures of leaders", () => {
  test("the median by power, the higher of two, is broad once more than half of the power was measured", () => {
    const leaders = fc.array(
      fc.record({
        power: fc.integer({ min: 1, max: 9 }),
        ms: fc.option(fc.nat({ max: 50 }), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(leaders, (all) => {
        const { set } = createMembership(all.map(({ power }) => power));
        const powers = set.validators.map(({ power }) => Number(power));
        const slots = measured(all.map(({ ms }) => (ms === undefined ? undefined : { work: ms })));
        // Each millisecond as often as its leader has power.
        const times = all
          .flatMap(({ ms }, index) =>
            ms === undefined ? [] : Array.from({ length: powers[index] ?? 0 }, () => ms),
          )
          .toSorted((left, right) => left - right);
        const total = powers.reduce((sum, power) => sum + power, 0);

        expect(estimate(slots, set, "work")).toEqual({
          ms: times[Math.floor(times.length / 2)] ?? 0,
          isBroad: 2 * times.length > total,
        });
        expect(estimate(slots, set, "round")).toEqual({ ms: 0, isBroad: false });
      }),
      { numRuns: 300 },
    );
  });

  test("a newer measure replaces the one of its kind only; at a boundary each moves with its leader", () => {
    const { set } = createMembership([1, 1, 1, 1]);
    const slots = withMeasure(measured([{ round: 1, work: 2 }, { late: 9 }]), toValidatorIndex(0), {
      round: 5,
    });
    expect(slotAt(slots, 0)).toEqual({ round: 5, work: 2 });
    expect(slotAt(slots, 1)).toEqual({ late: 9 });
    const later = createValidatorSet(set.validators.slice(1));
    const moved = moveMeasures(slots, set, later);
    expect(slotAt(moved, 0)).toEqual({ late: 9 });
    expect(slotAt(moved, 1)).toBeUndefined();
    expect(moveMeasures(slots, set, set)).toBe(slots);
    expect(moveMeasures(slots, set, createValidatorSet(set.validators))).toBe(slots);
  });

  test("a proposal is as late as it comes after it could; one before that is not late", () => {
    const cases = [
      [{ view: toView(0), at: stage.cluster.now - 70 }, 0, 70],
      [{ view: toView(0), at: stage.cluster.now + 70 }, 0, 0],
      [undefined, 0, 0],
      [{ view: toView(1), at: stage.cluster.now - 70 }, 0, 0],
      [{ view: toView(1), at: stage.cluster.now - 70 }, 1, 70],
      [undefined, 1, undefined],
    ] as const;
    for (const [from, view, late] of cases) {
      for (const by of [leader, me]) {
        const context = stage.context({
          proposal: proposalOf(view, by),
          pace: { ...state.pace, from },
          measures: { ...state.measures, leaders: emptySlots(), clockDoubted: true },
        });
        measureProposal(context);
        expect(slotAt(context.state.measures.leaders, by)?.late).toBe(late);
        expect(context.state.pace.votableAt).toBe(context.elapsed);
        expect(context.state.measures.clockDoubted).toBe(by === me);
      }
    }
    for (const [firstFrom, late] of [
      [undefined, undefined],
      [stage.cluster.now - 90, 90],
      [stage.cluster.now + 90, 0],
    ] as const) {
      const measures = { ...state.measures, leaders: emptySlots<LeaderMeasure>() };
      const context = stage.context({ pace: { ...state.pace, firstFrom }, measures });
      measureLate(context, toValidatorIndex(2));
      expect(slotAt(context.state.measures.leaders, 2)?.late).toBe(late);
    }
  });

  test("a round counts from its certificate, work from its proposal; a round falls by half at most", () => {
    const final = (view: number) => certificate({ phase: "commit", view, digest: first });
    const elapsed = stage.cluster.now;
    const pace = { ...state.pace, votableAt: elapsed - 50 };
    const lock = certificate({ phase: "prepare", view: 0, digest: first });
    const known = { prepared: lock, preparedAt: elapsed - 30, proposal: proposalOf(0), pace };
    for (const [changes, view, last, expected] of [
      [known, 0, undefined, { round: 30, work: 50 }],
      [known, 0, 100, { round: 50, work: 50 }],
      [known, 0, 61, { round: 30, work: 50 }],
      [{ ...known, prepared: undefined }, 0, undefined, { work: 50 }],
      [{ ...known, proposal: undefined }, 0, undefined, { round: 30 }],
      [known, 1, undefined, {}],
      [{ ...known, preparedAt: elapsed + 9 }, 0, undefined, { round: 0, work: 50 }],
    ] as const) {
      const who = cluster.leader(2, view);
      const leaders = measured([]);
      const before =
        last === undefined ? leaders : withMeasure(leaders, toValidatorIndex(who), { round: last });
      const context = stage.context({
        ...changes,
        measures: { ...state.measures, leaders: before },
      });
      measureQuorum(context, final(view));
      expect(slotAt(context.state.measures.leaders, who)).toEqual(expected);
    }
  });

  test("who gave up needlessly doubles the measure of that leader, and knows whether its clock is wrong", () => {
    const leaders = measured([0, 1, 2, 3].map(() => ({ round: 40 })));
    const floor = Math.ceil(config.viewTimeoutMs / 6);
    const doubled = { round: Math.min(config.viewTimeoutMaxMs, Math.max(80, floor)) };
    const set = state.head.validators;
    for (const [view, untimely, gaveUp, doubted] of [
      [1, undefined, true, false],
      [0, undefined, false, false],
      [1, first, true, true],
      [0, at(digests, 1), false, false],
    ] as const) {
      const measures = { ...state.measures, leaders, clockDoubted: false };
      const context = stage.context({
        view: toView(view),
        measures,
        pace: { ...state.pace, untimely },
      });
      expect(afterNeedlessTimeout(context)).toEqual(doubled);
      const after = measuresAfter(context, { view: toView(0), digest: first }, set);
      expect(slotAt(after.leaders, leader)).toEqual(gaveUp ? doubled : { round: 40 });
      expect(after.clockDoubted).toBe(doubted);
      // Once in doubt, until an own proposal is voted for.
      const doubting = { ...context.state, measures: { ...measures, clockDoubted: true } };
      const still = measuresAfter(
        { config, state: doubting },
        { view: toView(0), digest: first },
        set,
      );
      expect(still.clockDoubted).toBe(true);
    }
    const high = measured([0, 1, 2, 3].map(() => ({ round: 1e6 })));
    const context = stage.context({ measures: { ...state.measures, leaders: high } });
    expect(afterNeedlessTimeout(context)).toEqual({ round: config.viewTimeoutMaxMs });
  });

  test("the final block was here when its proposal was, or when more than a third had told of it", () => {
    const other = at(digests, 1);
    for (const [proposed, told, arrival] of [
      [first, first, 20],
      [first, other, 40],
      [other, first, 20],
      [other, other, undefined],
      [undefined, undefined, undefined],
    ] as const) {
      const accepted = proposalOf(0);
      const proposal =
        proposed === undefined
          ? undefined
          : { ...accepted, proposal: { ...accepted.proposal, digest: proposed } };
      const pace = {
        ...state.pace,
        proposalAt: 40,
        told: told === undefined ? undefined : { digest: told, at: 20 },
      };
      expect(arrivalOf({ proposal, pace }, { digest: first })).toBe(arrival);
    }
    const pace = { ...state.pace, proposalAt: 40, overdue: true, deadlineRuns: true };
    const context = stage.context({ pace: { ...pace, told: { digest: first, at: 20 } } });
    noteTold(context, { digest: first });
    expect(context.state.pace.told?.at).toBe(20);
    noteTold(context, { digest: other });
    expect(context.state.pace).toEqual({ ...pace, told: { digest: other, at: context.elapsed } });
  });
});

describe("the proposal deadline", () => {
  const leaders = (late: number, round: number) =>
    measured([0, 1, 2].map(() => ({ late, round, work: 30 })));

  test("four delays and twice what others were late, twice as much with each view, once most were measured", () => {
    const sixth = Math.ceil(config.minBlockIntervalMs / 6);
    for (const [late, round, view, slack] of [
      [10, 0, 0, 4 * Math.max(25, sixth) + 20],
      [10, 60, 0, 4 * 60 + 20],
      [10, 60, 1, 2 * (4 * 60 + 20)],
    ] as const) {
      const measures = { ...state.measures, leaders: leaders(late, round) };
      const context = stage.context({ measures, view: toView(view) });
      expect(proposalSlackMs(context)).toBe(slack);
    }
    const few = { ...state.measures, leaders: measured([{ late: 1 }, { late: 1 }]) };
    expect(proposalSlackMs(stage.context({ measures: few }))).toBeUndefined();
    const far = { ...state.measures, leaders: leaders(1e6, 0) };
    expect(proposalSlackMs(stage.context({ measures: far }))).toBe(config.viewTimeoutMs);
  });

  test("it is set for who has no proposal yet, after the interval, and stops with the view's time-out", () => {
    for (const [late, changes, runs] of [
      [leaders(10, 10), { work: true }, true],
      [leaders(10, 10), { work: true, proposal: proposalOf(0) }, false],
      [measured([{ late: 10 }]), { work: true }, false],
    ] as const) {
      const measures = { ...state.measures, leaders: late, headSince: stage.cluster.now - 40 };
      const context = stage.context({ ...changes, measures });
      const wait = config.minBlockIntervalMs - 40;

      armViewTimer(context);

      const deadlines = only(context, "start-timer").filter(({ timer }) => timer === "deadline");
      const slack = proposalSlackMs(context) ?? Number.NaN;
      expect(deadlines.map(({ delayMs }) => delayMs)).toEqual(runs ? [wait + slack] : []);
      expect(context.state.pace.deadlineRuns).toBe(runs);
      disarmViewTimer(context);
      const stopped = only(context, "stop-timer").map(({ timer }) => timer);
      expect(stopped).toEqual(runs ? ["view", "deadline"] : ["view"]);
      expect(context.state.pace.deadlineRuns).toBe(false);
    }
  });

  test("a block is overdue after twice the others' work, two delays, and what validation it took here", () => {
    const narrow = measured([{ work: 30 }]);
    for (const [view, ago, of, delayMs] of [
      [0, 0, leaders(0, 0), 2 * 30 + 2 * 25],
      [0, undefined, leaders(0, 0), 2 * 30 + 2 * 25],
      [0, 45, leaders(0, 0), 2 * 30 + 2 * 25 + 45],
      [0, 45, leaders(0, 60), 2 * 30 + 2 * 60 + 45],
      [2, 45, leaders(0, 60), 4 * (2 * 30 + 2 * 60 + 45)],
      [0, -45, leaders(0, 0), 2 * 30 + 2 * 25],
      [0, 5_000, leaders(0, 0), config.viewTimeoutMs],
      [0, 45, narrow, undefined],
    ] as const) {
      const votableAt = ago === undefined ? undefined : stage.cluster.now - ago;
      const changes = {
        view: toView(view),
        viewTimerRuns: true,
        pace: { ...state.pace, votableAt },
        measures: { ...state.measures, leaders: of },
      };
      const [context, idle] = [
        stage.context(changes),
        stage.context({ ...changes, viewTimerRuns: false }),
      ];

      startOverdue(context);
      startOverdue(idle);

      const timer = { type: "start-timer", timer: "deadline", delayMs };
      expect(context.effects).toEqual(delayMs === undefined ? [] : [timer]);
      expect(context.state.pace.deadlineRuns).toBe(delayMs !== undefined);
      expect(idle.effects).toEqual([]);
    }
  });

  test("B8 P10: who has nothing to vote for asks for the next view; who validates or votes waits for the others", () => {
    const measures = { ...state.measures, leaders: leaders(10, 10), pacedFrom: 0 };
    const block = {
      digest: first,
      block: at(blocks, 0),
      reason: "",
      claim: undefined,
      durable: false,
    };
    const lock = certificate({ phase: "prepare", view: 0, digest: first });
    const runs = { viewTimerRuns: true, work: true, measures } as const;
    const cases: readonly (readonly [Partial<State>, "asks" | "waits" | "nothing", boolean?])[] = [
      [{ ...runs }, "asks"],
      [{ ...runs, viewTimerRuns: false }, "nothing"],
      [{ ...runs, committed: certificate({ phase: "commit", view: 0, digest: first }) }, "nothing"],
      [{ ...runs, proposing: toView(0) }, "nothing"],
      [{ ...runs, proposing: toView(1) }, "asks"],
      [{ ...runs, measures: { ...measures, pacedFrom: stage.cluster.now } }, "nothing"],
      [{ ...runs, proposal: { ...proposalOf(0), votable: undefined } }, "asks"],
      [{ ...runs, proposal: proposalOf(0), blocks: [{ ...block, verdict: "unchecked" }] }, "waits"],
      [
        { ...runs, proposal: proposalOf(0), blocks: [{ ...block, verdict: "accepted" }] },
        "waits",
        true,
      ],
      [{ ...runs, prepared: lock }, "waits", true],
    ];
    for (const [changes, result, overdue = false] of cases) {
      const context = stage.context(changes);
      onDeadline(context);
      const causes = only(context, "report").flatMap(({ event }) =>
        event.type === "view-changed" ? [event.cause] : [],
      );
      expect(causes).toEqual(result === "asks" ? ["no-proposal"] : []);
      const timers = only(context, "start-timer").filter(({ timer }) => timer === "deadline");
      expect(timers).toHaveLength(result === "waits" ? 1 : 0);
      expect(context.state.pace.overdue).toBe(overdue);
    }
  });

  test("a view is disputed when it is overdue and another left it, or votes for another block", () => {
    const pace = { ...state.pace, overdue: true };
    const tally = (view: number, of: number): Partial<State> => ({
      prepares: {
        ...state.prepares,
        tally: [{ view: toView(view), digest: at(digests, of), power: 1n }],
      },
    });
    const asked = (view: number): Partial<State> => ({
      viewChanges: { ...state.viewChanges, tally: new Map([[toView(view), 1n]]) },
    });
    const here = { ...state, pace, view: toView(1), proposal: proposalOf(1) };
    const is = (changes: Partial<State>): boolean => isDisputed({ ...here, ...changes });

    expect(is({})).toBe(false);
    expect(is(asked(2))).toBe(true);
    expect(is(asked(1))).toBe(false);
    expect(is(tally(1, 1))).toBe(true);
    expect(is(tally(1, 0))).toBe(false);
    expect(is(tally(0, 1))).toBe(false);
    expect(is({ ...tally(1, 1), proposal: undefined })).toBe(false);
    expect(is({ ...asked(2), phase: "changing" })).toBe(false);
    expect(is({ ...asked(2), pace: state.pace })).toBe(false);
  });
});
