import { describe, expect, test } from "vitest";
import type { Effect } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";

const HOUR = 3_600_000;

/** A cluster, and all timers that its replicas start. */
function timed(parameters: ClusterOptions["parameters"] = {}) {
  const timers: Extract<Effect, { type: "start-timer" }>[] = [];
  const cluster = new Cluster({
    parameters,
    onStep: (_, __, effects) => {
      for (const effect of effects) if (effect.type === "start-timer") timers.push(effect);
    },
  });
  return { cluster, timers };
}

function stampsOf(cluster: Cluster): readonly number[] {
  return cluster.node(0).app.blocks.map(({ block }) => block.header.timestamp);
}

describe("pacing", () => {
  test("a heartbeat of 30 minutes comes when it is due, over timers of at most ten minutes", () => {
    const { cluster, timers } = timed({ heartbeatIntervalMs: HOUR / 2 });
    cluster.startAll();
    cluster.run({ forMs: 5 * HOUR });

    const stamps = stampsOf(cluster);
    const gaps = stamps.slice(1).map((stamp, at) => stamp - (stamps[at] ?? 0));
    expect(stamps).toHaveLength(10);
    expect(Math.min(...gaps)).toBe(HOUR / 2);
    // The timer starts when the block before is applied, a few messages after its timestamp.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(HOUR / 2 + 10);
    expect(Math.max(...timers.map(({ delayMs }) => delayMs))).toBe(600_000);
    expect(cluster.viewChanges).toEqual([]);
  });

  test("a minimum interval of 25 minutes is kept under constant work, without a view change", () => {
    const { cluster, timers } = timed({ minBlockIntervalMs: 1_500_000 });
    cluster.now = 10 * HOUR;
    cluster.startAll();
    for (let goal = 1; goal <= 4; goal++) {
      cluster.work();
      cluster.run({ forMs: HOUR, until: () => cluster.heights().every((at) => at >= goal) });
    }

    const stamps = stampsOf(cluster);
    const gaps = stamps.slice(1).map((stamp, at) => stamp - (stamps[at] ?? 0));
    expect(gaps).toEqual([1_500_000, 1_500_000, 1_500_000]);
    const proposing = timers.filter(({ timer }) => timer === "propose");
    expect(Math.max(...proposing.map(({ delayMs }) => delayMs))).toBe(600_000);
    // Nothing can have been lost while nothing may be said, so nothing is asked for.
    expect(timers.filter(({ timer }) => timer === "resend").length).toBeLessThan(200);
    // The wait for the interval is not held against the leader.
    expect(cluster.viewChanges).toEqual([]);
  });

  test("with nothing to do for a day nothing is said, and no time runs against any leader", () => {
    const { cluster, timers } = timed();
    cluster.startAll();
    cluster.work();
    cluster.run({ forMs: 5_000, until: () => cluster.heights().every((at) => at === 1) });
    cluster.run({ forMs: 1_000 });
    const { messages } = cluster;
    timers.length = 0;
    cluster.run({ forMs: 24 * HOUR });

    expect(cluster.messages).toBe(messages);
    expect(new Set(timers.map(({ timer }) => timer))).toEqual(new Set(["resend"]));
    expect(cluster.heights()).toEqual([1, 1, 1, 1]);
    cluster.work();
    expect(
      cluster.run({ forMs: 500, until: () => cluster.heights().every((at) => at === 2) }),
    ).toBe(true);
  });

  test("work that is withdrawn before a proposal leaves no time running", () => {
    const { cluster } = timed();
    cluster.startAll();
    const leader = cluster.leader(1, 0);
    cluster.crash(leader);
    cluster.work();
    cluster.nodes.forEach(({ app }, at) => {
      app.pending = 0;
      cluster.input(at, { type: "work", pending: false });
    });
    cluster.run({ forMs: HOUR });

    expect(cluster.viewChanges).toEqual([]);
  });

  test("without a block for its work, a leader is replaced; work that only others have counts", () => {
    const { cluster } = timed();
    cluster.startAll();
    const leader = cluster.leader(1, 0);
    const others = [0, 1, 2, 3].filter((at) => at !== leader);
    cluster.work(others);

    const reached = (): boolean => cluster.heights().every((at) => at === 1);
    expect(cluster.run({ forMs: 5_000, until: reached })).toBe(true);
    expect(cluster.node(leader).app.blocks[0]?.certificate.view).toBe(1);
  });
});
