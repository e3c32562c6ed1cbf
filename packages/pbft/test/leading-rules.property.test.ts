import { type Digest, equalBytes, outlineOf, toSequence, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { considerProposing, highestPrepared, onProposed, tryNewView } from "../src/leader/lead.ts";
import { fullestParentCertificate } from "../src/leader/parent-certificate.ts";
import { leadershipHashAfter } from "../src/schedule/leader-at.ts";
import type { State } from "../src/state.ts";
import {
  building,
  changing,
  fresh,
  isQuorum,
  lockOf,
  newViewAfter,
  newViewOf,
  option,
  proposalOf,
  stateOf,
} from "./leading-situations.ts";
import { at, createRuleStage, only, type RuleStage } from "./rule-stage.ts";

/** The replica that leads view 0, and the one that leads view 2. */
const stages = [createRuleStage(0), createRuleStage(2)];

describe("a leader (PBFT §4.4)", () => {
  test("B1 B25: NewView at its view, from a quorum's requests, with the highest lock or the own block", () => {
    let sent = 0;
    fc.assert(
      fc.property(changing, (of) => {
        const stage = at(stages, of.leads);
        const context = stage.context(stateOf(stage, of));

        tryNewView(context);

        const wanted = newViewOf(of);
        expect(shown(stage, context)).toEqual(wanted);
        if (wanted.some((each) => each.startsWith("new-view"))) sent += 1;
        expectRecorded(stage, context.state, wanted);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_500, seed: 1 },
    );
    expect(sent).toBeGreaterThan(20);
  });

  test("a block that was asked for is proposed once; any other answer changes nothing", () => {
    const answers = fc.record({
      sequence: fc.constantFrom(2, 2, 2, 1, 3),
      ago: fc.constantFrom(0, 0, 0, 1, 2),
      of: option(fc.nat({ max: 1 }), 5),
    });
    let proposed = 0;
    fc.assert(
      fc.property(building, answers, (of, { sequence, ago, of: built }) => {
        const view = Math.max(0, of.view - ago);
        const stage = at(stages, of.leads);
        // At its first view a leader that has signed a proposal asks for no block.
        const situation = view === 0 ? { ...of, signed: undefined } : of;
        const context = stage.context({ ...stateOf(stage, situation), work: true });
        const before = context.state;

        onProposed(context, {
          sequence: toSequence(sequence),
          view: toView(view),
          block: built === undefined ? undefined : at(stage.blocks, built),
        });

        const wanted =
          sequence === 2 &&
          view === of.view &&
          of.proposing === view &&
          of.phase !== "committing" &&
          !of.committed;
        const leads = !of.suspended && view === [0, 2][of.leads];
        const discards = only(context, "discard");
        if (!wanted || !leads) {
          expect(discards).toEqual([
            { type: "discard", input: "proposed", reason: "not-asked-for" },
          ]);
          expect(shown(stage, context)).toEqual([]);
          // Asked for again when the log works.
          const { proposing } = before;
          expect(context.state).toEqual({ ...before, proposing: wanted ? undefined : proposing });
          return;
        }
        if (built === undefined) {
          const proposing = view === 0 ? undefined : before.proposing;
          expect(context.state).toEqual({ ...before, work: false, proposing });
          expect(context.effects).toEqual([]);
          return;
        }
        const expected = view === 0 ? proposalOf(situation, built) : newViewAfter(situation, built);
        expect(shown(stage, context)).toEqual(expected);
        if (expected.length > 0) proposed += 1;
        if (expected.length > 0 && (view === 0 || lockOf(of) === undefined)) {
          expect(knownIn(context.state, at(stage.digests, built))).toBe(true);
        }
        expect(discards.length > 0).toBe(view > 0 && !isQuorum(situation));
        expectRecorded(stage, context.state, expected);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 2_000, seed: 1 },
    );
    expect(proposed).toBeGreaterThan(20);
  });

  test("asks for a block at its first view when there is a reason, time, and nothing else going on", () => {
    const reasons = fc.record({
      work: fc.boolean(),
      heartbeatDue: fc.boolean(),
      accepted: fc.constantFrom(false, false, true),
      waits: fc.constantFrom(-5, 0, 0, 1, 40),
    });
    let asked = 0;
    fc.assert(
      fc.property(fresh, reasons, (of, { work, heartbeatDue, accepted, waits }) => {
        const stage = at(stages, of.leads);
        const { config, state } = stage;
        const base = stage.context({ ...stateOf(stage, of), work, heartbeatDue });
        const context = {
          ...base,
          now: state.head.header.timestamp + config.minBlockIntervalMs + 500.5,
          elapsed: 10_000,
        };
        const pacedFrom = context.elapsed - config.minBlockIntervalMs + waits;
        const proposal = accepted ? ({ proposal: {}, fresh: true } as never) : undefined;
        context.state = {
          ...context.state,
          proposal,
          measures: { ...context.state.measures, pacedFrom },
        };

        considerProposing(context);

        const isFree =
          of.view === 0 &&
          of.leads === 0 &&
          !of.suspended &&
          of.phase === "active" &&
          of.signed === undefined &&
          of.proposing === undefined &&
          !accepted &&
          !of.committed;
        const isDue = isFree && (work || heartbeatDue);
        const timers = only(context, "start-timer").filter(({ timer }) => timer === "propose");
        expect(timers.map(({ delayMs }) => delayMs)).toEqual(isDue && waits > 0 ? [waits] : []);
        const requests = only(context, "propose");
        expect(requests.map(({ reason }) => reason)).toEqual(
          isDue && waits <= 0 ? [heartbeatDue ? "heartbeat" : "work"] : [],
        );
        if (requests.length > 0) asked += 1;
        for (const request of requests) {
          expect(request).toMatchObject({
            sequence: 2,
            view: 0,
            timestamp: Math.floor(context.now),
            evidence: [],
            parentCertificate: fullestParentCertificate(state),
            leadership: leadershipHashAfter(state.head, fullestParentCertificate(state)),
          });
          expect(context.state.proposing).toBe(0);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_500, seed: 1 },
    );
    expect(asked).toBeGreaterThan(10);
  });

  test("a block is dated by the clock, and never sooner than its parent and the interval allow", () => {
    const [stage] = stages;
    if (stage === undefined) throw new Error("there are two");
    const { config, state } = stage;
    const earliest = state.head.header.timestamp + config.minBlockIntervalMs;
    for (const [ahead, timestamp] of [
      [-20, earliest],
      [0, earliest],
      [7.9, earliest + 7],
    ] as const) {
      const pacedFrom = stage.cluster.now - 10_000;
      const measures = { ...state.measures, pacedFrom };
      const context = { ...stage.context({ work: true, measures }), now: earliest + ahead };

      considerProposing(context);

      expect(only(context, "propose").map((each) => each.timestamp)).toEqual([timestamp]);
    }
  });

  test("B1: of several locks the one of the highest view is the highest, wherever it stands", () => {
    const stage = at(stages, 0);
    const views = fc.array(fc.option(fc.nat({ max: 9 }), { nil: undefined }), { maxLength: 6 });
    fc.assert(
      fc.property(views, (all) => {
        const requests = all.map((view) => ({
          prepareCertificate:
            view === undefined
              ? undefined
              : stage.certificate({ phase: "prepare", view, digest: at(stage.digests, 0) }),
        }));
        const named = all.filter((view) => view !== undefined);
        const highest = named.length === 0 ? undefined : Math.max(...named);

        expect(highestPrepared(requests)?.view).toBe(highest);
      }),
    );
  });
});

function expectRecorded(stage: RuleStage, state: State, wanted: readonly string[]): void {
  for (const each of wanted) {
    const proposal = /^persist (block \d, )?proposal (\d) (\d)/u.exec(each);
    if (each.startsWith("ask") || each.startsWith("new-view")) expect(state.proposing).toBe(2);
    if (proposal === null) continue;
    const digest = at(stage.digests, Number(proposal[3]));
    expect(state.signed.proposal).toEqual({ view: Number(proposal[2]), digest });
    const known = state.blocks.find((other) => equalBytes(other.digest, digest));
    if (known !== undefined) expect(known.durable).toBe(true);
  }
}

function knownIn({ blocks }: State, digest: Digest): boolean {
  return blocks.some((known) => equalBytes(known.digest, digest));
}

function shown(stage: RuleStage, context: Parameters<typeof only>[0]): readonly string[] {
  const name = (digest: Digest): number =>
    stage.digests.findIndex((each) => equalBytes(each, digest));
  return only(context, "persist", "sign-and-send", "propose").map((effect) => {
    if (effect.type === "propose") return `ask ${effect.view} ${effect.reason}`;
    if (effect.type === "persist") {
      const entries = effect.entries.map((entry) => {
        if (entry.type === "block") return `block ${stage.blocks.indexOf(entry.block)}`;
        if (entry.type !== "proposal") return entry.type;
        expect(entry.sequence).toBe(2);
        return `proposal ${entry.view} ${name(entry.digest)}`;
      });
      return `persist ${entries.join(", ")}`;
    }
    const { statement } = effect;
    if (statement.type !== "pre-prepare" && statement.type !== "new-view") return statement.type;
    const { sequence, view, digest, leader } = statement.proposal;
    expect([sequence, leader]).toEqual([2, stage.me]);
    if (statement.type === "pre-prepare") {
      expect(statement.outline).toEqual(outlineOf(at(stage.blocks, name(digest))));
      return `pre-prepare ${view} ${name(digest)}`;
    }
    const { head } = stage.state;
    expect([statement.parent, statement.parentCertificate]).toEqual([
      head.digest,
      head.certificate,
    ]);
    const votes = statement.votes.map(
      ({ voter, prepared }) => `${voter}:${prepared === undefined ? "-" : name(prepared.digest)}`,
    );
    const lock = statement.prepareCertificate;
    const highest = lock === undefined ? "-" : name(lock.digest);
    return `new-view ${view} ${name(digest)} by ${votes.join(" ")} lock ${highest}`;
  });
}
