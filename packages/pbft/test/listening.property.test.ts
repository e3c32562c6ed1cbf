import { equalBytes, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quietOf } from "../src/hearing/quiet.ts";
import { decodeSigningLog, SigningRecord, sequenceOf } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { GENESIS } from "./keys.ts";
import { seeds } from "./worlds.ts";

/** Worlds of each property; many more with AETHEL_SLOW=1. */
const RUNS = process.env["AETHEL_SLOW"] === "1" ? 4_000 : 60;

const lostLog = (): Uint8Array[] => [
  SigningRecord.encode({ entries: [{ type: "listen", since: toTimestamp(1_000) }] }),
];

/** The database as it was after `blocks` blocks. */
function rolledBack(cluster: Cluster, app: Counter, blocks: number): Counter {
  const older = new Counter(GENESIS, cluster.membership.set);
  for (const finalized of app.blocks.slice(0, blocks)) older.commit(finalized);
  return older;
}

/** Gives work for a while, so that there is always something to sign. */
function keepBusy(cluster: Cluster, forMs: number, until: () => boolean = () => false): boolean {
  const end = cluster.now + forMs;
  while (cluster.now < end && !until()) {
    cluster.work();
    cluster.run({ forMs: Math.min(70, end - cluster.now), until });
  }
  return until();
}

/** A few sequences with view changes and lost messages, ending at any moment at all. */
function busyCluster(options: ClusterOptions): Cluster {
  const cluster = new Cluster({ parameters: { minBlockIntervalMs: 20 }, ...options }).startAll();
  keepBusy(cluster, 300 + Math.floor(cluster.random() * 2_000));
  return cluster;
}

const worlds = fc.record({
  seed: seeds,
  loss: fc.constantFrom(0, 0.1, 0.3),
  spread: fc.constantFrom(5, 80, 300),
  powers: fc.constantFrom([1, 1, 1, 1], [3, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1, 1]),
});

describe("listening after a lost signing log", () => {
  test("B26: lost at any moment, the database with it or not: nothing that contradicts is signed", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), ({ seed, loss, spread, powers }, back) => {
        const cluster = busyCluster({ seed, loss, latency: [1, 1 + spread], powers });
        const victim = Math.floor(cluster.random() * powers.length);
        const node = cluster.node(victim);
        cluster.crash(victim);
        node.log = lostLog();
        const height = cluster.height(victim);
        node.app = rolledBack(cluster, node.app, Math.max(0, height - (back % (height + 2))));
        keepBusy(cluster, Math.floor(cluster.random() * 400));
        // The harness throws on the first contradiction of what was signed before the loss.
        cluster.start(victim);
        cluster.loss = 0;
        const signs = (): boolean => quietOf(cluster.state(victim)) === undefined;

        expect(keepBusy(cluster, 60_000, signs), JSON.stringify(cluster.heights())).toBe(true);
        keepBusy(cluster, 1_000);
      }),
      { numRuns: RUNS },
    );
  });

  test("B26: it signs from the third sequence after the highest head of a quorum, not before", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const cluster = busyCluster({ seed, latency: [1, 40] });
        const victim = Math.floor(cluster.random() * 4);
        cluster.crash(victim);
        cluster.node(victim).log = lostLog();
        const send = cluster.send.bind(cluster);
        const signedAt: number[] = [];
        cluster.send = (from, to, message) => {
          if (from === victim) signedAt.push(sequenceOf(message));
          send(from, to, message);
        };
        const others = [0, 1, 2, 3].filter((at) => at !== victim);
        cluster.run({ forMs: 2_000 });
        const highest = Math.max(...others.map((at) => cluster.height(at)));
        cluster.start(victim);
        // Nothing is pending: the others make blocks for whoever listens.
        const signs = (): boolean => quietOf(cluster.state(victim)) === undefined;
        expect(cluster.run({ forMs: 60_000, until: signs })).toBe(true);
        expect(cluster.state(victim).sequence).toBe(highest + 3);
        keepBusy(cluster, 2_000);

        expect(Math.min(...signedAt)).toBe(highest + 3);
        const [entry] = decodeSigningLog(cluster.node(victim).log);
        expect(entry?.type).toBe("floor");
      }),
      { numRuns: RUNS / 4 },
    );
  });

  test("one validator alone, whom nobody can tell more than it knows, goes on from its database", () => {
    const cluster = new Cluster({ powers: [1] });
    cluster.node(0).log = lostLog();
    cluster.startAll();
    cluster.work();
    expect(quietOf(cluster.state(0))).toMatchObject({ reason: "listening" });

    expect(cluster.run({ forMs: 10_000, until: () => cluster.height(0) === 1 })).toBe(true);
  });

  test("when more than a third listens nobody signs, and each says that this cannot end by itself", () => {
    const cluster = new Cluster();
    for (const at of [0, 1]) cluster.node(at).log = lostLog();
    cluster.startAll();
    cluster.work();
    cluster.run({ forMs: 600_000 });

    expect(cluster.heights()).toEqual([0, 0, 0, 0]);
    const quiet = quietOf(cluster.state(0));
    expect(quiet).toMatchObject({
      reason: "listening",
      signsFrom: undefined,
      listening: { cause: "log-lost", heardPower: 2n, neededPower: 2n, totalPower: 4n },
    });
    expect(quiet?.listening?.since).toBe(1_000);
  });
});

describe("a machine restored from a snapshot", () => {
  test("B26: log and database of any earlier moment: nothing that contradicts is signed", () => {
    let caught = 0;
    fc.assert(
      fc.property(worlds, ({ seed, spread, powers }) => {
        const latency = [1, 1 + spread] as const;
        const cluster = busyCluster({ seed, latency, powers, asksFirst: true });
        const victim = Math.floor(cluster.random() * powers.length);
        const node = cluster.node(victim);
        const [log, blocks] = [node.log.slice(), cluster.height(victim)];
        keepBusy(cluster, Math.floor(cluster.random() * 600));
        cluster.crash(victim);
        const isOlder = node.log.some((record, at) => {
          const other = log[at];
          return other === undefined || !equalBytes(record, other);
        });
        node.log = log;
        node.app = rolledBack(cluster, node.app, blocks);
        // What it had sent arrives before it is back.
        keepBusy(cluster, spread + 2 + Math.floor(cluster.random() * 400));
        cluster.start(victim);
        const listens = (): boolean => quietOf(cluster.state(victim))?.reason === "listening";
        const signs = (): boolean => quietOf(cluster.state(victim)) === undefined;
        if (keepBusy(cluster, 3_000, listens) && isOlder) caught += 1;

        expect(keepBusy(cluster, 60_000, signs)).toBe(true);
        keepBusy(cluster, 1_000);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: RUNS, seed: 1 },
    );
    expect(caught).toBeGreaterThan(RUNS / 10);
  });

  test("a whole network that starts together goes on, one that is down or not", () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, isOneDown) => {
        const cluster = busyCluster({ seed, latency: [1, 40], asksFirst: true });
        const down = isOneDown ? Math.floor(cluster.random() * 4) : -1;
        for (const at of [0, 1, 2, 3]) cluster.crash(at);
        for (const at of [0, 1, 2, 3]) if (at !== down) cluster.start(at);
        const goal = Math.max(...cluster.heights()) + 3;
        const alive = [0, 1, 2, 3].filter((at) => at !== down);
        const reached = (): boolean => alive.every((at) => cluster.height(at) >= goal);

        expect(keepBusy(cluster, 60_000, reached)).toBe(true);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
