import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readNetwork } from "../src/network.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const CONDITIONS = "--conditions=@aethel/source";
/** Bound of each wait. On a machine with nothing else to do all of it takes seconds. */
const WITHIN_MS = 90_000;

let folder = "";
const running = new Set<ChildProcess>();

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "aethel-map-")), "network");
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

/** Runs a command to its end. */
async function map(...words: readonly string[]): Promise<string> {
  const [command = "", ...rest] = words;
  const given = [CONDITIONS, MAIN, command, folder, ...rest];
  const { stdout } = await promisify(execFile)(process.execPath, given, { timeout: WITHIN_MS });
  return stdout.trim();
}

/** Starts a node as a process; resolves with the lines that it said until it answers. */
async function start(
  node: number,
  ...options: readonly string[]
): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const given = [CONDITIONS, MAIN, "start", folder, String(node), ...options];
  const child = spawn(process.execPath, given);
  running.add(child);
  child.on("exit", () => running.delete(child));
  let said = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const hear = (bytes: Buffer): void => {
    said += bytes.toString();
    if (said.includes("answers on")) resolve();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  child.on("exit", (code) => reject(new Error(`node ${node} ended with ${code}: ${said}`)));
  await promise;
  return { child, said };
}

/** Asks a node as the commands do, without a process for it. */
async function ask(node: number, key: string, how: RequestInit = {}): Promise<string> {
  const port = readNetwork(folder).nodes[node - 1]?.http;
  const response = await fetch(`http://127.0.0.1:${port}/${key}`, how);
  return (await response.text()).trim();
}

/** Asks a node until it answers this. */
async function until(node: number, key: string, wanted: string | RegExp): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  const isWanted = (answer: string): boolean =>
    typeof wanted === "string" ? answer === wanted : wanted.test(answer);
  for (let answer = await ask(node, key); !isWanted(answer); answer = await ask(node, key)) {
    if (performance.now() > deadline) {
      throw new Error(`node ${node} says "${answer}", not "${wanted}"`);
    }
    await new Promise((next) => setTimeout(next, 50));
  }
}

/** Kills a process and waits for its end. */
async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined) throw new Error("it runs");
  const end = once(child, "exit");
  child.kill("SIGKILL");
  await end;
}

test("four processes hold one map; one is killed, comes back and catches up, and without its signing log it listens and votes again", async () => {
  expect(await map("found")).toContain("4 nodes");
  const nodes = await Promise.all([1, 2, 3, 4].map((node) => start(node)));

  expect(await map("put", "1", "colour", "green")).toContain("version 1");
  for (const node of [1, 2, 3, 4]) await until(node, "colour", "green");

  await kill(nodes[3]?.child);
  await expect(map("get", "4", "colour")).rejects.toThrow("is it running?");
  // Their answers are not awaited for long: what counts is that all have it in the end.
  await ask(2, "colour", { method: "PUT", body: "red" });
  await ask(3, "shape", { method: "PUT", body: "round" });
  for (const node of [1, 2, 3]) await until(node, "colour", "red");

  const back = await start(4);
  expect(back.said).toContain("block 1, 1 keys");
  await until(4, "colour", "red");
  await until(4, "shape", "round");
  expect(await ask(4, "size")).toBe('there is no "size"');

  await kill(back.child);
  rmSync(join(folder, "node-4", "signing.log"));
  await expect(map("start", "4")).rejects.toThrow("start once with --allow-new-signing-state");
  const forgetful = await start(4, "--allow-new-signing-state");
  expect(forgetful.said).toContain("listening");
  await until(4, "", /keys$/);
  // Three of four are a quorum only if the fourth votes.
  await kill(nodes[2]?.child);
  expect(await map("put", "1", "colour", "blue")).toContain("version 3");
  expect(await map("status", "4")).not.toContain("does not vote");

  const ends = [...running].map((child) => once(child, "exit"));
  for (const child of running) child.kill("SIGTERM");
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0]);
}, 400_000);
