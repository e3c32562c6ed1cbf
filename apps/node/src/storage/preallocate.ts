import { existsSync } from "node:fs";
import { type FileHandle, open, rm, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { getSystemErrorName } from "node:util";
import { PbftError } from "@aethel/pbft";
import { storageFailure } from "@aethel/pbft/file";
import type { RootDatabase } from "lmdb";
import { isDiskErrno } from "../failure/disk-failure.ts";
import type { Layout } from "../files/layout.ts";

/**
 * Preallocation of disk space before LMDB writes.
 *
 * LMDB must never meet a full disk. It maps its lock file into memory, where access to a missing
 * block raises SIGBUS. Its message about a failed write overruns a buffer (lmdb 3.5.6,
 * `mdb_page_flush`: 100 bytes for a longer text). Both end the process. So the files are first
 * filled with zeros, by system calls that report a full disk, a quota, a limit, or a read-only or
 * failing disk. LMDB accepts a file that is longer than its pages.
 */

/** Unit in bytes by which a file grows. */
const CHUNK_BYTES = 1 << 20;
/**
 * Bytes of the lock file that are allocated: an LMDB page on common platforms. With larger pages
 * the lock file is longer.
 */
const LOCK_BYTES = 1 << 14;

/**
 * Prepares a folder for LMDB: allocates all blocks of its lock file, and checks that there is space
 * for the first pages. The caller MUST hold the directory's lock, so that no process uses LMDB's
 * lock file.
 * @throws PbftError `STORAGE`.
 */
export async function prepareEnvironment(layout: Layout): Promise<void> {
  const lock = path.join(layout.database, "lock.mdb");
  await onDisk(lock, async () => {
    const found = await stat(lock).catch(() => undefined);
    // `stat` counts blocks of 512 bytes on every POSIX file system, and none on Windows.
    if (found !== undefined && found.size >= LOCK_BYTES && found.blocks * 512 >= found.size) return;
    await writeZeros(lock, { flags: "w", from: 0, to: LOCK_BYTES });
  });
  if (existsSync(path.join(layout.database, "data.mdb"))) return;
  const trial = path.join(layout.database, "trial");
  await onDisk(trial, async () => {
    try {
      await writeZeros(trial, { flags: "w", from: 0, to: CHUNK_BYTES });
    } finally {
      await rm(trial, { force: true });
    }
  });
}

/**
 * Allocates space for a transaction of `bytes` bytes in an open environment.
 * @throws PbftError `STORAGE`; then nothing has changed, and LMDB was not called.
 */
export async function preallocate(
  root: RootDatabase,
  { layout, bytes }: { readonly layout: Layout; readonly bytes: number },
): Promise<void> {
  const file = path.join(layout.database, "data.mdb");
  await onDisk(file, async () => {
    const { size } = await stat(file);
    const needed = usedBytes(root) + bytes;
    if (size >= needed) return;
    const to = Math.ceil(needed / CHUNK_BYTES) * CHUNK_BYTES;
    await writeZeros(file, { flags: "r+", from: size, to });
  });
}

/**
 * Closes an environment and frees the unused space at the end of its file. No other process may
 * have the environment open.
 */
export async function closeAndTrim(
  root: RootDatabase,
  { layout }: { readonly layout: Layout },
): Promise<void> {
  const used = usedBytes(root);
  await root.close();
  const file = path.join(layout.database, "data.mdb");
  // An error is ignored: the space only stays allocated.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > used && used > 0) await truncate(file, used).catch(() => undefined);
}

/** Returns the number of bytes from the beginning of the file to the end of the last used page. */
export function usedBytes(root: RootDatabase): number {
  const stats: unknown = root.getStats();
  const last = numberIn(stats, "lastPageNumber");
  const page = numberIn(stats, "pageSize");
  return (last + 1) * page;
}

function numberIn(stats: unknown, name: string): number {
  if (typeof stats !== "object" || stats === null) return 0;
  const value: unknown = Reflect.get(stats, name);
  return typeof value === "number" ? value : 0;
}

/**
 * Fills a file with zeros from `from` to `to`, so that the disk has a block for each part. After an
 * error the file ends at `from` again.
 */
async function writeZeros(
  file: string,
  { flags, from, to }: { readonly flags: string; readonly from: number; readonly to: number },
): Promise<void> {
  const handle = await open(file, flags);
  try {
    await fill(handle, { from, to });
    await handle.datasync();
  } catch (error) {
    await handle.truncate(from).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

async function fill(
  handle: FileHandle,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const zeros = new Uint8Array(Math.min(CHUNK_BYTES, to - from));
  let at = from;
  while (at < to) {
    const length = Math.min(zeros.length, to - at);
    const { bytesWritten } = await handle.write(zeros, 0, length, at);
    if (bytesWritten === 0) throw Object.assign(new Error("EIO: no byte written"), { code: "EIO" });
    at += bytesWritten;
  }
}

async function onDisk<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storageFailure(file, error);
  }
}

/** Converts an error of LMDB about a disk to a PbftError `STORAGE`. Undefined for other errors. */
export function databaseFailure(layout: Layout, error: unknown): PbftError | undefined {
  if (error instanceof PbftError) return error.fault.code === "STORAGE" ? error : undefined;
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const errno = errnoOfCode(error.code);
  if (errno === undefined) return undefined;
  const reason = errno === "MDB_PANIC" ? `${error.message}: start the node again` : error.message;
  const fault = { code: "STORAGE", path: layout.database, errno, reason } as const;
  return new PbftError(fault, { cause: error });
}

/** Error codes of LMDB, from `lmdb.h`. */
const MDB_MAP_FULL = -30_792;
const MDB_PANIC = -30_795;

/**
 * Returns the name of the system error that a code stands for. Undefined for other codes. LMDB
 * gives the number of a system error, and Node gives its name.
 */
function errnoOfCode(code: unknown): string | undefined {
  if (code === MDB_MAP_FULL) return "ENOSPC";
  if (code === MDB_PANIC) return "MDB_PANIC";
  const name = typeof code === "number" && code > 0 ? getSystemErrorName(-code) : code;
  return typeof name === "string" && isDiskErrno(name) ? name : undefined;
}
