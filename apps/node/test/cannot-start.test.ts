import { readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { start } from "./cli.ts";
import { OWN_PORTS, useLoneValidator } from "./lone-validator.ts";

// Seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 300_000 });

const { folder, data, cli, startNode, stopNode, pid } = useLoneValidator();

describe("a node that cannot start says so in one line", () => {
  const lineOf = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await cli(...args);
    expect(code).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("Next: ");
    return stderr;
  };

  test("when its ports are in use", async () => {
    const { server, port } = await occupy();
    const startAt = (...flags: readonly string[]): Promise<string> =>
      lineOf("start", "--data-dir", data(), ...flags);

    const http = ["--http-port", String(port), "--listen", "/ip4/127.0.0.1/tcp/0"];
    expect(await startAt(...http)).toContain(`port ${port} on 127.0.0.1 is in use`);
    const peers = ["--http-port", "0", "--listen", `/ip4/127.0.0.1/tcp/${port}`];
    expect(await startAt(...peers)).toContain(`/tcp/${port} is in use. Next: stop what`);
    server.close();
  });

  test("when its directory is in use, is none, or the password is wrong", async () => {
    await startNode();
    const second = await lineOf("start", "--data-dir", data(), ...OWN_PORTS);
    expect(second).toContain(`is in use by process ${pid()}`);
    await stopNode();

    expect(await lineOf("start", "--data-dir", folder())).toContain("is no data directory");
    expect(await lineOf("init", "--data-dir", data())).toContain("is a data directory already");
    const wrong = await start(["start", "--data-dir", data()], {
      env: { AETHEL_PASSWORD: "wrong" },
    }).done;
    expect(wrong.stderr).toContain("the password is wrong, or the key file was altered");
    expect(wrong.code).toBe(1);
  });

  test("when the configuration or the genesis is wrong", async () => {
    const config = path.join(data(), "config.json");
    const genesis = path.join(data(), "genesis.yaml");
    const startIt = (): Promise<string> => lineOf("start", "--data-dir", data());

    await withFile(
      config,
      (text) => text.replace('"info"', '"loud"'),
      async () => {
        expect(await startIt()).toContain("`log.level`");
      },
    );
    await withFile(
      genesis,
      (text) =>
        text
          .replace(/minimumStake: .*/, "minimumStake: 18_000_000_000_000 tokens")
          .replace("epochMs", "epochMz")
          .replace(/burnBasisPoints: .*/, "burnBasisPoints: 1 %")
          .replace(/time: .*/, "time: yesterday"),
      async () => {
        const { code, stderr } = await cli("start", "--data-dir", data());
        expect(code).toBe(1);
        expect(stderr).toContain("is not a valid genesis (5 problems, below)");
        expect(stderr).toMatch(/^genesis\.yaml:\d+:7: time `yesterday` is no such quantity/m);
        expect(stderr).toMatch(/^genesis\.yaml:\d+:3: .*write `epochMs`/m);
        expect(stderr).toMatch(
          /^genesis\.yaml:\d+:20: parameters\.burnBasisPoints .* 4000 \.\. 10000/m,
        );
        expect(stderr).toMatch(
          /^genesis\.yaml:\d+:\d+: validators\[0\]\.stake is \d+ micro-tokens: /m,
        );
      },
    );
  });

  test("B19 B26: when the signing state is missing, until it is told", async () => {
    const log = path.join(data(), "signing.log");
    const kept = await readFile(log);
    await rm(log);

    const line = await lineOf("start", "--data-dir", data(), ...OWN_PORTS);
    expect(line).toContain("the signing state is missing");
    expect(line).toContain("--allow-new-signing-state");
    await startNode("--allow-new-signing-state");
    await stopNode();
    await writeFile(log, kept);
  });

  test("when the database is cut, scribbled over or of something else", async () => {
    await startNode();
    await stopNode();
    const file = path.join(data(), "database", "data.mdb");
    const whole = await readFile(file);
    const { size } = await stat(file);
    const damage: readonly (() => Promise<void>)[] = [
      () => truncate(file, Math.floor(size / 3)),
      () => truncate(file, 100),
      () => writeFile(file, "this is no database at all"),
      () =>
        writeFile(
          file,
          whole.map((byte, at) => (at > 8_192 && at % 97 === 0 ? byte ^ 1 : byte)),
        ),
    ];
    for (const [at, inflict] of damage.entries()) {
      await inflict();
      const command = at === 0 ? ["start", ...OWN_PORTS] : ["check"];
      expect(await lineOf(...command, "--data-dir", data())).toContain("is damaged");
      await writeFile(file, whole);
    }
    expect((await cli("check", "--data-dir", data())).code).toBe(0);
  });
});

async function occupy(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}

async function withFile(
  file: string,
  change: (text: string) => string,
  action: () => Promise<void>,
): Promise<void> {
  const text = await readFile(file, "utf8");
  expect(change(text)).not.toBe(text);
  await writeFile(file, change(text));
  try {
    await action();
  } finally {
    await writeFile(file, text);
  }
}
