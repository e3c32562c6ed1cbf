import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTestNetwork, runWorld, type WorldOptions } from "../../src/index.ts";

// Each run is a world of its own, with all checkers after every step. Validity executes every
// applied block once more; the judging checker looks at every vote.

const seeds = fc.nat({ max: 0x7fff_ffff });
const RUNS = { numRuns: 100 };
const WORLD = { application: "counter", workEveryMs: 300, faultsMs: 2_000 } as const;
const WRONG = ["false-leader", "wrong-difficulty", "credulous", "time-traveller"];

describe("verification", () => {
  test("P7: of conflicting verifications only the one with a quorum is accepted", async () => {
    const cases = fc.record({
      seed: seeds,
      nodeCount: fc.constantFrom(4, 5, 7),
      strategies: fc.subarray(WRONG, { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ nodeCount, ...world }) => {
        const byzantineCount = Math.floor((nodeCount - 1) / 3);

        const report = await runWorld({ ...WORLD, ...world, nodeCount, byzantineCount });

        expect(report.lowestSequence).toBeGreaterThanOrEqual(2);
      }),
      RUNS,
    );
  });

  test("P28: with 51 % colluding no honest node applies a wrong block, or votes for one", async () => {
    const cases = fc.record({
      seed: seeds,
      nodeCount: fc.constantFrom(4, 5, 7),
      strategies: fc.subarray(["false-leader", "wrong-difficulty"], { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ nodeCount, ...world }) => {
        const byzantineCount = Math.floor(nodeCount / 2) + (nodeCount % 2);
        const options = { ...WORLD, ...world, nodeCount, byzantineCount };
        await using network = await createTestNetwork(options);

        await network.run(2_500);

        expect(byzantineCount * 2).toBeGreaterThanOrEqual(nodeCount);
      }),
      RUNS,
    );
  });

  test("P12: a node that comes back among forgers of history ends on the certified one", async () => {
    const cases = fc.record({ seed: seeds, nodeCount: fc.constantFrom(4, 5, 7) });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, nodeCount }) => {
        const world: WorldOptions = {
          ...WORLD,
          seed,
          nodeCount,
          byzantineCount: Math.floor((nodeCount - 1) / 3),
          strategies: ["forged-history"],
        };
        await using network = await createTestNetwork(world);
        const back = network.nodes.find((node) => !node.isByzantine)?.index ?? 0;
        await network.crash(back);
        await network.run(2_000);
        await network.restart(back);
        await network.expectProgress({ blocks: 1 });

        const honest = network.nodes.filter((node) => !node.isByzantine);
        const lowest = Math.min(...honest.map(({ head }) => head.header.sequence));
        expect(network.nodes[back]?.head.header.sequence).toBeGreaterThanOrEqual(lowest);
      }),
      RUNS,
    );
  });

  test("P26: with more than 500 ms of latency time-outs adapt, and then no view is changed", async () => {
    const cases = fc.record({
      seed: seeds,
      latencyMs: fc.integer({ min: 500, max: 900 }),
      jitterMs: fc.constantFrom(0, 50),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, ...network }) => {
        const options = { ...WORLD, seed, nodeCount: 4, workEveryMs: 2_000, network };
        await using world = await createTestNetwork(options);
        await world.run(20_000);
        const before = world.report();
        await world.run(24_000);
        const after = world.report();

        expect(after.viewChanges - before.viewChanges).toBe(0);
        expect(after.lowestSequence).toBeGreaterThan(before.lowestSequence + 2);
      }),
      RUNS,
    );
  });
});
