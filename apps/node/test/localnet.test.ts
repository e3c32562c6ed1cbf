import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createNodeClient } from "../src/client/node-client.ts";
import { isAlive, type Running, start } from "./cli.ts";

// Seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

const running: Running[] = [];
function begin(...args: readonly string[]): Running {
  const started = start(args);
  running.push(started);
  return started;
}
afterEach(async () => {
  for (const { child, done } of running.splice(0)) {
    child.kill("SIGTERM");
    await done;
  }
});

describe("aethel localnet", () => {
  test("with --once finalizes the samples on four validators with equal roots, and leaves nothing", async () => {
    const net = begin("localnet", "--once", "--timeout", "240");
    const { code, stdout } = await net.done;

    expect(stdout).toMatch(/4 state roots equal at sequence \d+/);
    expect(code).toBe(0);
    const [, final, refused] = stdout.match(/(\d+) proofs final, (\d+) refused/) ?? [];
    expect(Number(final)).toBeGreaterThanOrEqual(20);
    expect(Number(refused)).toBeGreaterThanOrEqual(3);
    expect(stdout).toContain("authority of steal");
    expect(stdout).toMatch(/`victim`\s+did\s+not\s+sign/);
    expect(stdout).toMatch(/judged +solver only .*\.smt2/);
    expect(stdout).toMatch(/\.smt2 +│ +certified │ +[\d,]+ │ +0\.\d*[1-9]\d* │/);
    expect(stdout).toMatch(/\.smt2 +│ +solver │ +[\d,]+ │ +0\.000000 │/);
    expect(
      stdout.match(/judged +(certified|solver only) .*\.smt2/g)?.length,
    ).toBeGreaterThanOrEqual(12);
    expect(pidsOf(stdout)).toHaveLength(4);
    expect(pidsOf(stdout).filter(isAlive)).toEqual([]);
    expect(existsSync(directoryOf(stdout))).toBe(false);
  });

  test("goes on when the leader is killed, and every sample becomes final", async () => {
    const net = begin("localnet", "--demo");
    await net.sees(/finalized +#2/);
    const pids = pidsOf(net.stdout());
    const victim = await leaderOf(urlsOf(net.stdout()));
    const pid = pids[victim];
    if (pid === undefined) throw new Error(`nobody leads: ${net.stdout()}`);
    process.kill(pid, "SIGKILL");

    await net.sees(new RegExp(`lost +validator ${victim} .*SIGKILL`));
    await net.sees(/3 state roots equal at sequence \d+/);
    await net.sees(/Ctrl-C ends it/);
    expect(net.stdout()).not.toContain("was expected to be");

    net.child.kill("SIGINT");
    const { code, stdout } = await net.done;

    expect(code).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(directoryOf(stdout))).toBe(false);
  });

  test("ends its validators when it is killed itself", async () => {
    const net = begin("localnet", "--validators", "1");
    await net.sees(/Ctrl-C ends it/);
    const [pid = 0] = pidsOf(net.stdout());
    expect(isAlive(pid)).toBe(true);

    net.child.kill("SIGKILL");
    await net.done;

    await until(() => !isAlive(pid));
    // Nobody was left to remove it.
    await rm(directoryOf(net.stdout()), { recursive: true });
  });

  test("names accounts that sign, takes parameters, and says which proof replaced another", async () => {
    const net = begin("localnet", "--validators", "1", "--set", "epochMs=7 s");
    await net.sees(/Ctrl-C ends it/);
    const [, folder = "", password = ""] =
      net.stdout().match(/accounts +(\S+)\{alice,.*faucet\}\.json +password (\S+)/) ?? [];
    const [url = ""] = urlsOf(net.stdout());
    const client = createNodeClient(url);
    expect((await client.genesis()).parameters.epochMs).toBe(7_000);

    const { publicKey } = JSON.parse(await readFile(`${folder}alice.json`, "utf8"));
    const file = path.join(directoryOf(net.stdout()), "call.json");
    const account = { account: publicKey };
    const call = { intent: "transfer", arguments: [account, account, { amount: "1" }] };
    await writeFile(file, JSON.stringify(call));
    const submit = async (...args: readonly string[]): Promise<string> => {
      const about = ["--account", `${folder}alice.json`, "--url", url, "--json", ...args];
      const env = { AETHEL_PASSWORD: password };
      const { code, stdout, stderr } = await start(["submit", file, ...about], { env }).done;
      expect(stderr).toBe("");
      expect(code).toBe(0);
      return JSON.parse(stdout).hash;
    };
    await submit();
    // Behind a gap they wait, so that the second finds the first.
    const waiting = ["--no-wait", "--nonce", "9"];
    const first = await submit(...waiting);
    const second = await submit(...waiting, "--tip", "1000000");

    const fate = { status: "refused", hash: first, code: "replaced" };
    expect(await client.proof(first)).toEqual({ ...fate, message: `replaced by ${second}` });
    expect(await client.proof(second)).toMatchObject({ status: "pending" });
  });

  test("ends at once when it is interrupted while it starts", async () => {
    const net = begin("localnet");
    await net.sees(/starting/);
    await new Promise((resolve) => setTimeout(resolve, 700));

    net.child.kill("SIGINT");
    const { code, stdout } = await net.done;

    expect(code).toBe(0);
    expect(stdout).not.toContain("ready in");
  });
});

async function leaderOf(urls: readonly string[]): Promise<number> {
  const statuses = await Promise.all(urls.map((url) => createNodeClient(url).status()));
  const leader = statuses[0]?.consensus.leader;
  return statuses.findIndex(({ validator }) => validator === leader);
}

function pidsOf(stdout: string): readonly number[] {
  return [...stdout.matchAll(/process (\d+) +http/g)].map(([, pid]) => Number(pid));
}

function urlsOf(stdout: string): readonly string[] {
  return [...stdout.matchAll(/http:\/\/\S+/g)].map(([url]) => url);
}

function directoryOf(stdout: string): string {
  return stdout.match(/data in (\S+)/)?.[1] ?? "";
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
}
