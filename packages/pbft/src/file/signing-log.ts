import { dirname } from "node:path";
import { toSequence, toTimestamp } from "@aethel/models";
import { PbftError } from "../errors.ts";
import type { SigningLog } from "../ports.ts";
import { SigningRecord } from "../record.ts";
import type { FileSystem } from "./file-system.ts";
import { LeasedLog } from "./leased-log.ts";
import type { FileLock } from "./lock.ts";
import { nodeFileSystem } from "./node-file-system.ts";
import { onDisk } from "./storage-failure.ts";

/** Path of the signing state, and how to proceed if there is none. */
export interface FileSigningLogOptions {
  readonly path: string;
  /**
   * Meaning of a missing file. Without this option, a missing file is an error: a key that has
   * signed before must not sign again without knowing what it signed.
   * - `new-key`: the key has never signed. The replica votes immediately.
   * - `listen-first`: the state was lost. The replica votes only at sequences above all at which
   *   the key can have signed. It learns these from heads that a quorum of the others signs for it.
   */
  readonly allowNewSigningState?: "new-key" | "listen-first";
  /** File system to use. Default: that of this machine. */
  readonly fileSystem?: FileSystem;
}

/** Signing log in a file, locked for other processes until it is closed. */
export interface FileSigningLog extends SigningLog, AsyncDisposable {
  /** Waits for running writes, then releases the file and its lock. */
  close(): Promise<void>;
}

/**
 * Opens the signing state of one validator key.
 *
 * Appended data is durable (`fdatasync`) when the call resolves. If a crash cut off the last
 * record, its rest is removed when the file is opened. Any other damage is an error. `compact`
 * replaces the file by `rename`.
 *
 * A call that fails because of the disk rejects with PbftError `STORAGE`. It has done nothing, may
 * be repeated, and works when the disk does. After `SIGNING_STATE_TAKEN`, no call works again.
 * @throws PbftError `SIGNING_STATE_MISSING`, `SIGNING_STATE_DAMAGED` or `SIGNING_STATE_LOCKED`,
 * each with the step to take; `STORAGE` if the disk is full, read-only or broken.
 */
export function createFileSigningLog(options: FileSigningLogOptions): Promise<FileSigningLog> {
  const { fileSystem = nodeFileSystem } = options;
  return onDisk(options.path, async () => {
    await fileSystem.makeFolder(dirname(options.path));
    const path = await fileSystem.resolve(options.path);
    const lock = takeLock(fileSystem, path);
    try {
      const log = await openLog(fileSystem, { ...options, path });
      return fileSigningLog(log, { path, lock });
    } catch (error) {
      lock.release();
      throw error;
    }
  });
}

async function openLog(fileSystem: FileSystem, options: FileSigningLogOptions): Promise<LeasedLog> {
  const { path } = options;
  const file = await fileSystem.open(path);
  if (file !== undefined) return LeasedLog.takeOver({ fileSystem, path, file });
  return LeasedLog.create({ fileSystem, path, records: firstRecords(options) });
}

function fileSigningLog(
  log: LeasedLog,
  { path, lock }: { readonly path: string; readonly lock: FileLock },
): FileSigningLog {
  let tail: Promise<void> = Promise.resolve();
  let closing: Promise<void> | undefined;
  const inTurn = (write: () => Promise<void>): Promise<void> => {
    if (closing !== undefined) return Promise.reject(new PbftError({ code: "STOPPED" }));
    const turn = tail.then(() => onDisk(path, write));
    tail = turn.catch(() => undefined);
    return turn;
  };
  const close = (): Promise<void> => {
    closing ??= tail.then(() => log.close().finally(() => lock.release()));
    return closing;
  };
  return {
    load: async () => log.records(),
    append(record) {
      // A copy, now: the caller may change it before its turn comes.
      const bytes = record.slice();
      return inTurn(() => log.append(bytes));
    },
    compact(records) {
      const bytes = records.map((record) => record.slice());
      return inTurn(() => log.compact(bytes));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function takeLock(fileSystem: FileSystem, path: string): FileLock {
  try {
    return fileSystem.lock(`${path}.lock`);
  } catch (error) {
    if (!(error instanceof PbftError) || error.fault.code !== "LOCKED") throw error;
    const { pid, host } = error.fault;
    const remedy = "stop the other process; never run two validators with one key";
    const fault = { code: "SIGNING_STATE_LOCKED", path, pid, host, remedy } as const;
    throw new PbftError(fault, { cause: error });
  }
}

function firstRecords({ path, allowNewSigningState }: FileSigningLogOptions): Uint8Array[] {
  switch (allowNewSigningState) {
    case "new-key":
      // A log is never empty, so one that lost everything cannot pass for a new one.
      return [SigningRecord.encode({ entries: [{ type: "floor", sequence: toSequence(0) }] })];
    case "listen-first": {
      const since = toTimestamp(Date.now());
      return [SigningRecord.encode({ entries: [{ type: "listen", since }] })];
    }
    default:
      throw new PbftError({
        code: "SIGNING_STATE_MISSING",
        path,
        remedy:
          "restore the file; if it is lost for good, start once with allowNewSigningState: " +
          '"listen-first"; only for a key that has never signed, with "new-key"',
      });
  }
}
