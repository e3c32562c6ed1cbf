import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { findObstacle } from "../src/probe.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const obstacle = findObstacle();
if (obstacle !== undefined) console.log(`netlab: the lab itself is not tested: ${obstacle}`);
const DEADLINE_MS = 90_000;

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly done: Promise<number | null>;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, ["--conditions=@aethel/source", main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const done = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, output: () => output, done };
}

/** Processes of a lab, by a text of its task, which all of them have in their environment. */
function processesWith(text: string): readonly string[] {
  return readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/environ`, "utf8").includes(text);
    } catch {
      return false;
    }
  });
}

async function until(holds: () => boolean, what: () => string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("a lab that cannot run says that it is skipped, and why", async () => {
  const { done, output } = start(["brief"], { PATH: "/nowhere" });
  expect(await done).toBe(0);
  expect(output()).toMatch(/^netlab: skipped: the lab needs .+$/m);
});

test("a wrong case or number is refused before anything is made", async () => {
  for (const args of [["no-such-case"], ["brief", "--validators", "3"], ["--pace", "fast"]]) {
    const { done, output } = start(args);
    expect(await done).toBe(2);
    expect(output()).toMatch(/^netlab: .+ (?:is no|there is no) .*|^netlab: there is no case/m);
  }
});

test.skipIf(obstacle !== undefined)(
  "no process is left when the lab is interrupted, killed, or killed inside",
  async () => {
    for (const end of ["SIGINT", "SIGKILL", "inside"] as const) {
      const seed = String(process.pid * 10 + end.length);
      const own = `"seed":${seed}}`;
      const { child, output, done } = start(["wires", "--seed", seed]);
      // `unshare`, the first process inside, the relay, and two meters.
      await until(() => processesWith(own).length >= 5, output);
      if (end === "inside") {
        const first = processesWith(own).toSorted((a, b) => Number(a) - Number(b))[1];
        process.kill(Number(first), "SIGKILL");
      } else child.kill(end);
      const code = await done;
      await until(
        () => processesWith(own).length === 0,
        () => `${end} leaves ${processesWith(own).length} processes`,
      );
      if (end !== "SIGKILL") expect(code).toBe(end === "SIGINT" ? 130 : 1);
    }
  },
  300_000,
);

test.skipIf(obstacle !== undefined)("no folder is left when a case is interrupted", async () => {
  const { child, output, done } = start(["brief", "--observers", "0", "--pace", "local"]);
  const folder = (): string | undefined =>
    readdirSync(tmpdir()).find((name) => name.startsWith(`aethel-netlab-${child.pid}-`));
  await until(() => folder() !== undefined, output);
  const place = path.join(tmpdir(), folder() ?? "");
  child.kill("SIGINT");
  expect(await done).toBe(130);
  expect(existsSync(place)).toBe(false);
});
