import { equalBytes } from "@aethel/models";
import type { SigningLog } from "@aethel/pbft";
import type { DiskFault } from "../virtual-disk/virtual-disk.ts";
import { type ComplianceCase, demand } from "./check.ts";

/** A medium on which logs are opened one after the other, as after a restart. */
export interface SigningLogMedium extends AsyncDisposable {
  /** Opens the log on what is there. The one opened before is not used any more. */
  readonly open: () => Promise<SigningLog>;
  /** Ends the log that is open as a killed process does: without closing it. */
  readonly crash: () => Promise<void>;
  /** Lets a log's promises resolve, where time is virtual. */
  readonly settle?: <T>(promise: Promise<T>) => Promise<T>;
  /** Cuts bytes off the end of what is stored; undefined where a test cannot reach it. */
  readonly truncate?: (bytes: number) => Promise<void>;
  /** Turns one stored bit over, counted from the beginning. */
  readonly flipBit?: (at: number) => Promise<void>;
  /** Opens the log as another process does, while the one that `open` gave is open. */
  readonly openElsewhere?: () => Promise<SigningLog>;
  /** From now on the medium fails in this way; undefined mends it. */
  readonly fault?: (fault: DiskFault | undefined) => Promise<void>;
}

const FAULTS: readonly DiskFault[] = ["full", "io", "short", "sync", "read-only"];

/**
 * The rules of the `SigningLog` port of `@aethel/pbft`. Register each case as a test; `create`
 * gives a new, empty medium each time.
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
  return [
    on("a new log is empty", async ({ open }) => {
      demand((await (await open()).load()).length === 0, "a new log has no records");
    }),
    on("records come back in order, byte for byte, empty ones included", async ({ open }) => {
      const log = await open();
      for (const item of RECORDS) await log.append(item);
      demandRecords(await log.load(), RECORDS, "after appending");
    }),
    on("what append has resolved for survives a crash", async ({ open, crash }) => {
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
    on("a compacted log holds the new records, then what is appended", async (bench) => {
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
    ...FAULTS.flatMap((fault) => onFault(fault, on)),
  ];
}

type Register = (name: string, check: (bench: Bench) => Promise<void>) => ComplianceCase;

/** The rules of a disk that fails for a while: all of a call is done, or the caller is told. */
function onFault(fault: DiskFault, on: Register): readonly ComplianceCase[] {
  const [first, refused, later] = [record(1, 10), record(2, 3_000), record(3, 30)];
  /** A log with one record in it, and a call that was made while its disk failed. */
  const failing = async (
    bench: Bench,
    call: (log: SigningLog) => Promise<void>,
  ): Promise<{ readonly log: SigningLog; readonly isDone: boolean } | undefined> => {
    const { fault: setFault } = bench.medium;
    if (setFault === undefined) return undefined;
    const log = await bench.open();
    await log.append(first);
    await setFault(fault);
    const outcome = await attempt(() => call(log));
    await setFault(undefined);
    return { log, isDone: !(outcome instanceof Error) };
  };
  return [
    on(`${fault}: an append is whole or refused, and a crash loses nothing else`, async (bench) => {
      const failed = await failing(bench, (log) => log.append(refused));
      if (failed === undefined) return;
      // A short write may be followed by the rest; nothing else leaves a record durable.
      demand(fault === "short" || !failed.isDone, "what the disk refuses is not acknowledged");
      await bench.crash();
      const found = await (await bench.open()).load();
      // What was refused may be there all the same: nothing was sent that rests on it.
      const isThere = failed.isDone || found.length === 2;
      demandRecords(found, isThere ? [first, refused] : [first], "after a disk failed");
    }),
    on(
      `${fault}: an append is whole or refused, and the log goes on when it is mended`,
      async (bench) => {
        const failed = await failing(bench, (log) => log.append(refused));
        if (failed === undefined) return;
        const { log, isDone } = failed;
        if (!isDone) await log.compact([first]);
        await log.append(later);
        await bench.crash();
        const expected = [first, ...(isDone ? [refused] : []), later];
        demandRecords(await (await bench.open()).load(), expected, "after a disk was mended");
      },
    ),
    on(`${fault}: compacting leaves the old log or the new one`, async (bench) => {
      const failed = await failing(bench, (log) => log.compact([refused, later]));
      if (failed === undefined) return;
      await bench.crash();
      const found = await (await bench.open()).load();
      const isNew = failed.isDone || found.length === 2;
      demandRecords(found, isNew ? [refused, later] : [first], "after compacting on a bad disk");
    }),
    on(`${fault}: compacting again mends what compacting could not do`, async (bench) => {
      const failed = await failing(bench, (log) => log.compact([refused]));
      if (failed === undefined) return;
      const { log } = failed;
      await log.compact([first, refused]);
      await log.append(later);
      await bench.crash();
      const expected = [first, refused, later];
      demandRecords(await (await bench.open()).load(), expected, "after compacting again");
    }),
  ];
}

interface Bench {
  readonly medium: SigningLogMedium;
  readonly open: () => Promise<SigningLog>;
  readonly crash: () => Promise<void>;
}

const RECORDS: readonly Uint8Array[] = [
  record(1, 100),
  record(2, 0),
  record(3, 1),
  record(4, 5_000),
];

function record(fill: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

function benchOf(medium: SigningLogMedium): Bench {
  const settle = medium.settle ?? (<T>(promise: Promise<T>): Promise<T> => promise);
  return {
    medium,
    crash: medium.crash,
    open: async () => {
      const log = await medium.open();
      return {
        load: () => settle(log.load()),
        append: (bytes) => settle(log.append(bytes)),
        compact: (records) => settle(log.compact(records)),
      };
    },
  };
}

function demandRecords(
  actual: readonly Uint8Array[],
  expected: readonly Uint8Array[],
  when: string,
): void {
  const same = actual.length === expected.length && expected.every(isAt(actual));
  const lengths = (list: readonly Uint8Array[]): string => list.map(({ length }) => length).join();
  const found = `lengths ${lengths(actual)}, expected ${lengths(expected)}`;
  demand(same, `a log holds exactly what was appended ${when}: ${found}`);
}

function isAt(actual: readonly Uint8Array[]): (bytes: Uint8Array, at: number) => boolean {
  return (bytes, at) => equalBytes(actual[at] ?? new Uint8Array(bytes.length + 1), bytes);
}

async function attempt<T>(action: () => Promise<T>): Promise<T | Error> {
  try {
    return await action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
