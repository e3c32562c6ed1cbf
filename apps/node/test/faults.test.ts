import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { eventually } from "./operators.ts";
import { type StruckNetwork, says, skip, startStruckNetwork } from "./struck-network.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let network: StruckNetwork;
beforeAll(async () => {
  network = await startStruckNetwork();
});
afterAll(async () => {
  spawnSync("umount", ["--lazy", network.struck.layout.directory], { stdio: "ignore" });
  await network[Symbol.asyncDispose]();
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

describe("a full disk", () => {
  test("the validator stops signing and says so, the others go on, and with room so does it", async (context) => {
    const { struck, operators, recovers, othersGoOn } = network;
    const { directory } = struck.layout;
    await struck.stop();
    const aside = path.join(operators.folder, "aside");
    await cp(directory, aside, { recursive: true });
    const mount = ["-t", "tmpfs", "-o", "size=48m", "tmpfs", directory];
    const mounted = spawnSync("mount", mount, { stdio: "ignore" });
    if (mounted.status !== 0) {
      await struck.start();
      skip(context, "this machine does not permit to mount a tmpfs");
    }
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
