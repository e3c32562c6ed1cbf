import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PbftError } from "@aethel/pbft";
import { afterEach, beforeEach, describe, expect, type TestContext, test } from "vitest";
import { describeError } from "../src/failure/describe-error.ts";
import { diskFailure } from "../src/failure/disk-failure.ts";
import { writeFileAtomic } from "../src/files/atomic-file.ts";
import { lockDirectory } from "../src/files/directory-lock.ts";
import { layoutOf } from "../src/files/layout.ts";
import { createLog } from "../src/runtime/log.ts";
import { probeDatabase } from "../src/storage/open-database.ts";

let folder = "";
let mount = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aethel-node-disk-"));
  mount = path.join(folder, "mount");
  mkdirSync(mount);
});
afterEach(() => {
  // At once, although a log may still be open in it.
  spawnSync("umount", ["--lazy", mount]);
  rmSync(folder, { recursive: true, force: true });
});

/** Mounts a file system of a few blocks, or skips the test with the reason. */
function mountSmall(context: TestContext, size: string): void {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", mount]);
  } catch (error) {
    const reason = `SKIPPED: this machine does not permit to mount a tmpfs: ${String(error)}`;
    process.stderr.write(`${reason}\n`);
    context.skip(reason);
  }
}

/** Fills the disk. */
function fillUp(): string {
  const ballast = path.join(mount, "ballast");
  spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=1k"]);
  return ballast;
}

const childScript = new URL("store-child.ts", import.meta.url).pathname;

function startFilling(
  directory: string,
  limit = ":",
): {
  readonly next: () => Promise<string>;
  readonly goOn: () => void;
  readonly ended: Promise<unknown>;
} {
  const node = `'${process.execPath}' --conditions=@aethel/source '${childScript}' '${directory}'`;
  const child = spawn("bash", ["-c", `${limit}; exec ${node}`]);
  let text = "";
  let at = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    complaint += chunk;
  });
  const ended = once(child, "close");
  return {
    async next() {
      for (;;) {
        const line = text.split("\n").slice(0, -1)[at];
        if (line !== undefined) {
          at += 1;
          return line;
        }
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`ended by ${child.signalCode ?? child.exitCode}: ${text} ${complaint}`);
        }
        await Promise.race([once(child.stdout, "data"), ended]);
      }
    },
    goOn: () => void child.stdin.end("go\n"),
    ended,
  };
}

describe("the database on a full disk", () => {
  test("refuses a block, keeps all others, and goes on in the same process when there is room", async (context) => {
    mountSmall(context, "6m");
    const ballast = path.join(mount, "ballast");
    writeFileSync(ballast, new Uint8Array(2 << 20));
    const child = startFilling(path.join(mount, "node"));

    const refused = await child.next();
    const [, version, errno] = refused.split(" ");
    expect(refused).toMatch(/^refused \d+ ENOSPC$/);
    expect(errno).toBe("ENOSPC");
    expect(await child.next()).toBe(`head ${Number(version) - 1}`);
    rmSync(ballast);
    child.goOn();

    expect(await child.next()).toBe(`went on ${Number(version) + 4} true`);
    await child.ended;
    const layout = layoutOf(path.join(mount, "node"));
    const found = await probeDatabase(layout);
    expect(found?.sequence).toBe(Number(version) + 4);
    // The room that was taken ahead was given back: the file ends with its last page.
    const file = path.join(layout.database, "data.mdb");
    truncateSync(file, statSync(file).size - 1);
    await expect(probeDatabase(layout)).rejects.toMatchObject({
      fault: { code: "DATA_DIR_DAMAGED" },
    });
  });

  test("a limit on the size of files is told as such", async () => {
    const child = startFilling(path.join(folder, "node"), "ulimit -f 3000");

    expect(await child.next()).toMatch(/^refused \d+ EFBIG$/);
  });

  test("cannot be opened there, and says that it is the disk and not the database", async (context) => {
    mountSmall(context, "256k");
    fillUp();
    const child = startFilling(mount);

    expect(await child.next()).toBe("ENOSPC");
  });

  test("that is there is read on a full disk", async (context) => {
    mountSmall(context, "6m");
    const child = startFilling(path.join(mount, "node"));
    const [, version] = (await child.next()).split(" ");
    await child.next();
    child.goOn();
    await child.ended;
    fillUp();

    const found = await probeDatabase(layoutOf(path.join(mount, "node")));
    expect(found?.sequence).toBe(Number(version) - 1);
  });
});

describe("node.log on a full disk", () => {
  test("loses lines without a word to the node, and says how many when there is room", (context) => {
    mountSmall(context, "32k");
    const layout = layoutOf(mount);
    const config = { to: "file", level: "info" } as const;
    const log = createLog({ config, layout, name: "test" });
    log.info("first");
    const ballast = fillUp();
    for (let at = 0; at < 200; at++) log.info({ at }, "x".repeat(100));
    rmSync(ballast);
    log.info("last");

    const lines = readFileSync(layout.log, "utf8").trimEnd().split("\n");
    const whole = lines.flatMap((line) => {
      try {
        return [JSON.parse(line)];
      } catch {
        return [];
      }
    });
    expect(whole.at(0)).toMatchObject({ msg: "first" });
    expect(whole.at(-1)).toMatchObject({ msg: "last" });
    expect(whole.at(-2)).toMatchObject({ level: 40 });
    const written = whole.filter(({ at }) => at !== undefined).length;
    expect(whole.at(-2).lost).toBe(200 - written);
    // At most one line is cut in two, and no other is lost with it.
    expect(lines.length - whole.length).toBeLessThanOrEqual(1);
  });

  test("a log on a device that is always full stops nothing", (context) => {
    context.skip(!existsSync("/dev/full"), "SKIPPED: there is no /dev/full");
    const layout = { ...layoutOf(folder), log: "/dev/full" };
    const log = createLog({ config: { to: "file", level: "info" }, layout, name: "test" });

    expect(() => {
      for (let at = 0; at < 100; at++) log.error({ at }, "into a full device");
    }).not.toThrow();
  });

  test("a log that cannot even be opened stops nothing", () => {
    const layout = { ...layoutOf(folder), log: path.join(folder, "missing", "node.log") };
    const log = createLog({ config: { to: "file", level: "info" }, layout, name: "test" });

    expect(() => log.info("into the void")).not.toThrow();
    mkdirSync(path.join(folder, "missing"));
    log.info("here");
    expect(readFileSync(layout.log, "utf8")).toContain("here");
  });
});

describe("files on a full disk", () => {
  test("keep their old content, and leave no part of the new", async (context) => {
    mountSmall(context, "64k");
    const file = path.join(mount, "config.json");
    await writeFileAtomic(file, "old");
    const ballast = fillUp();

    await expect(writeFileAtomic(file, "x".repeat(10_000))).rejects.toMatchObject({
      fault: { code: "DISK_FULL" },
    });
    expect(readFileSync(file, "utf8")).toBe("old");
    rmSync(ballast);
    expect(execFileSync("ls", [mount], { encoding: "utf8" }).trim()).toBe("config.json");
  });

  test("a directory can be locked there, and a read-only one says what it is", async (context) => {
    mountSmall(context, "64k");
    const lock = path.join(mount, "lock");
    lockDirectory(lock).release();
    fillUp();
    lockDirectory(lock).release();
    execFileSync("mount", ["-o", "remount,ro", mount]);

    expect(() => lockDirectory(lock)).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: "DISK_READ_ONLY" }) }),
    );
    await expect(writeFileAtomic(path.join(mount, "file"), "")).rejects.toMatchObject({
      fault: { code: "DISK_READ_ONLY" },
    });
  });

  test("of another user say so, and a marker that cannot be read is no missing directory", (context) => {
    const isRoot = process.getuid?.() === 0;
    context.skip(!isRoot, "SKIPPED: only root can become another user");
    const own = path.join(folder, "own");
    mkdirSync(own, { mode: 0o700 });
    writeFileSync(layoutOf(own).marker, "{}", { mode: 0o600 });
    const script = `
      import { writeFileAtomic } from ${source("files/atomic-file.ts")};
      import { lockDirectory } from ${source("files/directory-lock.ts")};
      import { openDataDirectory } from ${source("data-directory.ts")};
      process.seteuid(65534);
      const attempts = [
        () => lockDirectory(${JSON.stringify(layoutOf(own).lock)}),
        () => writeFileAtomic(${JSON.stringify(layoutOf(own).config)}, ""),
        () => openDataDirectory(${JSON.stringify(own)}),
      ];
      for (const attempt of attempts) {
        try { await attempt(); console.log("done"); } catch (error) { console.log(error.fault?.code); }
      }`;
    const child = spawnSync(
      process.execPath,
      ["--conditions=@aethel/source", "--input-type=module", "--eval", script],
      { encoding: "utf8" },
    );

    const each = "DISK_PERMISSION";
    expect(child.stdout.trim().split("\n"), child.stderr).toEqual([each, each, each]);
  });
});

function source(file: string): string {
  return JSON.stringify(new URL(`../src/${file}`, import.meta.url).href);
}

describe("what is said about a disk", () => {
  const system = (code: string, syscall = "write"): Error =>
    Object.assign(new Error(`${code}: something, ${syscall}`), { code, syscall });

  test.each([
    ["ENOSPC", "DISK_FULL", "free space"],
    ["EDQUOT", "DISK_FULL", "free space"],
    ["EFBIG", "DISK_FULL", "raise the limit"],
    ["EROFS", "DISK_READ_ONLY", "mount it for writing"],
    ["EACCES", "DISK_PERMISSION", "the user that runs aethel the owner"],
    ["EPERM", "DISK_PERMISSION", "the user that runs aethel the owner"],
    ["EIO", "DISK_ERROR", "dmesg"],
    ["ESTALE", "DISK_ERROR", "dmesg"],
    ["ENOLCK", "DISK_ERROR", "local disk"],
  ])("%s is %s with what to do, however deep it is wrapped", (errno, code, next) => {
    const fault = {
      code: "STORAGE",
      path: "/d/signing.log",
      errno,
      reason: `${errno}: said`,
    } as const;
    const errors = [
      system(errno),
      new PbftError(fault),
      new Error("the replica failed", { cause: new PbftError(fault, { cause: system(errno) }) }),
    ];
    for (const error of errors) {
      expect(diskFailure(error)?.fault.code).toBe(code);
      const text = describeError(error);
      expect(text).toContain("Next: ");
      expect(text).toContain(next);
      expect(text).not.toContain("bug");
    }
    expect(describeError(errors[1])).toContain("/d/signing.log");
  });

  test("a socket's refusals and our own mistakes are no disk's", () => {
    for (const error of [
      system("EACCES", "listen"),
      system("ECONNREFUSED", "connect"),
      new Error("x"),
    ]) {
      expect(diskFailure(error)).toBeUndefined();
    }
  });
});
