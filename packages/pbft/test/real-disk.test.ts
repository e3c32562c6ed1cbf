import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { appendAll } from "../src/file/durable-file.ts";
import { frame, frameLease, MAGIC, scan } from "../src/file/framing.ts";
import {
  type AppendFile,
  createFileSigningLog,
  type FileSystem,
  nodeFileSystem,
} from "../src/file/index.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aethel-real-disk-"));
  path = join(folder, "file");
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(): Promise<AppendFile> {
  const file = await nodeFileSystem.open(path);
  if (file === undefined) throw new Error("it is there");
  return file;
}

async function prototypeOfHandles(): Promise<FileHandle> {
  const probe = await open(folder, "r");
  const prototype: FileHandle = Object.getPrototypeOf(probe);
  await probe.close();
  return prototype;
}

describe("the real disk", () => {
  test("says of a name that is not there that nothing is, and opens nothing", async () => {
    expect(await nodeFileSystem.look(path)).toBeUndefined();
    expect(await nodeFileSystem.open(path)).toBeUndefined();
    writeFileSync(path, "12345");
    expect(await nodeFileSystem.look(path)).toMatchObject({ size: 5 });
  });

  test("replaces exactly what was seen, or nothing, or anything, as it is told", async () => {
    const fresh = join(folder, "fresh");
    const attempt = async (seen: Parameters<FileSystem["replace"]>[2]) => {
      writeFileSync(fresh, "fresh");
      const isDone = await nodeFileSystem.replace(fresh, path, seen);
      const there = await nodeFileSystem.look(path);
      return [isDone, there && readFileSync(path, "utf8")];
    };
    writeFileSync(path, "old");
    const seen = (await nodeFileSystem.look(path)) ?? "nothing";
    expect(await attempt("nothing")).toEqual([false, "old"]);
    writeFileSync(path, "longer");
    expect(await attempt(seen)).toEqual([false, "longer"]);
    expect(await attempt("anything")).toEqual([true, "fresh"]);
    rmSync(path);
    expect(await attempt(seen)).toEqual([false, undefined]);
    expect(await attempt("nothing")).toEqual([true, "fresh"]);
    expect(await attempt((await nodeFileSystem.look(path)) ?? "nothing")).toEqual([true, "fresh"]);
  });

  test("reads on after a short read, never beyond the room that it was asked for", async () => {
    const content = Uint8Array.from({ length: 23 }, (_, at) => at);
    writeFileSync(path, content);
    await using file = closing(await opened());
    const prototype = await prototypeOfHandles();
    const original = Reflect.get(prototype, "read") as FileHandle["read"];
    vi.spyOn(prototype, "read").mockImplementation(function (this: FileHandle, ...given) {
      const [buffer, offset, length, position] = given as unknown as [Uint8Array, ...number[]];
      const half = Math.ceil((length ?? 0) / 2);
      return Reflect.apply(original, this, [buffer, offset, half, position]);
    });

    expect(await file.read({ at: 2, length: 10 })).toEqual(content.slice(2, 12));
    expect(await file.read({ at: 20, length: 10 })).toEqual(content.slice(20));
  });

  test("syncs a folder that was asked for, and each one that it makes into the one above", async () => {
    const prototype = await prototypeOfHandles();
    const sync = vi.spyOn(prototype, "sync");
    await nodeFileSystem.syncFolder(folder);
    expect(sync).toHaveBeenCalledTimes(1);
    await nodeFileSystem.makeFolder(join(folder, "a", "b"));
    expect(sync).toHaveBeenCalledTimes(3);
    await nodeFileSystem.makeFolder(join(folder, "a", "b"));
    expect(sync).toHaveBeenCalledTimes(3);
  });
});

describe("a write", () => {
  test("goes on after each part that the disk takes, be it one byte, and fails where it takes none", async () => {
    for (const part of [1, 2, 3, 100]) {
      const taken: number[] = [];
      const append = async (bytes: Uint8Array): Promise<number> => {
        taken.push(...bytes.subarray(0, part));
        return Math.min(part, bytes.length);
      };
      await appendAll({ append } as Partial<AppendFile> as AppendFile, Uint8Array.of(7, 8, 9, 6));
      expect(taken).toEqual([7, 8, 9, 6]);
    }
    const full = { append: async () => 0 } as Partial<AppendFile> as AppendFile;
    await expect(appendAll(full, Uint8Array.of(1))).rejects.toMatchObject({ code: "EIO" });
  });
});

describe("a file of a signing log", () => {
  const record = Uint8Array.of(1, 2, 3);
  const lease = frameLease(new Uint8Array(16));

  test("begins with the format of today or the one before leases, and with no other", () => {
    const before = Buffer.from("aethel/signing-log/1\n");
    const other = Buffer.from("aethel/signing-log/3\n");
    const end = MAGIC.length + frame(record).length;
    for (const magic of [MAGIC, before]) {
      const file = Buffer.concat([magic, frame(record)]);
      expect(scan(file)).toEqual({ type: "intact", records: [record], end });
      expect(scan(magic.subarray(1))).toMatchObject({ type: "damaged", offset: 0 });
    }
    expect(scan(Buffer.concat([other, frame(record)]))).toMatchObject({ type: "damaged" });
  });

  test("B7: is refused as damaged when all records are gone, since a log is never empty", async () => {
    for (const rest of [[], [lease], [lease, frame(record).subarray(0, 5)]]) {
      writeFileSync(path, Buffer.concat([MAGIC, ...rest]));
      await expect(createFileSigningLog({ path })).rejects.toMatchObject({
        fault: { code: "SIGNING_STATE_DAMAGED", offset: MAGIC.length },
      });
    }
  });

  test("is written anew from memory, whatever a write that failed has left of its end", async () => {
    writeFileSync(path, Buffer.concat([MAGIC, lease, frame(record)]));
    const whole = readFileSync(path).length;
    let isFull = true;
    const failing = (file: AppendFile): AppendFile => ({
      ...file,
      append(bytes) {
        if (!isFull) return file.append(bytes);
        truncateSync(path, whole - 5);
        return Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
      },
    });
    const fileSystem: FileSystem = {
      ...nodeFileSystem,
      async open(name) {
        const file = await nodeFileSystem.open(name);
        return file && failing(file);
      },
    };
    {
      await using log = await createFileSigningLog({ path, fileSystem });
      isFull = false;
      await log.append(Uint8Array.of(4));
      expect(await log.load()).toEqual([record, Uint8Array.of(4)]);
    }

    await using log = await createFileSigningLog({ path });
    expect(await log.load()).toEqual([record, Uint8Array.of(4)]);
  });
});

function closing(file: AppendFile): AppendFile & AsyncDisposable {
  return { ...file, [Symbol.asyncDispose]: () => file.close() };
}
