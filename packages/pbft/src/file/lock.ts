import { randomUUID } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
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
import { makeFolders } from "./make-folders.ts";
import { errnoOf, storageFailure } from "./storage-failure.ts";

/** Lock that this process alone holds. */
export interface FileLock {
  /** Releases the lock. May be called more than once. */
  release(): void;
}

/** SQLite's result codes, https://www.sqlite.org/rescode.html. */
const SQLITE_BUSY = 5;
const SQLITE_NOT_A_DATABASE = 26;

/**
 * Locks that this process holds. They are referenced here because SQLite releases the lock of a
 * connection that is garbage-collected.
 */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock with the name `path`, until it is released or this process ends.
 *
 * The operating system holds the lock. It is an exclusive transaction of SQLite on the empty
 * database `PATH.sqlite`, that is, a record lock (fcntl) on Unix and `LockFileEx` on Windows. It
 * ends with the process, however that ends, and also excludes processes in other PID namespaces.
 * Within one process, SQLite keeps its connections apart. The database file is never removed:
 * otherwise two processes could lock two files of the same name. The file `path` is a note for
 * people about the holder, in the form of the locks of earlier versions. A note that a dead process
 * left has no effect and is overwritten.
 * @throws PbftError `LOCKED` with the content of the holder's note; `STORAGE` if the file system
 * cannot be written or has no locks.
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
 * Creates the lock's file, or checks that it can be written. For every cause SQLite only reports
 * "unable to open"; this check gives the system's error.
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
 * Whether the folder's file system has locks. If it has none (ENOLCK), SQLite reports "busy" too.
 * To tell the two apart, a new file is locked, which nobody holds.
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
 * Writes the note about the holder. It is only for people, so the lock is held even if the note
 * cannot be written.
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
 * Returns when a process started, from field 22 of /proc/PID/stat; undefined if unknown. Earlier
 * versions of this app use it to detect that a pid was reused.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Returns the path with the links of its folder resolved. Creates the folder if it is missing. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    makeFolders(dirname(absolute));
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
