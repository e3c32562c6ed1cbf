import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import { byzantineWorlds, seeds } from "./worlds.ts";

describe("agreement", () => {
  test("P6: with less than a third of the power Byzantine, all honest replicas agree and go on", () => {
    fc.assert(
      fc.property(byzantineWorlds, (options) => {
        const cluster = new Cluster(options).startAll();
        const honest = cluster.honest();
        for (let round = 1; round <= 2; round++) {
          cluster.work();
          // The harness throws on a fork or a contradiction of an honest node.
          const reached = (): boolean => honest.every((at) => cluster.height(at) >= round);
          expect(cluster.run({ forMs: 120_000, until: reached })).toBe(true);
        }
        cluster.loss = 0;
      }),
      { numRuns: 100 },
    );
  });

  test("P8: crashes, restarts, loss, repetition and reordering never make two replicas differ", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const cluster = new Cluster({
          seed,
          loss: 0.15,
          duplication: 0.2,
          latency: [1, 400],
        }).startAll();
        for (let round = 0; round < 12; round++) {
          cluster.work();
          const victim = Math.floor(cluster.random() * 4);
          if (cluster.node(victim).state === undefined) cluster.start(victim);
          else if (cluster.random() < 0.6) {
            const effect = cluster.node(victim).performed + Math.floor(cluster.random() * 12);
            cluster.crashAt = { node: victim, effect };
          }
          cluster.run({ forMs: 400 + Math.floor(cluster.random() * 1_500) });
        }
        healAndExpectProgress(cluster);
      }),
      { numRuns: 100 },
    );
  });

  test("P9 P11 P13: once the network is timely all honest replicas progress, and hold one chain", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 4, max: 8 }), (seed, n) => {
        const powers = Array.from({ length: n }, (_, at) => 1 + ((seed >> at) & 3));
        const cluster = new Cluster({ seed, powers, loss: 0.6, latency: [1, 900] }).startAll();
        cluster.work();
        cluster.run({ forMs: 20_000 });

        healAndExpectProgress(cluster);
      }),
      { numRuns: 100 },
    );
  });

  test("P10: rounds whose leaders are gone go on to the first leader that is there", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 9 }),
        (seed, powers) => {
          const cluster = new Cluster({ seed, powers, latency: [1, 50] }).startAll();
          const { validators, totalPower } = cluster.membership.set;
          const gone = new Set<number>();
          let power = 0n;
          // The leaders of the first views, as many of them as may be faulty.
          for (let view = 0; view < 6; view++) {
            const leader = cluster.leader(1, view);
            const own = gone.has(leader) ? 0n : (validators[leader]?.power ?? 0n);
            if ((power + own) * 3n >= totalPower) break;
            power += own;
            gone.add(leader);
          }
          for (const at of gone) cluster.crash(at);
          cluster.work();
          const alive = cluster.nodes.flatMap((_, at) => (gone.has(at) ? [] : [at]));
          const reached = (): boolean => alive.every((at) => cluster.height(at) >= 1);
          expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);

          let first = 0;
          while (gone.has(cluster.leader(1, first))) first += 1;
          const [block] = cluster.node(alive[0] ?? 0).app.blocks;
          expect(block?.certificate.view).toBe(first);
          const { id } = cluster.node(cluster.leader(1, first)).config;
          expect(block?.block.header.proposer).toEqual(id);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("P31: a partition without a quorum finalizes nothing, and heals into one history", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 }), (seed, cut) => {
        const cluster = new Cluster({ seed, latency: [1, 50] }).startAll();
        cluster.work();
        cluster.run({ forMs: Math.floor(cluster.random() * 300) });
        const side = (node: number): boolean => node < 2;
        const before = cluster.now;
        // Messages under way at the cut may still arrive, and finish what was decided by them.
        cluster.connected = (from, to) => side(from) === side(to);
        cluster.run({ forMs: 1_000 });
        const settled = Math.max(...cluster.heights());
        cluster.work();
        cluster.run({ forMs: cut * 30_000 });

        expect(Math.max(...cluster.heights())).toBe(settled);
        expect(cluster.now).toBeGreaterThan(before);
        healAndExpectProgress(cluster);
      }),
      { numRuns: 100 },
    );
  });

  test("P7 P28: what honest replicas refuse is never final, whoever else votes for it", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        // Four of seven collude: they accept anything, and their leaders propose a wrong block.
        const cluster = new Cluster({ seed, powers: [1, 1, 1, 1, 1, 1, 1] }).startAll();
        const colluding = new Set([0, 1, 2, 3]);
        cluster.nodes.forEach(({ app }, at) => {
          app.override = (block) => {
            const wrong = colluding.has(indexOfProposer(cluster, block.header.proposer));
            if (colluding.has(at)) return { type: "accepted" };
            return wrong ? { type: "refused", reason: "a false proof" } : undefined;
          };
        });
        cluster.work();
        cluster.run({ forMs: 30_000, until: () => cluster.heights().every((h) => h >= 1) });

        for (const { app } of cluster.nodes) {
          for (const { block } of app.blocks) {
            const proposer = indexOfProposer(cluster, block.header.proposer);
            expect(colluding.has(proposer)).toBe(false);
          }
        }
        expect(cluster.heights().every((height) => height >= 1)).toBe(true);
        expect(cluster.diverged).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

function indexOfProposer(cluster: Cluster, id: Uint8Array): number {
  return cluster.membership.members.findIndex(
    (member) => member.id === id || sameBytes(member.id, id),
  );
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, at) => byte === right[at]);
}

/** Faults off, everyone up: within a bound that follows from the cap, all are one block further. */
function healAndExpectProgress(cluster: Cluster): void {
  cluster.loss = 0;
  cluster.crashAt = undefined;
  cluster.connected = () => true;
  cluster.nodes.forEach((node, at) => {
    if (node.state === undefined) cluster.start(at);
  });
  const goal = Math.max(...cluster.heights()) + 1;
  const reached = (): boolean => cluster.heights().every((height) => height >= goal);
  const bound = 6 * 8_000;
  const end = cluster.now + bound;
  // The counter forgets its work with each block it applies, also an old one.
  while (!reached() && cluster.now < end) {
    cluster.work();
    cluster.run({ forMs: 2_000, until: reached });
  }
  if (!reached()) {
    const where = cluster.nodes.map((_, at) => {
      const { view, phase, sequence } = cluster.state(at);
      return `${sequence}/${view}/${phase}`;
    });
    throw new Error(`no progress to ${goal} within ${bound} ms: ${where.join(" ")}`);
  }
  cluster.run({ forMs: 20_000 });
  const digests = new Set(cluster.nodes.map(({ app }) => String(app.head.digest)));
  expect(digests.size).toBe(1);
}
