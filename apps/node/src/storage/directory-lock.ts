import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { failure } from "../cli/failure.ts";

/** Holds a data directory for this process. */
export interface DirectoryLock {
  /** Idempotent. */
  release(): void;
}

/** Rounds of taking over a dead process's lock before giving up. */
const ATTEMPTS = 5;

/**
 * Takes the lock `file` for this process; a lock whose process is gone is taken over.
 *
 * @throws NodeError `DATA_DIR_IN_USE` while another process holds it.
 */
export function lockDirectory(file: string): DirectoryLock {
  mkdirSync(path.dirname(file), { recursive: true });
  const token = randomBytes(8).toString("hex");
  const own = `${process.pid} ${startOf(process.pid) ?? "-"} ${token}\n`;
  const draft = `${file}.${token}`;
  writeFileSync(draft, own, { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // A link appears whole or not at all: nobody ever reads a half-written lock.
      if (tryLink(draft, file)) return { release: () => release(file, own) };
      refuseWhileHeld(file);
      removeStale(file, token);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw inUse(file, "another process");
}

function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function refuseWhileHeld(file: string): void {
  const holder = readHolder(file);
  if (holder !== undefined && isRunning(holder)) throw inUse(file, `process ${holder.pid}`);
}

/** Two processes may both see a dead holder; whoever moves away a living one's lock puts it back. */
function removeStale(file: string, token: string): void {
  const aside = `${file}.stale-${token}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const holder = readHolder(aside);
  if (holder !== undefined && isRunning(holder)) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function release(file: string, own: string): void {
  try {
    if (readFileSync(file, "utf8") === own) rmSync(file, { force: true });
  } catch {
    // Already gone with its directory.
  }
}

interface Holder {
  readonly pid: number;
  /** When the process began, where the platform tells: a pid can be used again. */
  readonly start: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid, start] = readFileSync(file, "utf8").trim().split(" ");
    const number = Number(pid);
    if (!Number.isSafeInteger(number) || number <= 0) return undefined;
    return { pid: number, start: start ?? "-" };
  } catch {
    return undefined;
  }
}

function isRunning({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs and belongs to someone else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = startOf(pid);
  return now === undefined || start === "-" || now === start;
}

/** Field 22 of /proc/PID/stat; undefined where there is no such file. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function inUse(file: string, holder: string): Error {
  return failure(
    "DATA_DIR_IN_USE",
    `the data directory ${path.dirname(file)} is in use by ${holder}`,
    "stop that process, or give this one another --data-dir",
  );
}
