import { equalBytes } from "@aethel/models";
import type { SigningLog } from "@aethel/pbft";
import type { DiskFault } from "../virtual-disk/virtual-disk.ts";
import { type ComplianceCase, demand } from "./check.ts";

/** Storage on which signing logs are opened one after another, as after restarts. */
export interface SigningLogMedium extends AsyncDisposable {
  /** Opens the log. The log that was opened before is not used any more. */
  readonly open: () => Promise<SigningLog>;
  /** Ends the use of the open log without closing it, as when the process is killed. */
  readonly crash: () => Promise<void>;
  /** Waits for a promise of a log. Needed where time is virtual. Default: the promise itself. */
  readonly settle?: <T>(promise: Promise<T>) => Promise<T>;
  /**
   * Cuts bytes off the end of what is stored. Undefined: tests that need it pass without a check.
   */
  readonly truncate?: (bytes: number) => Promise<void>;
  /**
   * Flips one stored bit, counted from the beginning. Undefined: tests that need it pass without a
   * check.
   */
  readonly flipBit?: (at: number) => Promise<void>;
  /**
   * Opens the log as another process would, while the log from `open` is still open. Undefined:
   * tests that need it pass without a check.
   */
  readonly openElsewhere?: () => Promise<SigningLog>;
  /**
   * Makes the storage fail in this way from now on; with undefined it works again. If the storage
   * lacks this method, tests that need it pass without a check.
   */
  readonly fault?: (fault: DiskFault | undefined) => Promise<void>;
}

/** Makes a compliance case from a rule and its check. The check runs on new, empty storage. */
export type Register = (name: string, check: (bench: Bench) => Promise<void>) => ComplianceCase;

/** Storage as a compliance check uses it. The promises of its logs go through `settle`. */
export interface Bench {
  readonly medium: SigningLogMedium;
  readonly open: () => Promise<SigningLog>;
  readonly crash: () => Promise<void>;
}

/** Records of different lengths, one of them empty. */
export const RECORDS: readonly Uint8Array[] = [
  record(1, 100),
  record(2, 0),
  record(3, 1),
  record(4, 5_000),
];

/** Returns a record of `length` bytes, all of them `fill`. */
export function record(fill: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

/** Wraps storage for a compliance check. */
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

/** Demands that a log holds exactly these records. `when` is part of the error message. */
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

/** Runs an action. Resolves with its result, or with its error if it rejects. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | Error> {
  try {
    return await action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
