import { toTimestamp, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createConfig, type EngineEvent } from "../src/index.ts";
import { precisionInView } from "../src/normal-case/accept.ts";
import { steadyClock } from "../src/peers/steady-clock.ts";
import { Cluster } from "./cluster.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { GENESIS } from "./keys.ts";
import { createStage } from "./stage.ts";
import { seeds } from "./worlds.ts";

const HOUR = 3_600_000;
const SECOND = 1_000;

/** A cluster that always has work, and what its replicas report. */
function busy(pace: Partial<typeof parameters> = {}) {
  const reports: { readonly node: number; readonly event: EngineEvent }[] = [];
  const cluster = new Cluster({
    scheme: "trusted",
    parameters: { minBlockIntervalMs: 500, ...pace },
    onStep: (node, _, effects) => {
      for (const effect of effects) {
        if (effect.type === "report") reports.push({ node, event: effect.event });
      }
    },
  });
  cluster.now = 100 * HOUR;
  for (const { app } of cluster.nodes) {
    app.head = new Counter(GENESIS, cluster.membership.set, cluster.now).head;
    app.isAlwaysBusy = true;
    app.pending = 1;
  }
  return { cluster, reports };
}

describe("clocks", () => {
  test("P39: a fresh block is voted for if it is dated within the bounds, held or refused if not", () => {
    const far = fc.oneof(
      fc.integer({ min: -2 * parameters.maxDriftMs, max: 2 * parameters.maxDriftMs }),
      fc.constantFrom(-parameters.maxDriftMs - 1, -parameters.maxDriftMs, 0, 50, 51, 100, 101),
    );
    fc.assert(
      fc.property(far, fc.integer({ min: 20_000, max: 100 * HOUR }), (difference, now) => {
        const { look, propose, block, cluster } = createStage();
        cluster.now = now;
        const { clockPrecisionMs, maxDriftMs } = cluster.node(0).config;
        const effects = look(propose(block({ timestamp: toTimestamp(now + difference) })));

        const validated = effects.some(({ type }) => type === "verify");
        const asked = effects.some(({ type }) => type === "sign-and-send");
        const held = effects.some((each) => each.type === "start-timer" && each.timer === "clock");
        expect(validated).toBe(-maxDriftMs <= difference && difference <= clockPrecisionMs);
        expect(held).toBe(clockPrecisionMs < difference && difference <= 2 * clockPrecisionMs);
        expect(asked).toBe(difference > 2 * clockPrecisionMs);
      }),
      { numRuns: 300 },
    );
  });

  test("one that its parent lets nobody date sooner is held until its time, not refused", () => {
    const pace = { minBlockIntervalMs: 1_000, clockPrecisionMs: 50 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 949 }), fc.integer({ min: 0, max: 3 }), (now, more) => {
        const { look, propose, block, cluster } = createStage({ parameters: pace });
        cluster.now = now;
        const effects = look(propose(block({ timestamp: toTimestamp(1_000 + more) })));

        const asked = effects.some(({ type }) => type === "sign-and-send");
        const timer = effects.find((each) => each.type === "start-timer" && each.timer === "clock");
        const early = 950 + more - now;
        expect(asked).toBe(more > 0 && early > 50);
        expect(timer).toEqual(
          asked ? undefined : { type: "start-timer", timer: "clock", delayMs: early },
        );
      }),
      { numRuns: 200 },
    );
  });

  test("P41: a leader that dates its blocks to the edge of what is legal costs next to nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 250 }), fc.nat({ max: 3 }), (ahead, faulty) => {
        const { cluster } = busy();
        const { app } = cluster.node(faulty);
        const honest = app.propose.bind(app);
        app.propose = (request) =>
          honest({
            ...request,
            timestamp: toTimestamp(Math.max(request.timestamp, cluster.now + ahead)),
          });
        cluster.startAll();
        cluster.run({ forMs: 60 * SECOND });

        // 120 blocks when all are honest.
        expect(Math.min(...cluster.heights())).toBeGreaterThanOrEqual(115);
        expect(cluster.viewChanges).toEqual([]);
      }),
      { numRuns: 5 },
    );
  });

  test("P41: a block that is sent late to the next leader alone does not delay that one's turn", () => {
    fc.assert(
      fc.property(fc.integer({ min: 250, max: 400 }), fc.nat({ max: 3 }), (lateMs, faulty) => {
        const { cluster } = busy();
        const { app } = cluster.node(faulty);
        const honest = app.propose.bind(app);
        app.propose = (request) =>
          honest({
            ...request,
            timestamp: toTimestamp(Math.max(request.timestamp, cluster.now + 250)),
          });
        const receive = cluster.receive.bind(cluster);
        cluster.receive = (index, message, from) => {
          const isLate =
            message.type === "pre-prepare" &&
            from === faulty &&
            index === cluster.leader(message.proposal.sequence + 1, 0);
          // Without its votes the others wait for that one's.
          const isVote = message.type === "prepare" || message.type === "commit";
          if (isVote && from === faulty && cluster.leader(message.sequence, 0) === from) return;
          if (isLate) cluster.delay(lateMs, () => receive(index, message, from));
          else receive(index, message, from);
        };
        cluster.startAll();
        cluster.run({ forMs: 60 * SECOND });

        // 120 blocks when all are honest.
        expect(Math.min(...cluster.heights())).toBeGreaterThanOrEqual(115);
      }),
      { numRuns: 5 },
    );
  });

  test("a block that is held is voted for when its time has come, and final in its view", () => {
    const { cluster } = busy();
    // Whoever leads is ahead of the others by a little more than clocks may differ.
    const leads = (): number => cluster.leader(cluster.height(0) + 1, 0);
    cluster.clockError = (node) => (node === leads() ? 300 : 0);
    cluster.startAll();
    cluster.run({ forMs: 30 * SECOND });

    expect(cluster.viewChanges).toEqual([]);
    expect(Math.min(...cluster.heights())).toBeGreaterThan(45);
  });

  test("B34: a clock that jumps and comes back costs seconds, however far it went", () => {
    const jump = fc.record({
      node: fc.nat({ max: 3 }),
      atMs: fc.integer({ min: 0, max: 20 * SECOND }),
      forMs: fc.integer({ min: 1, max: 40 * SECOND }),
      by: fc.oneof(
        fc.constantFrom(-24 * HOUR, 24 * HOUR, -HOUR, HOUR),
        fc.integer({ min: -HOUR, max: HOUR }),
      ),
    });
    fc.assert(
      fc.property(fc.array(jump, { minLength: 1, maxLength: 5 }), fc.boolean(), (jumps, idle) => {
        const { cluster } = busy({ heartbeatIntervalMs: 2 * SECOND });
        if (idle) for (const { app } of cluster.nodes) app.isAlwaysBusy = false;
        const start = cluster.now;
        cluster.clockError = (node) =>
          jumps.reduce((error, { node: whose, atMs, forMs, by }) => {
            const passed = cluster.now - start - atMs;
            return whose === node && passed >= 0 && passed < forMs ? error + by : error;
          }, 0);
        cluster.startAll();
        cluster.run({ forMs: 61 * SECOND });
        const back = Math.max(...cluster.heights());

        // All clocks are right again. Two time-outs of views that had grown, and two blocks.
        const reached = () => cluster.heights().every((height) => height >= back + 2);
        expect(cluster.run({ forMs: 2 * 8_000 + 4 * SECOND, until: reached })).toBe(true);
        expect(cluster.diverged).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test("B34: while one clock of four is wrong the others lose no more than its own turns", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(-24 * HOUR, -10 * SECOND, 10 * SECOND, 24 * HOUR),
        fc.nat({ max: 3 }),
        (by, wrong) => {
          const { cluster, reports } = busy();
          cluster.clockError = (node) => (node === wrong ? by : 0);
          cluster.startAll();
          cluster.run({ forMs: 60 * SECOND });

          expect(Math.min(...cluster.heights())).toBeGreaterThan(95);
          const own = reports.filter(({ node }) => node === wrong).map(({ event }) => event.type);
          // It is said aloud, whichever way the clock is wrong.
          expect(own).toContain(by < 0 ? "head-ahead" : "proposal-untimely");
          expect(
            reports.every(({ node, event }) => node === wrong || event.type !== "head-ahead"),
          ).toBe(true);
          // It knows after a block or two, and stops to give up views that others finish.
          const late = cluster.viewChanges.filter(
            ({ node, cause, sequence }) =>
              node === wrong &&
              sequence > 20 &&
              (cause === "no-proposal" || cause === "refused-proposal"),
          );
          expect(late).toEqual([]);
          expect(cluster.state(wrong).measures.clockDoubted).toBe(true);
        },
      ),
      { numRuns: 8 },
    );
  });

  test("a genesis in the future is said aloud, nothing is asked for until then, and then it starts", () => {
    const { cluster, reports } = busy();
    cluster.clockError = () => -30 * SECOND;
    cluster.startAll();
    cluster.run({ forMs: 29 * SECOND });

    expect(cluster.heights()).toEqual([0, 0, 0, 0]);
    expect(cluster.viewChanges).toEqual([]);
    const said = reports.filter(({ event }) => event.type === "head-ahead");
    expect(new Set(said.map(({ node }) => node))).toEqual(new Set([0, 1, 2, 3]));
    expect(cluster.run({ forMs: 3 * SECOND, until: () => cluster.height(0) >= 1 })).toBe(true);
  });

  test("P41: a leader that dates its blocks ahead takes less than a fifth, however far it dates them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6_000 }), fc.nat({ max: 3 }), (ahead, faulty) => {
        const { cluster } = busy();
        const { app } = cluster.node(faulty);
        const honest = app.propose.bind(app);
        app.propose = (request) =>
          honest({ ...request, timestamp: toTimestamp(request.timestamp + ahead) });
        cluster.startAll();
        cluster.run({ forMs: 60 * SECOND });

        // 120 blocks when all are honest.
        expect(Math.min(...cluster.heights())).toBeGreaterThanOrEqual(96);
      }),
      { numRuns: 8 },
    );
  });

  test("elapsed time is the sum of the steps forward, whatever a clock shows", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -HOUR, max: HOUR }), { minLength: 1 }), (steps) => {
        let shown = 5 * HOUR;
        const clock = steadyClock({ now: () => shown, schedule: () => () => {} });
        const first = clock.elapsed();
        let expected = first;
        for (const step of steps) {
          shown += step;
          expected += Math.max(0, step);
          expect(clock.elapsed()).toBe(expected);
          expect(clock.times()).toEqual({ now: shown, elapsed: expected });
        }
      }),
    );
  });

  test("B34: the precision doubles with each view, up to the drift", () => {
    const bounds = fc.tuple(
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 10_000 }),
    );
    fc.assert(
      fc.property(bounds, fc.nat({ max: 2 ** 32 - 1 }), ([first, second], view) => {
        const clockPrecisionMs = Math.min(first, second);
        const maxDriftMs = Math.max(first, second);
        const within = precisionInView({ clockPrecisionMs, maxDriftMs }, toView(view));
        let expected = clockPrecisionMs;
        for (let at = 0; at < view && expected < maxDriftMs; at++) expected *= 2;
        expect(within).toBe(Math.min(expected, maxDriftMs));
      }),
    );
  });

  test("B34: one slow clock whose vote is needed costs a few views, not all in which it does not lead", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 150, max: 800 }), (seed, behindMs) => {
        const cluster = new Cluster({ seed, powers: [6, 4 + (seed % 2), 6, 1] });
        const withPower = (power: bigint): number =>
          cluster.membership.set.validators.findIndex((validator) => validator.power === power);
        const down = withPower(BigInt(4 + (seed % 2)));
        cluster.clockError = (node) => (node === withPower(1n) ? -behindMs : 0);
        cluster.startAll();
        cluster.crash(down);
        const alive = [0, 1, 2, 3].filter((node) => node !== down);
        for (let turn = 0; turn < 60; turn++) {
          cluster.work(alive);
          cluster.run({ forMs: 1_000, until: () => alive.every((at) => cluster.height(at) > 2) });
        }

        expect(alive.map((at) => cluster.height(at) > 2)).toEqual([true, true, true]);
      }),
      { numRuns: 30 },
    );
  });

  test("the precision of parameters that name none is half an interval, within the drift", () => {
    const precision = (minBlockIntervalMs: number, maxDriftMs = 5_000): number =>
      createConfig({
        genesis: GENESIS,
        id: new Cluster().node(0).config.id,
        parameters: { ...parameters, minBlockIntervalMs, maxDriftMs },
      }).clockPrecisionMs;

    expect([1, 100, 1_000, 4_000].map((interval) => precision(interval))).toEqual([
      50, 50, 500, 2_000,
    ]);
    expect(precision(60_000)).toBe(5_000);
    expect(precision(100, 10)).toBe(10);
  });
});
