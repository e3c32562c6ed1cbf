import { spawn, spawnSync } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { COMMAND, PASSWORD } from "./operators.ts";
import { type StruckNetwork, skip, startStruckNetwork } from "./struck-network.ts";

// Some twenty seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let network: StruckNetwork;
beforeAll(async () => {
  network = await startStruckNetwork();
});
afterAll(() => network[Symbol.asyncDispose]());
afterEach(async () => {
  // Whatever was done to it: nobody has contradicted itself.
  expect((await network.other.status()).convicted).toEqual([]);
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
