import { randomUUID } from "node:crypto";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { PbftError } from "../errors.ts";

/** Locks that this process holds: a lock file with our own pid that is not here is a leftover. */
const held = new Set<string>();

/**
 * Takes the lock of a signing log, or throws. A lock whose process is gone is taken over.
 *
 * @throws PbftError `SIGNING_STATE_LOCKED` naming the process that holds it.
 */
export async function acquireLock(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  const token = `${process.pid} ${randomUUID()}\n`;
  const own = `${lock}.${randomUUID()}`;
  await writeFile(own, token, { flush: true });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await linked(own, lock)) {
        held.add(lock);
        return () => releaseLock(lock, token);
      }
      await removeStale(lock, path);
    }
    throw locked(path, 0);
  } finally {
    await unlink(own);
  }
}

async function releaseLock(lock: string, token: string): Promise<void> {
  held.delete(lock);
  if ((await contentOf(lock)) === token) await unlink(lock);
}

/** `link` fails if the name exists, on every file system that has it: the exclusive step. */
async function linked(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function removeStale(lock: string, path: string): Promise<void> {
  const content = await contentOf(lock);
  if (content === undefined) return;
  const pid = Number.parseInt(content, 10);
  if (held.has(lock) || isAlive(pid)) throw locked(path, pid);
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  // Another process may have taken over between the look and the move: then that one has it.
  if ((await contentOf(aside)) !== content) await linked(aside, lock);
  await unlink(aside);
}

function isAlive(pid: number): boolean {
  // A container restarts its main process with the same pid; what we hold ourselves is in `held`.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function locked(path: string, pid: number): PbftError {
  const remedy = "stop the other process; never run two validators with one key";
  return new PbftError({ code: "SIGNING_STATE_LOCKED", path, pid, remedy });
}

/** The `code` of a system error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
