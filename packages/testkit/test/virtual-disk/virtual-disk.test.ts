import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createProcess,
  createRandom,
  createScheduler,
  createVirtualDisk,
} from "../../src/index.ts";

describe("the virtual disk", () => {
  test("a crash keeps what was synced, and at most a prefix of the rest", async () => {
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
