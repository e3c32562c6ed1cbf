import { fail } from "node:assert";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createProcess,
  createRandom,
  createScheduler,
  createTestNetwork,
  createVirtualDisk,
  type DiskFault,
  drawWorld,
  runWorld,
  type WorldAction,
} from "../../src/index.ts";

const FAULTS = ["full", "io", "short", "sync", "read-only"] as const;
const FAULTS_MS = 6_000;
const seeds = fc.nat({ max: 0x7fff_ffff });

/** Disks that fail for a while, for every write or some, and power failures in between. */
const diskActions = (nodes: number): fc.Arbitrary<WorldAction> =>
  fc
    .record({
      node: fc.nat({ max: nodes - 1 }),
      fault: fc.constantFrom<DiskFault>(...FAULTS),
      rate: fc.constantFrom(0.3, 1),
      atMs: fc.nat({ max: FAULTS_MS }),
      forMs: fc.integer({ min: 1, max: FAULTS_MS }),
      store: fc.boolean(),
    })
    .map(({ store, ...action }) => ({
      ...action,
      type: "disk",
      ...(store ? { store: true as const } : {}),
    }));

describe("worlds in which disks fail", () => {
  test("B27: whatever disks do, no node contradicts itself, stops, or is called divergent", async () => {
    const cases = fc.record({
      seed: seeds,
      faults: fc.array(diskActions(4), { minLength: 1, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, faults }) => {
        const world = drawWorld({ seed, nodesMax: 5, faultsMs: FAULTS_MS, outage: false });
        const actions = [
          ...(world.actions ?? []),
          ...faults.filter((action) => "node" in action && action.node < world.nodeCount),
        ];
        const powerCuts = world.powerCuts ?? { rate: 0.02, downMs: 20, most: 4 };

        await runWorld({ ...world, actions, powerCuts }, { faultsMs: FAULTS_MS, blocks: 1 });
      }),
      { numRuns: 25 },
    );
  });

  test("B27: a validator whose disk is full follows without signing, and signs again when there is room", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.constantFrom(...FAULTS), async (seed, fault) => {
        const said: number[] = [];
        await using network = await createTestNetwork({
          seed,
          nodeCount: 4,
          application: "counter",
          workEveryMs: 300,
          actions: [{ type: "disk", node: 2, fault, atMs: 3_000, forMs: 20_000 }],
          checkers: [
            {
              name: "said",
              observe: (event) => {
                if (event.type === "said" && event.node === 2) said.push(network.nowMs);
                return undefined;
              },
            },
          ],
        });
        await network.run(23_000);
        const heights = network.nodes.map(({ head }) => head.header.sequence);
        const meanwhile = said.filter((atMs) => atMs > 5_000).length;
        await network.run(10_000);

        expect(Math.max(...heights) - (heights[2] ?? 0)).toBeLessThan(3);
        expect(Math.max(...heights)).toBeGreaterThan(10);
        expect(meanwhile).toBe(0);
        expect(said.filter((atMs) => atMs > 25_000).length).toBeGreaterThan(0);
      }),
      { numRuns: 3 },
    );
  });

  test("B26: a database that went back to any block, or was deleted, makes no signer forget", async () => {
    const cases = fc.record({
      seed: seeds,
      blocks: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constant(1_000)),
      atMs: fc.integer({ min: 500, max: FAULTS_MS }),
      forMs: fc.constantFrom(1, 200, 3_000),
      holdsVotes: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, blocks, atMs, forMs, holdsVotes }) => {
        const action = { type: "roll-back", node: seed % 4, blocks, atMs, forMs } as const;
        const report = await runWorld(
          {
            seed,
            nodeCount: 4,
            application: "counter",
            workEveryMs: 200,
            network: { latencyMs: 50, jitterMs: 50, lossRate: 0.1 },
            ...(holdsVotes
              ? { ambush: { rate: 1, holdMs: 2_000, plan: "hidden-commit" as const } }
              : {}),
            actions: [action, { ...action, atMs: atMs + 1_500 + forMs }],
          },
          { faultsMs: FAULTS_MS + 8_000, blocks: 2 },
        );

        expect(report.lowestSequence).toBeGreaterThan(2);
      }),
      { numRuns: 15 },
    );
  });
});

describe("a virtual disk that fails", () => {
  const record = (fill: number): Uint8Array => new Uint8Array(40).fill(fill);

  test.each(FAULTS)("%s: an error each time, and durable records stay durable", async (fault) => {
    for (let seed = 1; seed <= 20; seed++) {
      const scheduler = createScheduler();
      const disk = createVirtualDisk({ random: createRandom(seed) });
      const log = disk.open(createProcess(scheduler));
      const done = async (write: Promise<void>): Promise<unknown> => {
        const outcome = write.then(
          () => undefined,
          (error: unknown) => error,
        );
        while (await scheduler.step());
        return outcome;
      };
      expect(await done(log.append(record(1)))).toBeUndefined();
      disk.setFault(fault);
      const rejected = { fault: { code: "STORAGE" } };
      expect(await done(log.append(record(2)))).toMatchObject(rejected);
      disk.setFault(undefined);
      // After a failed flush the disk claims to work and does not.
      if (fault === "sync") expect(await done(log.append(record(3)))).toBeUndefined();
      disk.crash();
      const records = await disk.open(createProcess(scheduler)).load();

      expect(records[0]).toEqual(record(1));
    }
  });

  test("after a write that failed in the middle only a new file is durable", async () => {
    for (const fault of ["short", "sync"] as const) {
      const lost = await Promise.all(
        Array.from({ length: 40 }, async (_, seed) => {
          const scheduler = createScheduler();
          const disk = createVirtualDisk({ random: createRandom(seed) });
          const log = disk.open(createProcess(scheduler));
          const step = async (write: Promise<void>): Promise<void> => {
            write.catch(() => undefined);
            while (await scheduler.step());
          };
          disk.setFault(fault);
          await step(log.append(record(1)));
          disk.setFault(undefined);
          if (seed % 2 === 0) await step(log.compact([]));
          await step(log.append(record(2)));
          disk.crash();
          const reopened = disk.open(createProcess(scheduler));
          const records = await reopened.load().catch(() => []);
          const isThere = records.some((bytes) => bytes[0] === 2);
          if (seed % 2 === 0 && !isThere) fail("a compacted log holds what is appended to it");
          return !isThere;
        }),
      );

      expect(lost.filter(Boolean).length).toBeGreaterThan(5);
    }
  });
});
