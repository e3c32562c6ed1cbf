import type { BigIntStats } from "node:fs";
import { constants, renameSync, statSync } from "node:fs";
import { type FileHandle, open, readdir, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { AppendFile, FileLook, FileSystem } from "./file-system.ts";
import { lockFile } from "./lock.ts";
import { makeFolders } from "./make-folders.ts";
import { errnoOf } from "./storage-failure.ts";

const APPEND = constants.O_RDWR | constants.O_APPEND;
const CREATE = APPEND | constants.O_CREAT | constants.O_EXCL;

/**
 * Error codes of platforms that cannot sync folders. On these platforms a rename is durable without
 * it.
 */
const UNABLE: ReadonlySet<string | undefined> = new Set(["EISDIR", "EPERM", "EINVAL"]);

/** File system of this machine. */
export const nodeFileSystem: FileSystem = {
  async open(path) {
    const handle = await unlessMissing(open(path, APPEND));
    return handle === undefined ? undefined : appendFile(handle);
  },
  create: async (path, mode) => appendFile(await open(path, CREATE, mode)),
  async replace(from, to, seen) {
    // In one piece: nothing else of this process comes in between, and hardly anything of another.
    const found = statSync(to, { bigint: true, throwIfNoEntry: false });
    const there = found === undefined ? undefined : lookOf(found);
    if (!isAsSeen(there, seen)) return false;
    renameSync(from, to);
    return true;
  },
  remove: (path) => rm(path, { force: true }),
  list: (folder) => readdir(folder),
  async makeFolder(path) {
    // Each new folder is a name in the one above it.
    for (const made of makeFolders(path).toReversed()) await syncFolder(dirname(made));
  },
  syncFolder,
  async look(path) {
    const found = await unlessMissing(stat(path, { bigint: true }));
    return found === undefined ? undefined : lookOf(found);
  },
  async resolve(path) {
    const real = await unlessMissing(realpath(path));
    return real ?? join(await realpath(dirname(resolve(path))), basename(path));
  },
  lock: lockFile,
};

/** Whether a name still has the file that was seen before, with the same size. */
function isAsSeen(there: FileLook | undefined, seen: FileLook | "nothing" | "anything"): boolean {
  if (seen === "anything") return true;
  if (seen === "nothing" || there === undefined) return seen === "nothing" && there === undefined;
  return there.identity === seen.identity && there.size === seen.size;
}

async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, "r");
    await folder.sync();
  } catch (error) {
    if (!UNABLE.has(errnoOf(error))) throw error;
  } finally {
    await folder?.close();
  }
}

function appendFile(handle: FileHandle): AppendFile {
  return {
    append: async (bytes) => (await handle.write(bytes, 0, bytes.length)).bytesWritten,
    async read({ at, length }) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    look: async () => lookOf(await handle.stat({ bigint: true })),
    truncate: (size) => handle.truncate(size),
    // Not a full sync: the times of a file are nobody's business, its length is written by this too.
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

/**
 * Returns identity and size of a file. Inode numbers are bigints, because two of them could be
 * equal after rounding to numbers.
 */
function lookOf({ dev, ino, size }: BigIntStats): FileLook {
  return { identity: `${dev}:${ino}`, size: Number(size) };
}

async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
