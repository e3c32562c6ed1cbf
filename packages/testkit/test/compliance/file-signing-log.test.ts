import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equalBytes } from "@aethel/models";
import type { SigningLog } from "@aethel/pbft";
import {
  type AppendFile,
  createFileSigningLog,
  type FileLock,
  type FileSystem,
  nodeFileSystem,
} from "@aethel/pbft/file";
import { describe, expect, test } from "vitest";
import { type DiskFault, type SigningLogMedium, signingLogCompliance } from "../../src/index.ts";

describe("the file of a validator is a signing log", () => {
  for (const { name, run } of signingLogCompliance(() => fileMedium({}))) test(name, run);
});

describe("the rules of a disk that fails", () => {
  const broken: Readonly<Record<string, Spoil>> = {
    "takes a short write for a whole one": {
      append: async (file, bytes) => {
        await file.append(bytes);
        return bytes.length;
      },
    },
    "takes a failed sync for a good one": { sync: (file) => file.sync().catch(() => undefined) },
  };
  for (const [name, spoil] of Object.entries(broken)) {
    test(`find a log that ${name}`, async () => {
      const failed: string[] = [];
      for (const { name: rule, run } of signingLogCompliance(() => fileMedium(spoil))) {
        await run().catch(() => failed.push(rule));
      }

      expect(failed).not.toEqual([]);
    });
  }
});

/** Calls in which a broken file system deviates. */
interface Spoil {
  readonly append?: (file: AppendFile, bytes: Uint8Array) => Promise<number>;
  readonly sync?: (file: AppendFile) => Promise<void>;
}

/** Opens a log in a folder of its own, on the real disk; it fails when told to. */
async function fileMedium(spoil: Spoil): Promise<SigningLogMedium> {
  const folder = await mkdtemp(join(tmpdir(), "aethel-compliance-"));
  const path = join(folder, "signing.log");
  const process = createProcess(spoil);
  let first: Uint8Array | undefined;
  const openLog = async (fileSystem: FileSystem): Promise<SigningLog> => {
    const log = await createFileSigningLog({ path, allowNewSigningState: "new-key", fileSystem });
    first ??= (await log.load())[0];
    return {
      append: (record) => log.append(record),
      compact: (records) => log.compact(records),
      async load() {
        const records = await log.load();
        // A file is never empty: the first record of a new one says that the key was new.
        const isNew = first !== undefined && equalBytes(records[0] ?? new Uint8Array(0), first);
        return isNew ? records.slice(1) : records;
      },
    };
  };
  return {
    open: () => openLog(process.fileSystem),
    openElsewhere: () => openLog(nodeFileSystem),
    crash: () => process.crash(),
    fault: async (fault) => process.fail(fault),
    truncate: async (bytes) => truncate(path, (await readFile(path)).length - bytes),
    async flipBit(at) {
      const bytes = await readFile(path);
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, bytes);
    },
    async [Symbol.asyncDispose]() {
      await process.crash();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Process {
  readonly fileSystem: FileSystem;
  readonly fail: (fault: DiskFault | undefined) => void;
  /** Ends as a killed process does: the kernel closes its files and drops its locks. */
  readonly crash: () => Promise<void>;
}

function createProcess(spoil: Spoil): Process {
  let fault: DiskFault | undefined;
  let files: AppendFile[] = [];
  let locks: FileLock[] = [];
  const refuse = (): void => {
    const codes = { full: "ENOSPC", io: "EIO", "read-only": "EROFS" } as const;
    if (fault === undefined || fault === "short" || fault === "sync") return;
    throw Object.assign(new Error(`${codes[fault]}: said by a test`), { code: codes[fault] });
  };
  const troubled = (file: AppendFile): AppendFile => {
    files.push(file);
    const whole = {
      ...file,
      append: async (bytes: Uint8Array): Promise<number> => {
        refuse();
        return file.append(
          fault === "short" ? bytes.subarray(0, Math.ceil(bytes.length / 3)) : bytes,
        );
      },
      sync: async (): Promise<void> => {
        if (fault === "sync") throw Object.assign(new Error("EIO: sync"), { code: "EIO" });
        await file.sync();
      },
    };
    return {
      ...whole,
      append: (bytes) => spoil.append?.(whole, bytes) ?? whole.append(bytes),
      sync: () => spoil.sync?.(whole) ?? whole.sync(),
    };
  };
  return {
    fileSystem: {
      ...nodeFileSystem,
      async open(path) {
        const file = await nodeFileSystem.open(path);
        return file === undefined ? undefined : troubled(file);
      },
      async create(path, mode) {
        refuse();
        return troubled(await nodeFileSystem.create(path, mode));
      },
      lock(path) {
        const lock = nodeFileSystem.lock(path);
        locks.push(lock);
        return lock;
      },
    },
    fail(next) {
      fault = next;
    },
    async crash() {
      for (const file of files) await file.close().catch(() => undefined);
      for (const lock of locks) lock.release();
      files = [];
      locks = [];
      fault = undefined;
    },
  };
}
