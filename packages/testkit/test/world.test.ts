import { toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CALM_NETWORK,
  checkNetworkConfig,
  createProcess,
  createRandom,
  createScheduler,
  createTestNetwork,
  createVirtualClock,
  createVirtualDisk,
  createVirtualNetwork,
  drawWorld,
  TestkitError,
  testKey,
  VIRTUAL_EPOCH_MS,
} from "../src/index.ts";
import { createEventQueue } from "../src/virtual-time/event-queue.ts";

describe("random numbers", () => {
  test("the same seed gives the same numbers, another seed or label others", () => {
    const draw = (seed: number | string): readonly number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.next());
    };

    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw("1/network")).toEqual(
      Array.from({ length: 8 }, (_, at) => at).map(
        (
          (random) => () =>
            random.next()
        )(createRandom(1).fork("network")),
      ),
    );
  });

  test("the stream is frozen: worlds of a seed stay the same from release to release", () => {
    const random = createRandom(1);

    expect([random.next(), random.next(), random.next(), random.next()]).toEqual(FROZEN);
  });

  test("below is uniform within bounds, shuffle keeps all items", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000 }), (seed, bound) => {
        const random = createRandom(seed);
        const items = Array.from({ length: bound % 20 }, (_, at) => at);

        expect(random.below(bound)).toBeLessThan(bound);
        expect(random.shuffle(items).toSorted((a, b) => a - b)).toEqual(items);
      }),
    );
    const counts = [0, 0, 0];
    const random = createRandom("uniform");
    for (let at = 0; at < 30_000; at++) {
      const drawn = random.below(3);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

describe("virtual time", () => {
  test("events come out by time, then in the order of scheduling, cancelled ones never", () => {
    const events = fc.array(fc.record({ atMs: fc.nat({ max: 20 }), cancelled: fc.boolean() }));
    fc.assert(
      fc.property(events, (list) => {
        const queue = createEventQueue();
        const all = list.map((event, order) => ({ ...event, order, action: () => undefined }));
        for (const event of all) queue.push(event);
        const expected = all
          .filter((event) => !event.cancelled)
          .toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);

        expect(Array.from({ length: expected.length }, () => queue.pop())).toEqual(expected);
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });

  test("every promise job of a step runs before the next step, however deep the chain", async () => {
    const scheduler = createScheduler();
    const seen: string[] = [];
    scheduler.at(5, () => {
      void (async () => {
        for (let depth = 0; depth < 1_000; depth++) await Promise.resolve();
        seen.push("the end of the chain");
      })();
    });
    scheduler.at(5, () => seen.push("next step"));
    while (await scheduler.step());

    expect(seen).toEqual(["the end of the chain", "next step"]);
  });

  test("a clock starts at the virtual epoch, is off by its offset, and dies with its process", async () => {
    const scheduler = createScheduler();
    const process = createProcess(scheduler);
    const clock = createVirtualClock({ scheduler, process, offsetMs: -30 });
    const rung: number[] = [];
    clock.schedule(10, () => rung.push(clock.now()));
    clock.schedule(20, () => rung.push(clock.now()))();
    clock.schedule(30, () => rung.push(clock.now()));
    scheduler.at(25, () => process.crash());
    while (await scheduler.step());

    expect(rung).toEqual([VIRTUAL_EPOCH_MS - 20]);
  });

  test("a paused process does later what it would have done, and its clock goes on", async () => {
    const scheduler = createScheduler();
    const process = createProcess(scheduler);
    const clock = createVirtualClock({ scheduler, process });
    const rung: number[] = [];
    clock.schedule(10, () => rung.push(scheduler.nowMs));
    process.pause();
    scheduler.at(500, () => process.resume());
    while (await scheduler.step());

    expect(rung).toEqual([500]);
  });
});

describe("the virtual disk", () => {
  test("a crash keeps what was synced, and of the rest a beginning at most", async () => {
    const record = fc.uint8Array({ maxLength: 40 });
    const lists = fc.tuple(fc.array(record, { maxLength: 6 }), fc.array(record, { maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(lists, fc.integer(), async ([synced, lost], seed) => {
        const scheduler = createScheduler();
        const disk = createVirtualDisk({ random: createRandom(seed), syncMs: 3 });
        const first = createProcess(scheduler);
        const log = disk.open(first);
        for (const bytes of synced) void log.append(bytes);
        while (await scheduler.step());
        for (const bytes of lost) void log.append(bytes);
        first.crash();
        disk.crash();

        const left = await disk.open(createProcess(scheduler)).load();

        expect(left.slice(0, synced.length)).toEqual(synced);
        expect([...synced, ...lost].slice(0, left.length)).toEqual(left);
      }),
    );
  });
});

describe("the virtual network", () => {
  test("a configuration that cannot be is refused with every problem at once", () => {
    const wrong = {
      ...CALM_NETWORK,
      lossRate: 1.5,
      latencyMs: -1,
      byzantineIds: [4, 4],
      partitions: [{ fromMs: 9, toMs: 3, groups: [[0], [0, 7]] }],
    };
    const fault = faultOf(() => checkNetworkConfig(wrong, 4));

    expect(fault?.code === "CONFIG" ? fault.problems : []).toHaveLength(7);
  });

  test("loss, repetition and partitions happen as often as they are configured", async () => {
    const arrivals = async (config: Partial<typeof CALM_NETWORK>): Promise<number> => {
      const scheduler = createScheduler();
      const names = ["a", "b"].map((label) => testKey(label).id);
      const network = createVirtualNetwork({
        scheduler,
        random: createRandom(3),
        config: { ...CALM_NETWORK, ...config },
        names,
      });
      const [a, b] = [0, 1].map((at) => network.connect(at, createProcess(scheduler)));
      let count = 0;
      b?.attach({
        message: () => {
          count += 1;
        },
        request: () => Promise.reject(new Error("nobody asks")),
        connected: () => undefined,
      });
      const message = { type: "prepare" } as never;
      for (let at = 0; at < 1_000; at++) a?.broadcast(message);
      while (await scheduler.step());
      return count;
    };

    expect(await arrivals({})).toBe(1_000);
    expect(await arrivals({ lossRate: 1 })).toBe(0);
    expect(Math.abs((await arrivals({ lossRate: 0.3 })) - 700)).toBeLessThan(60);
    expect(Math.abs((await arrivals({ duplicateRate: 0.5 })) - 1_500)).toBeLessThan(60);
    const cut = { fromMs: 0, toMs: 1_000, groups: [[0]] };
    expect(await arrivals({ partitions: [cut] })).toBe(0);
  });
});

describe("worlds", () => {
  test("the same seed gives the same log, byte for byte; another seed another one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const [first, again, other] = await Promise.all([seed, seed, seed + 1].map(logOf));

        expect(again).toEqual(first);
        expect(other?.digest).not.toBe(first?.digest);
      }),
      { numRuns: 10 },
    );
  });

  test("the production ledger survives three Byzantine nodes of ten, and conserves", async () => {
    await using network = await createTestNetwork({
      nodeCount: 10,
      byzantineCount: 3,
      seed: 11,
      workEveryMs: 500,
    });
    await network.run(10_000);
    await network.expectProgress();
    const report = network.report();

    expect(report.proofs).toBeGreaterThan(10);
    expect(report.lowestSequence).toBeGreaterThan(10);
    expect(network.nodes.filter((node) => node.isByzantine)).toHaveLength(3);
  });

  test("P36: who votes twice and hides locks is convicted, slashed and put out of the set", async () => {
    await using network = await createTestNetwork({
      nodeCount: 7,
      byzantineCount: 2,
      seed: 5,
      workEveryMs: 300,
      strategies: ["garbage", "restless"],
    });
    await network.run(15_000);
    const honest = network.nodes.filter((node) => !node.isByzantine);
    const members = honest[0]?.head.validators.validators.map(({ id }) => toHex(id));

    expect(members?.toSorted()).toEqual(honest.map(({ id }) => toHex(id)).toSorted());
  });

  test("a node that was crashed comes back from its disk and catches up", async () => {
    await using network = await createTestNetwork({
      nodeCount: 4,
      seed: 5,
      workEveryMs: 300,
      actions: [{ type: "crash", node: 1, atMs: 2_000, forMs: 6_000 }],
    });
    await network.run(7_000);
    const [down, head] = [network.nodes[1]?.state, network.nodes[1]?.head.header.sequence ?? 0];
    const highest = network.report().highestSequence;
    await network.run(5_000);

    expect(down).toBe("down");
    expect(highest).toBeGreaterThan(head + 5);
    expect(network.nodes[1]?.head.header.sequence).toBeGreaterThan(highest);
  });

  test("a proof that one node is given is finalized by all", async () => {
    await using network = await createTestNetwork({ nodeCount: 4, seed: 2 });
    const [author] = network.accounts;
    if (author === undefined) throw new Error("there are accounts");
    await network.submit(network.chain.work({ author, nonce: 0 }), { to: 3 });

    const done = await network.runUntil(() => network.report().lowestSequence >= 1, {
      boundMs: 10_000,
    });

    expect(done).toBe(true);
    expect(network.report().proofs).toBe(1);
  });
});

/** Numbers of seed 1. */
const FROZEN: readonly number[] = [643_451_234, 3_083_770_402, 715_688_048, 1_454_059_688];

async function logOf(
  seed: number,
): Promise<{ readonly digest: string; readonly lines: readonly string[] }> {
  const world = drawWorld({ seed, nodesMax: 4, faultsMs: 3_000 });
  await using network = await createTestNetwork({ ...world, logLines: 100_000 });
  await network.run(3_000);
  return { digest: network.log.digest(), lines: network.log.lines() };
}

function faultOf(action: () => unknown): TestkitError["fault"] | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof TestkitError) return error.fault;
    throw error;
  }
}
