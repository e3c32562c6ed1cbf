import { equalBytes } from "@aethel/models";
import type { SigningLog } from "@aethel/pbft";
import type { DiskFault } from "../virtual-disk/virtual-disk.ts";
import { type ComplianceCase, demand } from "./check.ts";

/** A medium on which logs are opened one after the other, as after restarts. */
export interface SigningLogMedium extends AsyncDisposable {
  /** Opens the log on the medium. The one opened before is not used any more. */
  readonly open: () => Promise<SigningLog>;
  /** Ends the open log without closing it, as a killed process does. */
  readonly crash: () => Promise<void>;
  /** Lets a log's promises resolve, where time is virtual. */
  readonly settle?: <T>(promise: Promise<T>) => Promise<T>;
  /** Cuts bytes off the end of what is stored; undefined where a test cannot do so. */
  readonly truncate?: (bytes: number) => Promise<void>;
  /** Flips one stored bit, counted from the beginning. */
  readonly flipBit?: (at: number) => Promise<void>;
  /** Opens the log as another process would, while the one from `open` is open. */
  readonly openElsewhere?: () => Promise<SigningLog>;
  /** Makes the medium fail in this way from now on; undefined repairs it. */
  readonly fault?: (fault: DiskFault | undefined) => Promise<void>;
}

/** Makes a case of a rule; it runs on a new, empty medium. */
export type Register = (name: string, check: (bench: Bench) => Promise<void>) => ComplianceCase;

/** A medium as a case uses it: its logs resolve in the medium's own time. */
export interface Bench {
  readonly medium: SigningLogMedium;
  readonly open: () => Promise<SigningLog>;
  readonly crash: () => Promise<void>;
}

/** Records of several lengths, an empty one included. */
export const RECORDS: readonly Uint8Array[] = [
  record(1, 100),
  record(2, 0),
  record(3, 1),
  record(4, 5_000),
];

/** Returns a record. */
export function record(fill: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

/** Wraps a medium for a case. */
export function benchOf(medium: SigningLogMedium): Bench {
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

/** Demands that a log holds exactly these records. */
export function demandRecords(
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

/** Runs an action; resolves with the error when it rejects. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | Error> {
  try {
    return await action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
