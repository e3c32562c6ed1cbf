import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  eventually,
  foundChain,
  keepBusy,
  type Operator,
  type Operators,
  reaches,
} from "./operators.ts";

// Seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let operators: Operators | undefined;
let mounted: string | undefined;

afterEach(async () => {
  await Promise.all(operators?.all.map((operator) => operator.kill()) ?? []);
  if (mounted !== undefined) spawnSync("umount", ["--lazy", mounted]);
  await operators?.[Symbol.asyncDispose]();
  operators = undefined;
  mounted = undefined;
});

/** One validator whose database, and nothing else of it, is on a disk of a few megabytes. */
async function startOnSmallDisk(): Promise<Operator | undefined> {
  operators = await foundChain({ count: 1, set: ["minBlockIntervalMs=100 ms"] });
  const [operator] = operators.all;
  if (operator === undefined) throw new Error("no operator");
  const { database } = operator.layout;
  mkdirSync(database, { recursive: true });
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", database]);
  if (mount.status !== 0) return undefined;
  mounted = database;
  await operator.start();
  return operator;
}

describe("a database whose disk is full", () => {
  test("holds a final block back and says so, never calls it a divergence, and goes on with room", async (context) => {
    const operator = await startOnSmallDisk();
    if (operator === undefined || operators === undefined) {
      const reason = "SKIPPED: this machine does not permit to mount a tmpfs";
      process.stderr.write(`${reason}\n`);
      return context.skip(reason);
    }
    const ballast = path.join(operator.layout.database, "ballast");
    spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k"]);
    const busy = await keepBusy(operators, operator);
    try {
      const full = await eventually(operator.status, ({ why }) =>
        why.some(({ code }) => code === "disk"),
      );
      expect(full.why.find(({ code }) => code === "disk")?.message).toMatch(/full.*data\.mdb/);

      rmSync(ballast);
      await reaches(operator, full.head.sequence + 3);
      await eventually(operator.status, ({ why }) => why.length === 0);
    } finally {
      await busy.stop();
    }
    const said = (await operator.log()).map(({ msg }) => msg).join("\n");
    expect(said).not.toMatch(/diverge|bug/i);
    // What was full is whole: nothing half of a block is in it.
    await operator.stop();
    writeFileSync(ballast, "");
    const check = await operator.cli("check", "--data-dir", operator.layout.directory);
    expect(check.stdout).toMatch(/^whole: sequence \d+/);
  });
});
