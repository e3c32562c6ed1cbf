import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, start } from "./cli.ts";

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

    expect(stdout).toMatch(/tip\.ae +valid +certified/);
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
    expect(stdout).toMatch(/victim +balance +\d+ +\d+ +-1\n/);
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
    expect(lines[1].obligations.map(({ verdict }: { verdict: string }) => verdict)).toEqual(
      lines[1].obligations.map(() => "valid"),
    );
    const theft = lines[2].obligations.find(
      ({ verdict }: { verdict: string }) => verdict !== "valid",
    );
    expect(theft).toMatchObject({ kind: "authority", span: { start: { line: 9, column: 5 } } });
    expect(theft.counterexample.accounts).toEqual(lines[2].counterexample.accounts);
    expect(code).toBe(1);
  });

  test("shows every obligation of a file alone, and of many only when asked", async () => {
    const [alone, many, asked] = await Promise.all([
      run("judge", tip),
      run("judge", tip, steal),
      run("judge", "--obligations", tip, steal),
    ]);

    expect(alone.stdout).toMatch(/✓ +satisfiable +the guards can hold +\d+:\d+ +\d+ B +\d+ +\d+\n/);
    expect(many.stdout).not.toContain("the guards can hold");
    expect(asked.stdout.match(/the guards can hold/g)).toHaveLength(2);
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

  test("says of every kind of nonsense in one line what it is", async () => {
    const folderOf = path.join(folder, "folder.ae");
    const loop = path.join(folder, "loop.ae");
    await mkdir(folderOf);
    await symlink(loop, loop);
    const huge = await write("huge.smt2", Buffer.from("("));
    // A sparse file: it takes no room, and reading it would take all memory.
    await truncate(huge, 2 ** 33);
    const cases: readonly (readonly [file: string, reason: string])[] = [
      [folderOf, "it is a directory; name the files in it, as `*.ae`"],
      [await write("binary.ae", Uint8Array.of(0xff, 0, 1, 2)), "the source is not valid UTF-8"],
      [await write("binary.smt2", Uint8Array.of(0xff, 0, 1)), "not well-formed UTF-8"],
      [await write("empty.ae", new Uint8Array()), "the source holds no intent"],
      [await write("empty.smt2", new Uint8Array()), "the script does not end with (check-sat)"],
      [huge, "it has 8589934592 bytes; at most 1048576 are read"],
      [path.join(folder, "*.aet"), "no file matches"],
      [path.join(folder, "nothing.ae"), "there is no such file"],
      [loop, "it is a symbolic link to itself"],
      ["/dev/zero", "it is not a plain file"],
    ];

    const { code, stdout, stderr } = await run("judge", ...cases.map(([file]) => file));

    for (const [file, reason] of cases) {
      const told = stdout.split(`${path.basename(file)} `)[1]?.split("\n")[1] ?? "";
      expect(told.trim()).toContain(reason);
    }
    expect(stdout).toContain(`0 of ${cases.length} valid, ${cases.length} rejected`);
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  test("interrupted, ends at once with 130 and says how far it came", async () => {
    const endless = await write("endless.smt2", Buffer.from(ENDLESS));
    const running = start(["judge", "--workers", "1", tip, endless, steal]);
    await running.sees(/tip\.ae +valid/);
    running.child.kill("SIGINT");

    const { code, signal, stdout, stderr } = await running.done;

    expect({ code, signal }).toEqual({ code: 130, signal: null });
    expect(stderr).toBe("aethel: interrupted, 1 of 3 files were judged.\n");
    expect(stdout).not.toContain("steal");
  });

  describe.runIf(process.platform === "linux")("on a terminal", () => {
    test("has colours and a bar of progress, which is gone at the end", async () => {
      const shown = await onTerminal("", tip, pigeonhole, midpoint, steal);

      expect(shown).toContain("\u001b[32mvalid\u001b[39m");
      expect(shown).toContain("\u001b[31mrefuted\u001b[39m");
      expect(shown).toMatch(/░ +[0-3]\/4 /);
      expect(shown.lastIndexOf("2 of 4 valid")).toBeGreaterThan(shown.lastIndexOf("░"));
      // The cursor that the bar hid is shown again, after everything else.
      expect(shown.lastIndexOf("\u001b[?25h")).toBeGreaterThan(shown.lastIndexOf("\u001b[?25l"));
    });

    test("has neither colours with NO_COLOR, nor a bar where the terminal is dumb", async () => {
      const shown = await onTerminal("NO_COLOR=1 TERM=dumb", tip, pigeonhole, midpoint, steal);

      // oxlint-disable-next-line no-control-regex -- none of them may be there
      expect(shown).not.toMatch(/\u001b/);
      expect(shown).not.toContain("░");
      expect(shown).toContain("2 of 4 valid");
    });
  });

  test.each([
    [["judge", "--workers", "65", tip], "--workers 65 is not in 1 .. 64"],
    [["judge", "--limit", "0", tip], "--limit 0 is not in 1 .. 40000000"],
    [["judge"], "missing required argument 'file'"],
    [["judge", "--jsno", tip], "unknown option '--jsno'"],
    [["judge", "--limit", "many", tip], "a whole number is needed"],
    [["jugde", tip], "unknown command 'jugde'"],
    [["localnet", "--validators", "0"], "above 0"],
    [["start"], "required option '--data-dir <dir>'"],
    [["keys", "new"], "neither --data-dir nor --file"],
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

/** A script that Z3 solves without counting units, so that no limit ends it. */
const ENDLESS = `(declare-fun f (Int) Int)
(assert (forall ((n Int)) (! (> (f (f (+ n 1))) (f n)) :pattern ((f n)))))
(assert (< (f 0) 0))(assert (> (f 1) 1000))(check-sat)`;

/** Output for a terminal of 80 columns, control sequences included; `script` makes the terminal. */
async function onTerminal(environment: string, ...files: readonly string[]): Promise<string> {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const node = `"${process.execPath}" --conditions=@aethel/source`;
  const names = files.map((file) => `"${file}"`).join(" ");
  const settings = `env -u CI -u NO_COLOR -u FORCE_COLOR TERM=xterm ${environment}`;
  const command = `stty cols 80 rows 24; ${settings} ${node} "${main}" judge ${names}`;
  const { stdout } = await promisify(execFile)("script", ["-qc", command, "/dev/null"]);
  return stdout;
}

async function write(name: string, content: Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}
