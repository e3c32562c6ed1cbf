import { randomUUID } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PbftError } from "../errors.ts";
import { errnoOf, storageFailure } from "./storage-failure.ts";

/** Lock of which this process is the only holder. */
export interface FileLock {
  /** Lets others have it. Idempotent. */
  release(): void;
}

/** SQLite's result codes, https://www.sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;
const SQLITE_NOT_A_DATABASE = 26;

/**
 * Locks of this process. A connection that is not referenced is collected, which would release its
 * lock.
 */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock that `path` names, for as long as this process lives.
 *
 * The lock is the kernel's: an exclusive transaction of SQLite on the empty database
 * `PATH.sqlite`, which is a record lock (fcntl) on Unix and `LockFileEx` on Windows. It ends with
 * the process, however that ends, and holds against processes in other PID namespaces; within one
 * process SQLite itself keeps its connections apart. The file
 * stays: removing it would let two processes lock two files of one name. `path` itself is a note
 * about the holder for people, in the form of the locks of earlier versions; a note that a dead
 * process left says nothing and is overwritten.
 *
 * @throws PbftError `LOCKED` with what the holder's note says; `STORAGE` where the file system
 *   cannot be written or has no locks.
 */
export function lockFile(path: string): FileLock {
  const note = realPath(path);
  const file = `${note}.sqlite`;
  const connection = openLocked(file, note);
  held.add(connection);
  const token = `${process.pid} ${startOf(process.pid) ?? "-"} ${randomUUID()} ${hostname()}\n`;
  writeNote(note, token);
  let isHeld = true;
  return {
    release() {
      if (!isHeld) return;
      isHeld = false;
      removeNote(note, token);
      held.delete(connection);
      connection.close();
    },
  };
}

function openLocked(file: string, note: string): DatabaseSync {
  try {
    makeWritable(file);
  } catch (error) {
    throw storageFailure(file, error);
  }
  const attempt = tryLock(file);
  if (attempt.type === "locked") return attempt.connection;
  if (attempt.code === SQLITE_BUSY) throw hasLocks(dirname(file)) ? locked(note) : noLocks(file);
  if (attempt.code === SQLITE_NOT_A_DATABASE) {
    throw storage(file, "EINVAL", "it is no lock of ours: move it away");
  }
  throw storage(file, "EIO", attempt.reason);
}

/**
 * Creates the lock's file, or checks that it can be written. SQLite says "unable to open" to
 * whatever is wrong; the system says which.
 */
function makeWritable(file: string): void {
  try {
    // Never opened and closed when it is there: that would end a record lock that we hold.
    closeSync(openSync(file, "wx", 0o644));
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    accessSync(file, constants.R_OK | constants.W_OK);
  }
}

type Attempt =
  | { readonly type: "locked"; readonly connection: DatabaseSync }
  | { readonly type: "failed"; readonly code: number; readonly reason: string };

function tryLock(file: string): Attempt {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { timeout: 0 });
    // Without a journal on the disk nothing is ever written: a full disk has locks too.
    connection.exec("PRAGMA journal_mode = MEMORY");
    connection.exec("BEGIN EXCLUSIVE");
    return { type: "locked", connection };
  } catch (error) {
    connection?.close();
    return { type: "failed", code: sqliteCodeOf(error), reason: String(error) };
  }
}

function sqliteCodeOf(error: unknown): number {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return 0;
  return typeof error.errcode === "number" ? error.errcode : 0;
}

/**
 * Whether the folder's file system has locks. SQLite says "busy" also where there are none
 * (ENOLCK): then a new file, which nobody holds, is busy too.
 */
function hasLocks(folder: string): boolean {
  const probe = join(folder, `.${randomUUID()}.lock-probe`);
  try {
    const attempt = tryLock(probe);
    if (attempt.type === "locked") attempt.connection.close();
    return attempt.type === "locked" || attempt.code !== SQLITE_BUSY;
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * Writes the note about the holder. It is for people: a disk without room for it does not keep
 * anybody from holding the lock.
 */
function writeNote(note: string, token: string): void {
  try {
    writeFileSync(note, token, { mode: 0o644 });
  } catch {
    // Nobody learns who holds it, and that is all.
  }
}

function removeNote(note: string, token: string): void {
  try {
    if (readFileSync(note, "utf8") === token) rmSync(note, { force: true });
  } catch {
    // It never was there, or went with its folder.
  }
}

/**
 * Returns when a process started, field 22 of /proc/PID/stat; undefined if unknown. Earlier
 * versions tell by it whether a pid was used again.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Returns the path with the links of its folder resolved. Makes the folder if there is none. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    mkdirSync(dirname(absolute), { recursive: true });
    return join(realpathSync(dirname(absolute)), basename(absolute));
  } catch (error) {
    throw storageFailure(absolute, error);
  }
}

function locked(note: string): PbftError {
  const [pid, , , host] = readNote(note).split(" ");
  const number = Number(pid);
  return new PbftError({
    code: "LOCKED",
    path: note,
    pid: Number.isSafeInteger(number) && number > 0 ? number : 0,
    host: host ?? "",
  });
}

function readNote(note: string): string {
  try {
    return readFileSync(note, "utf8").trim();
  } catch {
    return "";
  }
}

function noLocks(file: string): PbftError {
  return storage(file, "ENOLCK", "its file system has no locks: use a local disk");
}

function storage(path: string, errno: string, reason: string): PbftError {
  return new PbftError({ code: "STORAGE", path, errno, reason });
}
