import { createValidatorSet, toAmount, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimate, type LeaderMeasure, moveMeasures } from "../src/books/measures.ts";
import { emptySlots, type Slots, slotAt, withSlot } from "../src/books/slots.ts";
import { createConfig, type State } from "../src/index.ts";
import { leaderAt } from "../src/schedule/leader-at.ts";
import { measuresAfter } from "../src/timing/measuring.ts";
import { afterNeedlessTimeout, proposalSlackMs } from "../src/timing/timing.ts";
import { Cluster } from "./cluster.ts";
import { type ClusterOptions, parameters } from "./cluster-options.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { seeds } from "./worlds.ts";

const INTERVAL = 600;
const NEAR = { minBlockIntervalMs: INTERVAL, viewTimeoutMs: 3_000, viewTimeoutMaxMs: 12_000 };

/** A cluster that always has work, in a world whose delays are short against the interval. */
function busy(options: ClusterOptions = {}): Cluster {
  const { parameters: changes, ...rest } = options;
  const cluster = new Cluster({
    scheme: "trusted",
    latency: [20, 40],
    ...rest,
    parameters: { ...NEAR, ...changes },
  });
  for (const { app } of cluster.nodes) {
    app.isAlwaysBusy = true;
    app.pending = 1;
  }
  return cluster;
}

describe("the proposal deadline", () => {
  test("it never fires for honest leaders while delays are at most a sixth of the interval", () => {
    const worlds = fc.record({
      seed: seeds,
      powers: fc.oneof(
        fc.constantFrom([1, 1, 1, 1], [3, 3, 2, 1], [1, 1, 1, 1, 1, 1, 1], [3, 2, 2, 1, 1]),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 4, maxLength: 7 }),
      ),
      least: fc.integer({ min: 0, max: INTERVAL / 6 }),
      // Building takes as long as validation, and so does what a leader still has to validate before.
      validationMs: fc.constantFrom(0, 1, 20, 80),
      skew: fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 7, maxLength: 7 }),
    });
    fc.assert(
      fc.property(worlds, ({ seed, powers, least, validationMs, skew }) => {
        const cluster = busy({ seed, powers, latency: [least, INTERVAL / 6], validationMs });
        cluster.clockError = (node) => skew[node] ?? 0;
        cluster.now = 100_000;
        cluster.startAll();
        cluster.run({ forMs: 30_000 });

        expect(cluster.viewChanges).toEqual([]);
        // It was armed: most leaders have been measured.
        expect(
          proposalSlackMs({ config: cluster.node(0).config, state: cluster.state(0) }),
        ).toBeLessThan(NEAR.viewTimeoutMs);
      }),
      { numRuns: 15 },
    );
  });

  test("P26: when delays grow to above 500 ms it learns, and then no view is changed any more", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 500, max: 900 }), (seed, delay) => {
        const cluster = busy({ seed }).startAll();
        cluster.run({ forMs: 10_000 });
        expect(cluster.viewChanges).toEqual([]);

        (cluster.options as { latency: readonly [number, number] }).latency = [delay, delay + 50];
        cluster.run({ forMs: 90_000 });
        cluster.viewChanges.length = 0;
        const before = Math.max(...cluster.heights());
        cluster.run({ forMs: 60_000 });

        expect(cluster.viewChanges).toEqual([]);
        expect(Math.min(...cluster.heights()) - before).toBeGreaterThan(10);
      }),
      { numRuns: 6 },
    );
  });

  test("P26: when building and validation become slow it learns, and then no view is changed any more", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 300, max: 1_000 }), (seed, validationMs) => {
        const cluster = busy({ seed }).startAll();
        cluster.run({ forMs: 10_000 });
        (cluster.options as { validationMs: number }).validationMs = validationMs;
        cluster.run({ forMs: 90_000 });
        cluster.viewChanges.length = 0;
        cluster.run({ forMs: 60_000 });

        expect(cluster.viewChanges).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });

  test("B37: a silent leader costs a deadline in its turn, not a time-out, and less than a fifth in all", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 3 }), (seed, silent) => {
        const cluster = busy({ seed }).startAll();
        cluster.run({ forMs: 6_000 });
        cluster.crash(silent);
        const from = Math.max(...cluster.heights());
        const honest = [0, 1, 2, 3].filter((node) => node !== silent);
        const start = cluster.now;
        cluster.run({ forMs: 60_000 });

        const top = Math.min(...honest.map((node) => cluster.height(node)));
        expect(top - from).toBeGreaterThanOrEqual(80);
        const times = [...cluster.finalizedAt.values()].filter((at) => at > start);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
        expect(Math.max(...gaps)).toBeLessThan(2 * INTERVAL + 4 * (INTERVAL / 6));
      }),
      { numRuns: 6 },
    );
  });

  test("B24: after outages with short deadlines, replicas meet again and go on", () => {
    const outage = fc.record({
      seed: seeds,
      silent: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
      cuts: fc.array(fc.tuple(fc.nat({ max: 6 }), fc.integer({ min: 1, max: 90 })), {
        minLength: 1,
        maxLength: 6,
      }),
    });
    fc.assert(
      fc.property(outage, ({ seed, silent, cuts }) => {
        const cluster = busy({ seed, powers: [1, 1, 1, 1, 1, 1, 1] }).startAll();
        cluster.run({ forMs: 8_000 });
        if (silent !== undefined) cluster.crash(silent);
        const up = cluster.nodes.flatMap((_, node) => (node === silent ? [] : [node]));
        const spread = (): number => {
          const top = Math.max(...up.map((node) => cluster.height(node)));
          const views = up
            .filter((node) => cluster.height(node) === top)
            .map((node) => cluster.state(node).view)
            .toSorted((left, right) => right - left);
          // Of those who are at the highest view at least one was honest in asking: the next ones down
          // to a third of the power are at most one view below it.
          return views.length < 3 ? 0 : (views[0] ?? 0) - (views[2] ?? 0);
        };
        for (const [pivot, seconds] of cuts) {
          cluster.connected = (from, to) => from % 3 === to % 3 || from === pivot || to === pivot;
          cluster.run({ forMs: seconds * 1_000 });
          expect(spread()).toBeLessThanOrEqual(1);
        }
        cluster.connected = () => true;
        const goal = Math.max(...cluster.heights()) + 2;
        const done = (): boolean => up.every((node) => cluster.height(node) >= goal);

        expect(cluster.run({ forMs: 4 * 12_000, until: done })).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});

const measures = fc
  .array(
    fc.record({
      power: fc.integer({ min: 1, max: 9 }),
      ms: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined, freq: 4 }),
      order: fc.nat(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((members) => {
    const { set } = createMembership(members.map(({ power }) => power));
    let leaders: Slots<LeaderMeasure> = emptySlots();
    members.forEach(({ ms }, at) => {
      if (ms !== undefined) leaders = withSlot(leaders, at, { round: ms });
    });
    return { set, leaders, members };
  });

describe("estimates of time", () => {
  test("P41: less than a third of the power moves none of them out of what the others' rounds took", () => {
    fc.assert(
      fc.property(measures, ({ set, leaders, members }) => {
        // As many faulty ones as there may be, in some order.
        const faulty = new Set<number>();
        let power = 0n;
        const order = members
          .map((_, at) => at)
          .toSorted((left, right) => (members[left]?.order ?? 0) - (members[right]?.order ?? 0));
        for (const at of order) {
          const own = set.validators[at]?.power ?? 0n;
          if ((power + own) * 3n >= set.totalPower) continue;
          power += own;
          faulty.add(at);
        }
        const { ms, isBroad } = estimate(leaders, set, "round");
        const honest = members.flatMap(({ ms: own }, at) =>
          own === undefined || faulty.has(at) ? [] : [own],
        );
        const honestPower = members.reduce(
          (sum, { ms: own }, at) =>
            own === undefined || faulty.has(at) ? sum : sum + (set.validators[at]?.power ?? 0n),
          0n,
        );
        const measured = members.reduce(
          (sum, { ms: own }, at) =>
            own === undefined ? sum : sum + (set.validators[at]?.power ?? 0n),
          0n,
        );
        expect(isBroad).toBe(2n * measured > set.totalPower);
        // Once most of those who were measured are honest, which broad and all honest ones imply.
        if (2n * honestPower <= measured) return;
        expect(ms).toBeGreaterThanOrEqual(Math.min(...honest));
        expect(ms).toBeLessThanOrEqual(Math.max(...honest));
      }),
      { numRuns: 500 },
    );
  });

  test("they follow validators to their places in the next set", () => {
    fc.assert(
      fc.property(measures, fc.func(fc.boolean()), ({ set, leaders }, stays) => {
        const kept = set.validators.filter((_, at) => at === 0 || stays(at));
        const next = createValidatorSet(kept.map((each) => ({ ...each, power: toAmount(7n) })));
        const moved = moveMeasures(leaders, set, next);
        for (const [at, { id }] of next.validators.entries()) {
          const before = set.validators.findIndex((each) => each.id === id);
          expect(slotAt(moved, at)).toEqual(slotAt(leaders, before));
        }
      }),
    );
  });

  test("P26: giving up needlessly at least doubles what is allowed that leader, up to the cap", () => {
    fc.assert(
      fc.property(measures, ({ set, leaders }) => {
        const id = set.validators[0]?.id;
        if (id === undefined) return;
        const cluster = new Cluster();
        const config = createConfig({ genesis: GENESIS, id, parameters });
        const base = cluster.startAll().state(0);
        const state: State = {
          ...base,
          head: { ...base.head, validators: set },
          measures: { ...base.measures, leaders },
        };
        const before = estimate(leaders, set, "round").ms;
        const { round = 0 } = afterNeedlessTimeout({ config, state });

        expect(round).toBeLessThanOrEqual(config.viewTimeoutMaxMs);
        expect(round).toBeGreaterThanOrEqual(
          Math.min(config.viewTimeoutMaxMs, Math.max(2 * before, config.viewTimeoutMs / 6)),
        );
      }),
    );
  });

  test("P26: who gave up a view that a quorum finished allows its leader more, and no other leader", () => {
    const cluster = new Cluster().startAll();
    const { config } = cluster.node(0);
    const base = cluster.state(0);
    const { validators } = base.head;
    const rounds = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 4, maxLength: 4 });
    const views = fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }));
    fc.assert(
      fc.property(rounds, views, (measured, [final, reached]) => {
        const leaders = measured.reduce(
          (slots, round, at) => withSlot(slots, at, { round }),
          emptySlots<LeaderMeasure>(),
        );
        const measures = { ...base.measures, leaders };
        const state: State = { ...base, view: toView(Math.max(final, reached)), measures };
        const certificate = { view: toView(final), digest: base.head.digest };
        const leader = leaderAt(state, toView(final));
        const after = measuresAfter({ config, state }, certificate, validators).leaders;

        const allowed = afterNeedlessTimeout({ config, state }).round;
        for (const [at, round] of measured.entries()) {
          const isGivenUp = at === leader && final < state.view;
          expect(slotAt(after, at)?.round).toBe(isGivenUp ? allowed : round);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("P26: a replica that alone is far from everybody stops to give up on honest leaders", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.nat({ max: 3 }),
        fc.integer({ min: 700, max: 2_500 }),
        (seed, far, way) => {
          const cluster = busy({ seed }).startAll();
          cluster.run({ forMs: 10_000 });
          // Blocks come late to it, votes do not: its deadline passes although all is well.
          const receive = cluster.receive.bind(cluster);
          cluster.receive = (index, message, from) => {
            const isLate = index === far && message.type === "pre-prepare";
            if (isLate) cluster.delay(way, () => receive(index, message, from));
            else receive(index, message, from);
          };
          cluster.run({ forMs: 60_000 });
          cluster.viewChanges.length = 0;
          cluster.run({ forMs: 30_000 });

          const own = cluster.viewChanges.filter(
            ({ node, cause }) => node === far && cause !== "joined",
          );
          expect(own).toEqual([]);
        },
      ),
      { numRuns: 4 },
    );
  });
});
