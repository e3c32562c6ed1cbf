import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import {
  copyFile,
  type FileHandle,
  link,
  open,
  readFile,
  readlink,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, type TestContext, test, vi } from "vitest";
import {
  createFileSigningLog,
  type FileSigningLog,
  nodeFileSystem,
  writeDurably,
} from "../src/file/index.ts";
import { holdLog, ifPossible, runChild } from "./log-children.ts";

let folder = "";
let path = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aethel-disk-"));
  path = join(folder, "signing.log");
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const create = (): Promise<FileSigningLog> =>
  createFileSigningLog({ path, allowNewSigningState: "new-key" });

/** Reads the records of the log but the first, which says that the key was new. */
async function recordsOf(): Promise<readonly Uint8Array[]> {
  await using log = await createFileSigningLog({ path });
  return (await log.load()).slice(1);
}

/** Appends until the disk refuses; gives what was acknowledged. */
async function appendUntilRefused(
  log: FileSigningLog,
  length = 6_000,
): Promise<{ readonly acknowledged: readonly Uint8Array[]; readonly error: unknown }> {
  const acknowledged: Uint8Array[] = [];
  for (let at = 0; at < 1_000; at++) {
    const record = new Uint8Array(length).fill(at);
    try {
      await log.append(record);
    } catch (error) {
      return { acknowledged, error };
    }
    acknowledged.push(record);
  }
  throw new Error("a small disk takes everything");
}

describe("a disk that fills, for real", () => {
  /** Mounts a file system of its own in the folder of the log. */
  function mountSmall(context: TestContext, size: string): void {
    ifPossible(context, "to mount a tmpfs", () => {
      mkdirSync(join(folder, "mount"));
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", join(folder, "mount")]);
    });
    path = join(folder, "mount", "signing.log");
  }
  afterEach(() => {
    spawnSync("umount", [join(folder, "mount")]);
  });

  test("B27: ENOSPC refuses the record, keeps all others, and is over when there is room", async (context) => {
    mountSmall(context, "128k");
    const ballast = join(folder, "mount", "ballast");
    {
      await using log = await create();
      writeFileSync(ballast, new Uint8Array(60_000));
      const { acknowledged, error } = await appendUntilRefused(log);
      expect(error).toMatchObject({ fault: { code: "STORAGE", errno: "ENOSPC", path } });
      rmSync(ballast);
      await log.append(Uint8Array.of(1));

      await log.close();
      expect(await recordsOf()).toEqual([...acknowledged, Uint8Array.of(1)]);
    }
  });

  test("a log is read on a full disk, takes nothing, and goes on when there is room", async (context) => {
    mountSmall(context, "64k");
    const first = new Uint8Array(100).fill(1);
    {
      await using log = await create();
      await log.append(first);
    }
    const ballast = join(folder, "mount", "ballast");
    const before = await readFile(path);
    const full = spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=1k"]);
    expect(full.status).not.toBe(0);

    {
      await using log = await createFileSigningLog({ path });
      expect((await log.load()).slice(1)).toEqual([first]);
      await expect(log.append(Uint8Array.of(2))).rejects.toMatchObject({
        fault: { code: "STORAGE", errno: "ENOSPC" },
      });
      expect((await readFile(path)).subarray(0, before.length)).toEqual(before);
      const { size } = statSync(path);
      for (let at = 0; at < 3; at++) await expect(log.append(Uint8Array.of(2))).rejects.toThrow();
      expect(statSync(path).size).toBe(size);
    }
    {
      await using log = await createFileSigningLog({ path });
      await expect(log.append(Uint8Array.of(2))).rejects.toMatchObject({
        fault: { code: "STORAGE", errno: "ENOSPC" },
      });
      rmSync(ballast);
      await log.append(Uint8Array.of(3));
    }

    expect(await recordsOf()).toEqual([first, Uint8Array.of(3)]);
  });

  test("a disk that turns read-only refuses records until it is writable again", async (context) => {
    mountSmall(context, "1m");
    const remount = (mode: "ro" | "rw"): void => {
      execFileSync("mount", ["-o", `remount,${mode}`, join(folder, "mount")]);
    };
    {
      await using log = await create();
      await log.append(Uint8Array.of(1));
      await log.close();
    }
    remount("ro");
    await expect(createFileSigningLog({ path })).rejects.toMatchObject({
      fault: { code: "STORAGE", errno: "EROFS" },
    });
    remount("rw");

    expect(await recordsOf()).toEqual([Uint8Array.of(1)]);
  });
});

describe("a limit on the size of files", () => {
  test("B27: a short write is refused with EFBIG, and a restart finds all that was acknowledged", async (context) => {
    ifPossible(context, "to run a shell with ulimit", () =>
      execFileSync("bash", ["-c", "ulimit -f 16"]),
    );
    const { acknowledged, refused } = runChild({ path, mode: "fill", before: "ulimit -f 16" });

    expect(refused).toBe("EFBIG");
    expect(acknowledged).toBeGreaterThan(0);
    expect(statSync(path).size).toBeLessThan(16 * 1_024);
    expect((await recordsOf()).map(({ length }) => length)).toEqual(
      Array.from({ length: acknowledged }, () => 3_000),
    );
  });
});

describe("a process that is killed at any time", () => {
  test("P40: the log opens again, and nothing that was acknowledged is missing", async () => {
    for (const delayMs of [0, 3, 11, 27, 61]) {
      const { acknowledged } = await runKilled(delayMs);
      const found = await recordsOf();

      expect(acknowledged).toBeGreaterThan(0);
      // The one that was being written may be there, and was not told.
      expect([acknowledged, acknowledged + 1]).toContain(found.length);
      expect(found.map(([first]) => first)).toEqual(found.map((_, at) => (at + 1) % 256));
    }
  });

  async function runKilled(delayMs: number): Promise<{ readonly acknowledged: number }> {
    rmSync(path, { force: true });
    const child = holdLog({ path, mode: "count" });
    await child.said("1");
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await child.kill();
    return { acknowledged: Number(child.last()) };
  }
});

describe("a lease in the log", () => {
  const taken = { fault: { code: "SIGNING_STATE_TAKEN" } };

  test("B28: whoever reaches the log around the lock takes it, and the one before signs no more", async () => {
    await using first = await create();
    await first.append(Uint8Array.of(1));
    // Another name: the lock of the kernel, which goes by the name, does not meet the other.
    const alias = join(folder, "alias.log");
    await link(path, alias);
    await using second = await createFileSigningLog({ path: alias });
    await second.append(Uint8Array.of(2));

    await expect(first.append(Uint8Array.of(3))).rejects.toMatchObject(taken);
    await expect(first.compact([Uint8Array.of(4)])).rejects.toMatchObject(taken);
    expect((await second.load()).slice(1)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
  });

  test("a log that was removed, replaced, cut or changed is signed with no more", async () => {
    const interfere: readonly ((copy: string) => Promise<void>)[] = [
      () => unlink(path),
      async (copy) => rename(copy, path),
      async () => (await open(path, "r+")).truncate(60),
      async () => {
        const handle = await open(path, "r+");
        const { size } = await handle.stat();
        await handle.write(Uint8Array.of(0xff, 0xfe), 0, 2, size - 2);
        await handle.close();
      },
      async () => {
        const handle = await open(path, "a");
        await handle.write(Uint8Array.of(0));
        await handle.close();
      },
    ];
    for (const act of interfere) {
      rmSync(path, { force: true });
      await using log = await create();
      await log.append(Uint8Array.of(1));
      const copy = join(folder, "copy.log");
      await copyFile(path, copy);
      await act(copy);

      await expect(log.append(Uint8Array.of(2))).rejects.toMatchObject(taken);
      await expect(log.append(Uint8Array.of(3))).rejects.toMatchObject(taken);
    }
  });

  test("a log of the format before leases is read, and gets one", async () => {
    await using log = await create();
    await log.append(Uint8Array.of(7));
    await log.close();
    const bytes = await readFile(path);
    const lease = 4 + 8 + 16 + 8;
    const magic = bytes.subarray(0, 21);
    const old = Buffer.concat([Buffer.from("aethel/signing-log/1\n"), bytes.subarray(21 + lease)]);
    expect(magic.toString()).toBe("aethel/signing-log/2\n");
    writeFileSync(path, old);

    expect(await recordsOf()).toEqual([Uint8Array.of(7)]);
    expect((await readFile(path)).subarray(0, 21)).toEqual(magic);
  });
});

describe("a lock of the kernel", () => {
  test("is held for as long as the process lives, though nobody keeps what lockFile gave", () => {
    const module = JSON.stringify(new URL("../src/file/index.ts", import.meta.url).href);
    const script = `
      import { spawnSync } from "node:child_process";
      import { lockFile } from ${module};
      const path = ${JSON.stringify(join(folder, "lock"))};
      if (process.argv[1] === "second") {
        try { lockFile(path); console.log("locked"); } catch (error) { console.log(error.fault.code); }
      } else {
        lockFile(path);
        for (let at = 0; at < 5; at++) { gc(); await new Promise((next) => setTimeout(next, 10)); }
        const again = spawnSync(process.execPath, [...process.execArgv, "second"]);
        process.stdout.write(again.stdout);
      }`;
    const flags = ["--conditions=@aethel/source", "--expose-gc", "--input-type=module"];
    const child = spawnSync(process.execPath, [...flags, "--eval", script], { encoding: "utf8" });

    expect(child.stdout.trim(), child.stderr).toBe("LOCKED");
  });
});

describe("two containers with one signing state", () => {
  test("B28: the second is refused in a PID namespace of its own, until the first is gone", async (context) => {
    ifPossible(context, "to make a PID namespace", () =>
      execFileSync("unshare", ["-pf", "--mount-proc", "true"]),
    );
    const inNamespace = "exec unshare -pf --kill-child --mount-proc";
    const first = holdLog({ path, mode: "count", before: inNamespace });
    await first.said("1");

    const second = runChild({ path, mode: "fill", before: inNamespace });
    expect(second.refused).toBe("SIGNING_STATE_LOCKED");
    await expect(createFileSigningLog({ path })).rejects.toMatchObject({
      fault: { code: "SIGNING_STATE_LOCKED" },
    });

    await first.kill();
    expect((await recordsOf()).length).toBeGreaterThan(0);
  });
});

describe("replacing a file on the real disk", () => {
  test("takes place only while the file is as it was seen, or is not there, as asked", async () => {
    const fresh = join(folder, "fresh");
    const attempt = async (
      seen: Parameters<typeof nodeFileSystem.replace>[2],
    ): Promise<readonly [boolean, string]> => {
      writeFileSync(fresh, "fresh");
      const isDone = await nodeFileSystem.replace(fresh, path, seen);
      return [isDone, await readFile(path, "utf8")];
    };
    writeFileSync(path, "old");
    const seen = (await nodeFileSystem.look(path)) ?? "nothing";

    expect(await attempt("nothing")).toEqual([false, "old"]);
    writeFileSync(path, "older");
    expect(await attempt(seen)).toEqual([false, "older"]);
    const copy = join(folder, "copy");
    writeFileSync(copy, "cpy");
    await rename(copy, path);
    expect(await attempt(seen)).toEqual([false, "cpy"]);
    expect(await attempt((await nodeFileSystem.look(path)) ?? "nothing")).toEqual([true, "fresh"]);
    rmSync(path);
    writeFileSync(fresh, "fresh");
    expect(await nodeFileSystem.replace(fresh, path, seen)).toBe(false);
    expect(await attempt("nothing")).toEqual([true, "fresh"]);
    writeFileSync(path, "other");
    expect(await attempt("anything")).toEqual([true, "fresh"]);
  });
});

describe("calls of the real disk, in order", () => {
  /** Notes each sync when it has ended, and whether the file at the path is the synced one then. */
  async function traced(): Promise<{ readonly calls: string[] }> {
    const calls: string[] = [];
    const probe = await open(folder, "r");
    const prototype: FileHandle = Object.getPrototypeOf(probe);
    await probe.close();
    for (const name of ["datasync", "sync"] as const) {
      const original = prototype[name];
      vi.spyOn(prototype, name).mockImplementation(async function (this: FileHandle) {
        const target = await readlink(`/proc/self/fd/${this.fd}`).catch(() => "?");
        await original.call(this);
        const isFolder = target === folder;
        const there = isFolder ? await stat(path).catch(() => undefined) : undefined;
        calls.push(isFolder ? `folder, file has ${there?.size ?? 0} bytes` : "file");
      });
    }
    return { calls };
  }

  test("a record is synced before append resolves", async (context) => {
    context.skip(process.platform !== "linux", "reads /proc to tell files from folders");
    await using log = await create();
    const { calls } = await traced();
    for (let at = 1; at <= 3; at++) {
      await log.append(Uint8Array.of(at));
      expect(calls).toHaveLength(at);
    }
    expect(new Set(calls)).toEqual(new Set(["file"]));
  });

  test("a new file is synced, then renamed, then its folder is synced, before anything resolves", async (context) => {
    context.skip(process.platform !== "linux", "reads /proc to tell files from folders");
    await using log = await create();
    const { calls } = await traced();
    await log.compact([new Uint8Array(1_000)]);
    const { size } = await stat(path);
    expect(calls).toEqual(["file", `folder, file has ${size} bytes`]);

    calls.length = 0;
    await writeDurably({ path, content: "12345" });
    expect(calls).toEqual(["file", "folder, file has 5 bytes"]);
  });

  test("each folder that is made for a log is synced into the one above", async (context) => {
    context.skip(process.platform !== "linux", "reads /proc to tell files from folders");
    const { calls } = await traced();
    await writeDurably({ path: join(folder, "a", "b", "file"), content: "12345" });
    expect(calls).toHaveLength(4);
    expect(calls).toContain("folder, file has 0 bytes");
  });
});
