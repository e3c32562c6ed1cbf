import { type ComplianceCase, demand } from "./check.ts";
import {
  attempt,
  benchOf,
  demandRecords,
  RECORDS,
  type Register,
  record,
  type SigningLogMedium,
} from "./signing-log-bench.ts";
import { faultCases } from "./signing-log-faults.ts";

/**
 * Returns the cases that every implementation of the `SigningLog` port of `@aethel/pbft` must pass.
 * Register each as a test. `create` must return new, empty storage each time.
 */
export function signingLogCompliance(
  create: () => Promise<SigningLogMedium>,
): readonly ComplianceCase[] {
  const on: Register = (name, check) => ({
    name,
    run: async () => {
      await using medium = await create();
      await check(benchOf(medium));
    },
  });
  return [...durabilityCases(on), ...damageCases(on), ...faultCases(on)];
}

/**
 * Returns the compliance cases about crashes: once a call of `append` or `compact` has resolved,
 * what it wrote is there after a crash.
 */
function durabilityCases(on: Register): readonly ComplianceCase[] {
  return [
    on("a new log is empty", async ({ open }) => {
      demand((await (await open()).load()).length === 0, "a new log has no records");
    }),
    on("records come back in order, byte for byte, empty ones included", async ({ open }) => {
      const log = await open();
      for (const item of RECORDS) await log.append(item);
      demandRecords(await log.load(), RECORDS, "after appending");
    }),
    on("records that append has resolved for survive a crash", async ({ open, crash }) => {
      const log = await open();
      for (const item of RECORDS) await log.append(item);
      await crash();
      demandRecords(await (await open()).load(), RECORDS, "after a crash");
    }),
    on("appends that were not awaited keep their order", async ({ open, crash }) => {
      const log = await open();
      await Promise.all(RECORDS.map((item) => log.append(item)));
      await crash();
      demandRecords(await (await open()).load(), RECORDS, "after appending at once");
    }),
    on("a log goes on after a crash where it was", async ({ open, crash }) => {
      const log = await open();
      await log.append(record(1, 10));
      await crash();
      const again = await open();
      await again.load();
      await again.append(record(2, 20));
      await crash();
      const expected = [record(1, 10), record(2, 20)];
      demandRecords(await (await open()).load(), expected, "after two lives");
    }),
    on("a compacted log holds the new records, then the appended ones", async (bench) => {
      const log = await bench.open();
      for (const item of RECORDS) await log.append(item);
      await log.compact([record(7, 70)]);
      await log.append(record(8, 80));
      await bench.crash();
      const expected = [record(7, 70), record(8, 80)];
      demandRecords(await (await bench.open()).load(), expected, "after compacting");
    }),
    on("a record that the caller changes afterwards is stored as it was", async (bench) => {
      const log = await bench.open();
      const bytes = record(3, 30);
      const appended = log.append(bytes);
      bytes.fill(0);
      await appended;
      demandRecords(await log.load(), [record(3, 30)], "after the caller wrote into it");
    }),
    on("a crash before append resolves loses that record at most", async (bench) => {
      const log = await bench.open();
      await log.append(record(1, 10));
      void log.append(record(2, 500)).catch(() => undefined);
      await bench.crash();
      const left = await (await bench.open()).load();
      const expected = [record(1, 10), record(2, 500)].slice(0, Math.max(1, left.length));
      demandRecords(left, expected, "after a crash in the middle");
    }),
  ];
}

/**
 * Returns the compliance cases about torn writes, damage, and a second process that opens the log.
 */
function damageCases(on: Register): readonly ComplianceCase[] {
  return [
    on("a torn last record is cut off, and the log goes on", async (bench) => {
      const { truncate } = bench.medium;
      if (truncate === undefined) return;
      const log = await bench.open();
      await log.append(record(1, 10));
      await log.append(record(2, 20));
      await bench.crash();
      await truncate(5);
      const again = await bench.open();
      demandRecords(await again.load(), [record(1, 10)], "after a torn write");
      await again.append(record(3, 30));
      await bench.crash();
      const expected = [record(1, 10), record(3, 30)];
      demandRecords(await (await bench.open()).load(), expected, "after the torn write was cut");
    }),
    on("damage before the end is refused, never taken for a shorter log", async (bench) => {
      const { flipBit } = bench.medium;
      if (flipBit === undefined) return;
      const log = await bench.open();
      for (const item of RECORDS) await log.append(item);
      await bench.crash();
      await flipBit(8 * 20);
      const loaded = await attempt(async () => (await bench.open()).load());
      demand(loaded instanceof Error, "a log with a flipped bit is not loaded");
    }),
    on(
      "a second holder is refused while the first is open, and the first goes on",
      async (bench) => {
        const { openElsewhere } = bench.medium;
        if (openElsewhere === undefined) return;
        const log = await bench.open();
        await log.append(record(1, 10));
        const second = await attempt(async () => (await openElsewhere()).append(record(2, 20)));
        demand(second instanceof Error, "a log that is held is not opened, or not appended to");
        await log.append(record(3, 30));
        await bench.crash();
        const expected = [record(1, 10), record(3, 30)];
        demandRecords(await (await bench.open()).load(), expected, "after a second holder came");
      },
    ),
  ];
}
