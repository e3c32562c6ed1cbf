import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { isAlive, start } from "./cli.ts";
import { COMMAND } from "./operators.ts";

// Seconds on two free cores; on busy ones ten times as long.
vi.setConfig({ testTimeout: 400_000 });

const read = async (name: string): Promise<string> =>
  await readFile(fileURLToPath(new URL(`../../../${name}`, import.meta.url)), "utf8");

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command of the tutorial in a folder, with `aethel` from its sources. */
function run(command: string, folder: string, url: string): Promise<Ran> {
  const words = command.split(" ").slice(1);
  const env = { ...process.env, AETHEL_URL: url, AETHEL_PASSWORD: "localnet" };
  const [node, ...options] = COMMAND;
  const child = spawn(node, [...options, ...words], { cwd: folder, env });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

test("every command of the tutorial of a first contract does what the page says", async () => {
  const page = await read("docs/tutorials/first-contract.md");
  const folder = mkdtempSync(path.join(tmpdir(), "aethel-tutorial-"));
  const net = start(["localnet", "--validators", "1", "--data-dir", path.join(folder, "net")]);
  try {
    await net.sees(/Ctrl-C ends it/);
    const url = net.stdout().match(/http:\/\/\S+/)?.[0] ?? "";
    const source = /```aethel\n(.*?)```/s.exec(page)?.[1] ?? "";
    const file = path.join(folder, "escrow.ae");
    await writeFile(file, source);
    const blocks = [...page.matchAll(/```sh( fails)?\n(.*?)```/gs)].flatMap(
      ([, fails, text = ""]) =>
        text
          .trim()
          .split("\n")
          .map((command) => ({ command, fails: fails !== undefined })),
    );
    const commands = blocks.filter(({ command }) => /^aethel (?!localnet)/.test(command));
    expect(commands).toHaveLength(7);
    const outputs: string[] = [];
    for (const { command, fails } of commands) {
      const { code, output } = await run(command, folder, url);
      outputs.push(output);
      if (command === "aethel judge escrow.ae") {
        expect(code).toBe(1);
        // The correction that the page describes makes the example that ships.
        const corrected = source.replace(
          "      vault.balance -= d.amount;\n      d.payee",
          "      deals[id].open = false;\n      vault.balance -= d.amount;\n      d.payee",
        );
        await writeFile(file, corrected);
        expect((await read("examples/contracts/escrow.ae")).endsWith(corrected)).toBe(true);
      } else expect([command, code, output]).toEqual([command, fails ? 1 : 0, output]);
    }
    const [judged = "", published = "", opened = "", shown = "", stolen = ""] = outputs;
    expect(judged).toContain("invariant of release: `solvent` is kept");
    expect(judged).toContain("0 == 1 is false");
    expect(judged).toMatch(/deals\[10\]\.open +true +true/);
    expect(published).toMatch(/^contract {2}[0-9a-f]{64}$/m);
    expect(opened).toContain(
      "losses     at most: the author 5 tokens, exactly what this run takes",
    );
    expect(shown).toMatch(/open +true/);
    expect(stolen).toContain("the guard is false: signed(d.payer);");
    expect(outputs.at(-1)).toMatch(/open +false/);
    expect(outputs.at(-1)).toMatch(/quorum +1 of 1 validators signed it, with 100 %/);
  } finally {
    net.child.kill("SIGTERM");
    await net.done;
    rmSync(folder, { recursive: true, force: true });
  }
  expect(isAlive(net.child.pid ?? 0)).toBe(false);
});
