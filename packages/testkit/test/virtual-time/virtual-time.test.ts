import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createProcess,
  createScheduler,
  createVirtualClock,
  VIRTUAL_EPOCH_MS,
} from "../../src/index.ts";
import { createEventQueue } from "../../src/virtual-time/event-queue.ts";

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
