import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createTestNetwork,
  runWorld,
  type WorldAction,
  type WorldOptions,
} from "../../src/index.ts";

/** Worlds of each kind; many more with AETHEL_SLOW=1. */
const RUNS = process.env["AETHEL_SLOW"] === "1" ? 500 : 8;

const base: WorldOptions = {
  nodeCount: 4,
  application: "counter",
  workEveryMs: 200,
  network: { latencyMs: 20, jitterMs: 10 },
};

describe("worlds of lost and restored signing state", () => {
  test("B26: a log is lost at any time, with its database or not: no node contradicts itself", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          node: fc.nat({ max: 3 }),
          atMs: fc.nat({ max: 4_000 }),
          forMs: fc.constantFrom(1, 300, 2_000),
          blocks: fc.constantFrom(0, 1, 3, 1_000),
          lossRate: fc.constantFrom(0, 0.1, 0.3),
        }),
        async ({ seed, lossRate, ...loss }) => {
          const actions: WorldAction[] = [{ type: "lose-log", ...loss }];
          const network = { ...base.network, lossRate };
          await runWorld({ ...base, seed, network, actions, faultsMs: 5_000 });
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("B26: a machine goes back to any earlier moment, log, database and all", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          node: fc.nat({ max: 3 }),
          at: fc.nat({ max: 2_000 }),
          later: fc.nat({ max: 2_000 }),
          forMs: fc.constantFrom(200, 1_500),
        }),
        async ({ seed, node, at, later, forMs }) => {
          const actions: WorldAction[] = [
            { type: "snapshot", node, atMs: at },
            { type: "restore", node, atMs: at + later, forMs },
          ];
          await runWorld({ ...base, seed, actions, faultsMs: 5_000 });
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("B26: it goes back to before its proposal, which the others made final without a vote of it", async () => {
    // Found by random worlds: its log and the wire have the proposal when it fails, and no vote
    // yet.
    const actions: WorldAction[] = [
      { type: "snapshot", node: 1, atMs: 5_088 },
      { type: "restore", node: 1, atMs: 5_539, forMs: 3_800 },
    ];
    const network = { latencyMs: 1, jitterMs: 0 };
    const world = { ...base, nodeCount: 5, syncMs: 20, workEveryMs: 500, network, actions };
    await runWorld({ ...world, seed: 30_124_019, faultsMs: 6_000 });
  });

  test("B26: keys change at an epoch boundary, held by the node before, after or both", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("both", "old", "new"),
        async (seed, node, epoch, holds) => {
          const report = await runWorld({
            ...base,
            seed,
            keyChanges: [{ node, epoch, holds }],
            epochBlocks: 3,
            faultsMs: 5_000,
          });
          expect(Object.keys(report.evidence)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test("a listening replica reports it, and the sequence from which it signs again", async () => {
    await using network = await createTestNetwork({
      ...base,
      actions: [{ type: "lose-log", node: 2, atMs: 1_000, forMs: 100 }],
    });
    await network.run(8_000);
    const lines = network.log.lines().filter((line) => line.includes("listening"));

    expect(lines.some((line) => line.includes("2 listening"))).toBe(true);
    expect(lines.some((line) => line.includes("signs from"))).toBe(true);
  });
});
