import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./cli.ts";

const example = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url));
const steal = example("intents/refused-steal.ae");
const tip = example("intents/tip.ae");
const pigeonhole = example("theorems/pigeonhole.smt2");
const midpoint = example("theorems/false-midpoint.smt2");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-judge-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("aethel judge", () => {
  test("exits with 0 when all files are valid, and shows a table", async () => {
    const { code, stdout, stderr } = await run("judge", tip, pigeonhole);

    expect(stdout).toMatch(/tip\.ae +valid/);
    expect(stdout).toMatch(/pigeonhole\.smt2 +valid/);
    expect(stdout).toContain("2 of 2 valid");
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  test("exits with 1 when one is not, and shows the counterexample", async () => {
    const { code, stdout } = await run("judge", steal, pigeonhole);

    expect(code).toBe(1);
    expect(stdout).toMatch(/refused-steal\.ae +refuted/);
    expect(stdout).toMatch(/`victim`\s+did\s+not\s+sign/);
    expect(stdout).toContain("1 of 2 valid");
  });

  test("with --json prints one object a line, in the order of the files", async () => {
    const { code, stdout } = await run("judge", "--json", midpoint, tip, steal);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

    expect(lines.map(({ file, kind, verdict }) => [file, kind, verdict])).toEqual([
      [midpoint, "theorem", "refuted"],
      [tip, "publish", "valid"],
      [steal, "publish", "refuted"],
    ]);
    for (const { difficulty, resource, ms } of lines) {
      expect(difficulty).toBeGreaterThan(0);
      expect(resource).toBeGreaterThan(0);
      expect(ms).toBeGreaterThan(0);
    }
    expect(lines[0].counterexample.values).toHaveLength(2);
    expect(lines[2].reason).toContain("authority");
    expect(code).toBe(1);
  });

  test("rejects a file cut anywhere, one that is missing and one of another kind, each with a reason", async () => {
    const whole = await readFile(tip);
    const script = await readFile(pigeonhole);
    const cuts = await Promise.all(
      [0.2, 0.5, 0.9].flatMap((part, at) => [
        write(`cut-${at}.ae`, whole.subarray(0, Math.floor(whole.length * part))),
        write(`cut-${at}.smt2`, script.subarray(0, Math.floor(script.length * part))),
      ]),
    );
    const other = await write("notes.txt", Buffer.from("hello"));
    const missing = path.join(folder, "missing.ae");

    const { code, stdout, stderr } = await run("judge", "--json", ...cuts, other, missing);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

    expect(lines).toHaveLength(8);
    expect(lines.map(({ verdict }) => verdict)).toEqual(lines.map(() => "rejected"));
    for (const { reason } of lines) expect(reason.length).toBeGreaterThan(8);
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  test.each([
    [["judge"], "missing required argument 'file'"],
    [["judge", "--jsno", tip], "unknown option '--jsno'"],
    [["judge", "--limit", "many", tip], "a whole number is needed"],
    [["jugde", tip], "unknown command 'jugde'"],
    [["localnet", "--validators", "0"], "above 0"],
    [["start"], "required option '--data-dir <dir>'"],
    [["keys", "new"], "no place for the keys"],
    [["init", "--data-dir", "/nowhere", "--observer"], "an observer needs a chain"],
  ])("exits with 2 and says what to do for `aethel %j`", async (args, complaint) => {
    const { code, stdout, stderr } = await run(...args);

    expect(stderr).toContain(complaint);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("Next: ");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

async function write(name: string, content: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}
