import { toSequence, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { step } from "../src/index.ts";
import { Cluster } from "./cluster.ts";

describe("normal case (PBFT §4.2)", () => {
  test("four replicas finalize a block when there is work, and rest when there is none", () => {
    const cluster = new Cluster().startAll();
    cluster.work();

    const done = cluster.run({
      forMs: 500,
      until: () => cluster.heights().every((at) => at === 1),
    });
    cluster.run({ forMs: 60_000 });

    expect(done).toBe(true);
    expect(cluster.heights()).toEqual([1, 1, 1, 1]);
    expect(cluster.viewChanges).toEqual([]);
  });

  test("a single validator is a network: its own vote is a quorum", () => {
    const cluster = new Cluster({ powers: [5] }).startAll();

    for (let round = 1; round <= 3; round++) {
      cluster.work();
      expect(cluster.run({ forMs: 1_000, until: () => cluster.height(0) === round })).toBe(true);
    }
  });

  test("blocks are at least the minimum interval apart, however fast the votes are", () => {
    const cluster = new Cluster().startAll();

    for (let round = 1; round <= 5; round++) {
      cluster.work();
      cluster.run({ forMs: 2_000, until: () => cluster.heights().every((at) => at === round) });
    }

    const stamps = cluster.node(0).app.blocks.map(({ block }) => block.header.timestamp);
    const gaps = stamps.slice(1).map((stamp, at) => stamp - (stamps[at] ?? 0));
    expect(stamps).toHaveLength(5);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  });

  test("a heartbeat makes a block due although nothing is pending", () => {
    const cluster = new Cluster({ parameters: { heartbeatIntervalMs: 3_000 } }).startAll();

    cluster.run({ forMs: 31_000 });

    expect(cluster.height(0)).toBeGreaterThanOrEqual(9);
    expect(cluster.height(0)).toBeLessThanOrEqual(11);
  });
});

describe("the next sequence", () => {
  test("a proposal that comes early finishes the current block by its certificate, and is voted for", () => {
    const cluster = new Cluster().startAll();
    const late = (cluster.leader(2, 0) + 1) % 4;
    const others = [0, 1, 2, 3].filter((at) => at !== late);
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      if (to !== late || message.type !== "commit") send(from, to, message);
    };
    cluster.work();
    cluster.run({ forMs: 240, until: () => others.every((at) => cluster.height(at) === 1) });
    expect(cluster.height(late)).toBe(0);
    cluster.work(others);

    // Sooner than anything is sent again.
    const voted = cluster.run({
      forMs: 240,
      until: () => cluster.height(late) === 1 && cluster.state(late).signed.prepare !== undefined,
    });

    expect(voted).toBe(true);
  });
});

describe("later sequences", () => {
  test("a message two sequences ahead proves nothing: peers are asked for their heads, no more", () => {
    const cluster = new Cluster().startAll();
    const before = cluster.state(0);
    const [view, voter] = [toView(0), toValidatorIndex(1)];
    const where = { sequence: toSequence(3), view, digest: before.head.digest };
    const message = cluster.sign(1, { type: "commit", ...where, voter });
    const from = cluster.membership.members[1]?.id;
    const input = { type: "message", message, from, now: cluster.now } as const;

    const { state, effects } = step(cluster.node(0).config, before, input);

    expect(state.early).toEqual(before.early);
    expect(effects.map(({ type }) => type)).toEqual(["discard", "ask-heads"]);
    expect(state.ahead).toBeUndefined();
  });
});

describe("view change (PBFT §4.4)", () => {
  test("P10: without the leader the next view finalizes, led by another", () => {
    const cluster = new Cluster().startAll();
    cluster.crash(leaderNow(cluster));
    cluster.work();
    const alive = cluster.nodes.flatMap((node, at) => (node.state === undefined ? [] : [at]));

    const done = cluster.run({
      forMs: 5_000,
      until: () => alive.every((at) => cluster.height(at) === 1),
    });

    expect(done).toBe(true);
    expect(cluster.node(alive[0] ?? 0).app.blocks[0]?.certificate.view).toBe(1);
  });
});

function leaderNow(cluster: Cluster): number {
  return cluster.leader(1, 0);
}
