import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTestNetwork, runWorld, STRATEGIES, type WorldOptions } from "../../src/index.ts";

// Each run is a world of its own, with all checkers after every step.

const seeds = fc.nat({ max: 0x7fff_ffff });
/** Each block is an epoch. */
const EPOCH = 1;
const RUNS = { numRuns: 100 };
const names = STRATEGIES.map((strategy) => strategy.name);
const WORLD = { application: "counter", workEveryMs: 300, faultsMs: 2_000 } as const;

describe("members of the set", () => {
  test("P17: nodes outside the set have no say, however many they are and whatever they do", async () => {
    const cases = fc.record({
      seed: seeds,
      outsiders: fc.integer({ min: 1, max: 5 }),
      strategies: fc.subarray(names, { minLength: 1, maxLength: 3 }),
      later: fc.constantFrom([4, 4, 4, 4], [1, 1, 1, 1], [3, 3, 2, 2]),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, outsiders, strategies, later }) => {
        const out = Array.from({ length: outsiders }, (_, at) => 4 + at);
        const world: WorldOptions = {
          ...WORLD,
          // A start asks the others first, and waits a moment for those that do not answer.
          faultsMs: 4_000,
          seed,
          nodeCount: 4 + outsiders,
          strategies,
          powers: [4, 4, 4, 4, ...out.map(() => 1)],
          // After the first block their power is zero, and they are as many as the others.
          rotation: [later, later, later].map((powers) => [...powers, ...out.map(() => 0)]),
          epochBlocks: EPOCH,
          network: { byzantineIds: out },
        };

        const report = await runWorld(world, { boundMs: 60_000 });

        expect(report.lowestSequence).toBeGreaterThanOrEqual(3);
      }),
      RUNS,
    );
  });

  test("P27: a stake under a third changes nothing by being split over identities", async () => {
    const cases = fc.record({
      seed: seeds,
      parts: fc.constantFrom([3], [2, 1], [1, 1, 1]),
      strategies: fc.subarray(names, { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, parts, strategies }) => {
        const powers = [3, 2, 2, ...parts];
        const byzantineIds = parts.map((_, at) => 3 + at);
        // As above, a start waits a moment for those that do not answer.
        const world = {
          ...WORLD,
          faultsMs: 4_000,
          seed,
          strategies,
          powers,
          nodeCount: powers.length,
        };

        const report = await runWorld({ ...world, network: { byzantineIds } });

        expect(report.lowestSequence).toBeGreaterThanOrEqual(2);
      }),
      RUNS,
    );
  });

  test("P6: twins, two instances with one key, break nothing while they have less than a third", async () => {
    const cases = fc.record({
      seed: seeds,
      nodeCount: fc.constantFrom(4, 5, 7),
      partition: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, nodeCount, partition }) => {
        const twin = seed % nodeCount;
        const half = Array.from({ length: nodeCount }, (_, at) => at).filter((at) => at % 2 === 0);
        // Each half of the honest nodes has one of the two: the case that twins are made for.
        const groups = [[...half.filter((at) => at !== twin), twin], [nodeCount]];
        const world: WorldOptions = {
          ...WORLD,
          seed,
          nodeCount,
          twins: [twin],
          ...(partition
            ? { actions: [{ type: "partition", atMs: 300, forMs: 1_200, groups }] }
            : {}),
        };
        await using network = await createTestNetwork(world);
        await network.run(2_000);
        await network.expectProgress({ blocks: 2 });

        expect(network.nodes).toHaveLength(nodeCount + 1);
        expect(network.nodes.filter((node) => node.isByzantine).map(({ index }) => index)).toEqual([
          twin,
          nodeCount,
        ]);
      }),
      RUNS,
    );
  });

  test("P6: a twin whose log lacks the signatures of the other listens before it signs again", async () => {
    const cases = fc.record({
      seed: seeds,
      fault: fc.constantFrom("read-only", "full", "io", "short", "sync"),
      atMs: fc.integer({ min: 1_000, max: 2_500 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, fault, atMs }) => {
        const world: WorldOptions = {
          ...WORLD,
          faultsMs: 4_000,
          seed,
          nodeCount: 4,
          twins: [3],
          actions: [
            { type: "disk", node: 3, fault, atMs: 200, forMs: 3_800 },
            { type: "crash", node: 3, atMs, forMs: 300 },
          ],
        };

        const report = await runWorld(world);

        expect(report.lowestSequence).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 30 },
    );
  });
});
