import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { COMMAND, eventually, PASSWORD } from "./operators.ts";
import { type StruckNetwork, says, skip, startStruckNetwork } from "./struck-network.ts";

// Some forty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let network: StruckNetwork;
/** Mount point of the small disk. */
let mounted: string | undefined;
beforeAll(async () => {
  network = await startStruckNetwork();
});
afterAll(async () => {
  // Also after a test that failed: a directory in which something is mounted cannot be removed.
  if (mounted !== undefined) spawnSync("umount", ["--lazy", mounted], { stdio: "ignore" });
  await network?.[Symbol.asyncDispose]();
});
afterEach(async () => {
  // Whatever was done to it: nobody has contradicted itself.
  expect((await network.other.status()).convicted).toEqual([]);
});

describe("a clock that jumps (libfaketime)", () => {
  const library = ["x86_64-linux-gnu/faketime", "aarch64-linux-gnu/faketime", "faketime"]
    .map((folder) => `/usr/lib/${folder}/libfaketimeMT.so.1`)
    .find((file) => existsSync(file));

  test.for([
    ["an hour ahead", "+3600"],
    ["an hour behind", "-3600"],
  ])(
    "%s, and back: the others go on, it says so, and it votes seconds after",
    async ([, jump], context) => {
      const { struck, operators, recovers, othersGoOn } = network;
      if (library === undefined) {
        if (process.env["CI"] !== undefined) throw new Error("libfaketime is not installed");
        skip(context, "libfaketime is not installed (apt-get install libfaketime)");
      }
      const clock = path.join(operators.folder, "clock");
      await writeFile(clock, "+0\n");
      await struck.stop();
      await struck.start({
        env: {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: "1",
          // Somebody sets the time of day; nobody can set the monotonic clock.
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
        },
      });
      await recovers(1);

      await writeFile(clock, `${jump}\n`);
      const wrong = await eventually(struck.status, says("clock"));
      const finding = wrong.why.find(({ code }) => code === "clock");
      expect(finding?.message).toMatch(/clock/);
      expect(finding?.next).toMatch(/time server/);
      await othersGoOn();

      await writeFile(clock, "+0\n");
      await recovers();
    },
  );
});

describe("what is restored from a copy", () => {
  test("database, signing log, or the whole machine: it says what it does, and contradicts nothing", async () => {
    const { struck, operators, recovers } = network;
    const { layout } = struck;
    const copy = path.join(operators.folder, "copy");
    const recent = path.join(operators.folder, "recent");
    const save = async (to: string): Promise<void> => {
      for (const part of [layout.database, layout.signingLog]) {
        await cp(part, path.join(to, path.basename(part)), { recursive: true });
      }
    };
    const restore = async (part: string, from: string): Promise<void> => {
      await rm(part, { recursive: true, force: true });
      await cp(path.join(from, path.basename(part)), part, { recursive: true });
    };
    await struck.stop();
    await save(copy);
    await struck.start();
    await recovers(1);
    // It votes now: what the database gets from here on has its votes.
    await recovers(6);
    await struck.stop();
    await save(recent);

    // The log alone: what the database has of it shows that it is old.
    await restore(layout.signingLog, copy);
    await expect(struck.start()).rejects.toThrow(
      /signing\.log is an older copy.* Next: move signing\.log/,
    );
    await restore(layout.signingLog, recent);

    // The database alone: the log remembers.
    await restore(layout.database, copy);
    await struck.start();
    await recovers();
    await struck.stop();

    // Both, as a snapshot of the machine: only the others know.
    await restore(layout.database, copy);
    await restore(layout.signingLog, copy);
    await struck.start();
    await recovers();
  });
});

describe("two containers with one directory", () => {
  test("the second is refused while the first one runs, in another PID namespace too", async (context) => {
    const { struck, recovers } = network;
    const namespace = ["-pf", "--kill-child", "--mount-proc"];
    const able = spawnSync("unshare", [...namespace, "true"], { stdio: "ignore" });
    if (able.status !== 0) skip(context, "this machine does not permit unshare");
    const start = ["start", "--data-dir", struck.layout.directory, "--http-port", "0"];

    const second = spawn("unshare", [...namespace, ...COMMAND, ...start], {
      env: { ...process.env, AETHEL_PASSWORD: PASSWORD },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    second.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => second.once("close", resolve));

    expect(stderr).toMatch(/^aethel: .*(in use|another process|used by).* Next: /);
    expect(code).toBe(1);
    await recovers(2);
  });
});

describe("a full disk", () => {
  test("the validator stops signing and says so, the others go on, and with room so does it", async (context) => {
    const { struck, operators, recovers, othersGoOn } = network;
    const { directory } = struck.layout;
    await struck.stop();
    const aside = path.join(operators.folder, "aside");
    await cp(directory, aside, { recursive: true });
    const mount = ["-t", "tmpfs", "-o", "size=48m", "tmpfs", directory];
    const made = spawnSync("mount", mount, { stdio: "ignore" });
    if (made.status !== 0) {
      await struck.start();
      skip(context, "this machine does not permit to mount a tmpfs");
    }
    mounted = directory;
    await cp(aside, directory, { recursive: true });
    await struck.start();
    await recovers(1);

    const ballast = path.join(directory, "ballast");
    spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k"], { stdio: "ignore" });
    const full = await eventually(struck.status, says("disk"));
    expect(full.consensus.quiet).toBe("suspended");
    expect(full.why.find(({ code }) => code === "disk")?.message).toMatch(/signs nothing.*full/);
    await othersGoOn();

    await rm(ballast);
    await recovers();
  });
});
