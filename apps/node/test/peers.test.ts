import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { useLoneValidator } from "./lone-validator.ts";

vi.setConfig({ testTimeout: 300_000 });

const { data, cli, startNode, stopNode } = useLoneValidator();
const peer = "12D3KooWNvLSoZe2cgoYGqqXHkgoYF1c45uTqxv8dkyrNVQfkSyS";
const host = "203.0.113.7";

test("an operator bans, sees and lifts bans, which outlast a restart; nobody else does", async () => {
  const { url } = await startNode();
  const at = ["--url", url, "--data-dir", data()];
  const peersRoute = new URL("/peers", url);
  const bansRoute = new URL("/peers/bans", url);
  const token = path.join(data(), "operator.token");
  const order = { target: peer, forMs: 60_000, reason: "a stranger's order" };
  const stranger = { method: "POST", body: JSON.stringify(order) };

  expect((await stat(token)).mode & 0o777).toBe(0o600);
  expect((await fetch(peersRoute)).status).toBe(403);
  expect((await fetch(bansRoute, stranger)).status).toBe(403);
  expect((await cli("peers", ...at)).stdout).toBe("no peer is connected\n");
  const given = await cli("peers", "ban", peer, "--hours", "2", "--reason", "floods", ...at);
  expect(given.stdout).toMatch(/^banned: 12D3\S+ for 2 h more, by the operator: floods$/m);
  expect((await cli("peers", "ban", host, ...at)).code).toBe(0);
  const nonsense = await cli("peers", "ban", "nonsense", ...at);
  expect(nonsense.stderr).toContain("nonsense is neither a peer id nor an IP address");
  expect(nonsense.code).toBe(1);

  await stopNode();
  const before = await readFile(token, "utf8").catch(() => undefined);
  const again = await startNode();
  const there = ["--url", again.url, "--data-dir", data()];
  const shown = await cli("peers", ...there);
  expect(await readFile(token, "utf8")).not.toBe(before);
  expect(shown.stdout).toMatch(new RegExp(`^banned: ${peer} for 1 h \\d+ min more`, "m"));
  expect(shown.stdout).toMatch(new RegExp(`^banned: ${host} for 23 h \\d+ min more`, "m"));
  expect((await cli("peers", "unban", host, ...there)).stdout).toBe(`${host} may connect again\n`);
  expect((await cli("peers", "unban", host, ...there)).code).toBe(1);
  const metrics = await fetch(new URL("/metrics", again.url));
  expect(metrics.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await metrics.text()).split("\n");
  expect(lines).toContain("aethel_p2p_bans 1");
  expect(lines).toContain("# TYPE process_cpu_seconds_total counter");
  await stopNode();
});
