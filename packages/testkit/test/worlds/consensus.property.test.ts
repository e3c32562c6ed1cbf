import { assert, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createTestNetwork,
  drawWorld,
  networkConfigs,
  runWorld,
  STRATEGIES,
  type TestNetwork,
  type TestNode,
} from "../../src/index.ts";

// Each run is a world of its own. Agreement, certificates, double signing, judging, validity and
// conservation are checked after every step of every one of them; a violation prints its replay.

const seeds = fc.nat({ max: 0x7fff_ffff });
const RUNS = { numRuns: 100 };

const honestOf = (network: TestNetwork): readonly TestNode[] =>
  network.nodes.filter((node) => !node.isByzantine);
const sequencesOf = (network: TestNetwork): readonly number[] =>
  honestOf(network).map((node) => node.head.header.sequence);

describe("random worlds", { timeout: 400_000 }, () => {
  test("P6: any strategies of fewer than a third of the replicas leave agreement and progress", async () => {
    const names = STRATEGIES.map((strategy) => strategy.name);
    const cases = fc.record({
      seed: seeds,
      nodeCount: fc.constantFrom(4, 4, 5, 7),
      strategies: fc.subarray(names, { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ nodeCount, ...world }) => {
        const byzantineCount = Math.floor((nodeCount - 1) / 3);
        const options = { ...world, nodeCount, byzantineCount, application: "counter" };

        const report = await runWorld({ ...options, workEveryMs: 300 }, { faultsMs: 2_000 });

        expect(report.lowestSequence).toBeGreaterThanOrEqual(2);
      }),
      RUNS,
    );
  });

  test("P8: no two honest nodes ever finalize differently, whatever networks and disks do", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const world = drawWorld({ seed, nodesMax: 5, faultsMs: 5_000 });

        await runWorld(world, { faultsMs: 5_000, blocks: 1 });
      }),
      RUNS,
    );
  });

  test("P9: after the faults every honest node makes progress within five virtual minutes", async () => {
    const cases = fc.record({
      seed: seeds,
      network: networkConfigs({ nodeCount: 4, horizonMs: 4_000 }),
      judgingMs: fc.constantFrom(0, 50, 400),
    });
    await fc.assert(
      fc.asyncProperty(cases, async (world) => {
        const options = { ...world, nodeCount: 4, application: "counter", workEveryMs: 400 };
        await using network = await createTestNetwork(options);
        await network.run(4_000);
        const before = Math.max(...sequencesOf(network));

        const took = await network.expectProgress({ blocks: 2, boundMs: 300_000 });

        expect(took).toBeLessThanOrEqual(300_000);
        expect(Math.min(...sequencesOf(network))).toBeGreaterThanOrEqual(before + 2);
      }),
      RUNS,
    );
  });

  test("P10: the turn of an absent leader goes to another, in a later view or by the record", async () => {
    const cases = fc.record({ seed: seeds, nodeCount: fc.constantFrom(4, 5, 7) });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, nodeCount }) => {
        const options = { seed, nodeCount, application: "counter", workEveryMs: 250 };
        await using network = await createTestNetwork(options);
        await network.runUntil(() => Math.min(...sequencesOf(network)) >= 1, { boundMs: 20_000 });
        const gone = network.nodes[seed % nodeCount];
        assert(gone !== undefined, "there is such a node");
        await network.crash(seed % nodeCount);
        const highest = Math.max(...sequencesOf(network));

        const others = network.nodes.filter((node) => node.state === "up");
        const builders = new Set<string>();
        const reached = await network.runUntil(
          () => {
            const heads = others.map((node) => node.head.header);
            for (const { sequence, proposer } of heads) {
              if (sequence > highest + 1) builders.add(toHex(proposer));
            }
            return heads.every(({ sequence }) => sequence > highest + 2 * nodeCount);
          },
          { boundMs: 120_000 },
        );

        // In this many sequences every node's turn comes twice.
        expect(reached).toBe(true);
        expect(builders).not.toContain(toHex(gone.id));
      }),
      RUNS,
    );
  });

  test("P11, P13: all honest nodes get every final block, and stand at one head", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const world = drawWorld({ seed, nodesMax: 5, faultsMs: 3_000 });
        await using network = await createTestNetwork({ ...world, workEveryMs: 0 });
        for (const [at, author] of network.accounts.entries()) {
          const to = (seed + at) % network.nodes.length;
          await network.submit(network.chain.work({ author, nonce: 0 }), { to });
          await network.run(500);
        }
        await network.expectProgress({ blocks: 1 });
        // Without new work the chain comes to rest: then there must be one head for all.
        const same = (): boolean =>
          new Set(honestOf(network).map((node) => toHex(node.head.digest))).size === 1;
        await network.run(5_000);

        expect(same() || (await network.runUntil(same, { boundMs: 60_000 }))).toBe(true);
      }),
      RUNS,
    );
  });

  test("P31: a partition without a quorum finalizes nothing; healed, there is one history", async () => {
    const cases = fc.record({
      seed: seeds,
      nodeCount: fc.constantFrom(4, 6, 7),
      pieces: fc.constantFrom(2, 3),
      forMs: fc.integer({ min: 2_000, max: 30_000 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, nodeCount, pieces, forMs }) => {
        const options = { seed, nodeCount, application: "counter", workEveryMs: 500 };
        await using network = await createTestNetwork(options);
        await network.run(1_000 + (seed % 500));
        await network.partition(split(nodeCount, pieces));
        // A block whose votes had all arrived before may still be written, and then be passed on.
        await network.run(100);
        const before = Math.max(...sequencesOf(network));
        await network.run(forMs);

        expect(Math.max(...sequencesOf(network))).toBe(before);

        await network.expectProgress({ blocks: 2 });
        expect(Math.min(...sequencesOf(network))).toBeGreaterThanOrEqual(before + 2);
      }),
      RUNS,
    );
  });
});

/** Pieces of nearly equal size, none with more than two thirds. */
function split(nodeCount: number, pieces: number): readonly (readonly number[])[] {
  const nodes = Array.from({ length: nodeCount }, (_, at) => at);
  return Array.from({ length: pieces }, (_, piece) => nodes.filter((at) => at % pieces === piece));
}
