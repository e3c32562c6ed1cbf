import type { SigningLog } from "@aethel/pbft";
import type { DiskFault } from "../virtual-disk/virtual-disk.ts";
import { type ComplianceCase, demand } from "./check.ts";
import { attempt, type Bench, demandRecords, type Register, record } from "./signing-log-bench.ts";

const FAULTS: readonly DiskFault[] = ["full", "io", "short", "sync", "read-only"];

/** Returns the compliance cases for a disk that fails for a while, for each kind of fault. */
export function faultCases(on: Register): readonly ComplianceCase[] {
  return FAULTS.flatMap((fault) => onFault(fault, on));
}

/**
 * Returns the compliance cases for one kind of fault: a call is either done completely or reports
 * an error.
 */
function onFault(fault: DiskFault, on: Register): readonly ComplianceCase[] {
  const [first, refused, later] = [record(1, 10), record(2, 3_000), record(3, 30)];
  /**
   * Opens a log with one record, and makes a call while the disk fails. Undefined if the storage
   * cannot be made to fail.
   */
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
      // A short write may be followed by the rest; no other fault leaves the record durable.
      demand(
        fault === "short" || !failed.isDone,
        "a write that the disk refuses is not acknowledged",
      );
      await bench.crash();
      const found = await (await bench.open()).load();
      // A refused record may be there all the same: nothing was sent that depends on it.
      const isThere = failed.isDone || found.length === 2;
      demandRecords(found, isThere ? [first, refused] : [first], "after a disk failed");
    }),
    on(
      `${fault}: an append is whole or refused, and the log goes on once it is repaired`,
      async (bench) => {
        const failed = await failing(bench, (log) => log.append(refused));
        if (failed === undefined) return;
        const { log, isDone } = failed;
        if (!isDone) await log.compact([first]);
        await log.append(later);
        await bench.crash();
        const expected = [first, ...(isDone ? [refused] : []), later];
        demandRecords(await (await bench.open()).load(), expected, "after a disk was repaired");
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
    on(`${fault}: compacting again repairs a compaction that failed`, async (bench) => {
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
