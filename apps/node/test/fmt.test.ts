import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./cli.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-fmt-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const untidy = "intent keep(a: Account) { # why\nguard{a.balance>=0;} verify{a.balance>=0;} }";

describe("aethel fmt", () => {
  test("--check names what is not formatted and changes nothing; without it the file is laid out once", async () => {
    const file = path.join(folder, "keep.ae");
    await writeFile(file, untidy);

    const checked = await run("fmt", "--check", file);
    expect([checked.code, checked.stdout]).toEqual([1, `${file}\n`]);
    expect(await readFile(file, "utf8")).toBe(untidy);

    const formatted = await run("fmt", file);
    const text = await readFile(file, "utf8");
    expect(formatted.code).toBe(0);
    expect(text).not.toBe(untidy);
    expect(text).toContain("# why");

    const again = await run("fmt", "--check", file);
    expect([again.code, again.stdout]).toEqual([0, ""]);
  });

  test("a file that does not parse stays as it is, and the place is shown", async () => {
    const file = path.join(folder, "broken.ae");
    await writeFile(file, "intent broken(");

    const { code, stderr } = await run("fmt", file);

    expect(code).toBe(1);
    expect(stderr).toContain("broken.ae");
    expect(stderr).toContain("^");
    expect(await readFile(file, "utf8")).toBe("intent broken(");
  });

  test("a file that is missing is one line, and the others are formatted all the same", async () => {
    const file = path.join(folder, "other.ae");
    await writeFile(file, untidy);

    const { code, stdout, stderr } = await run("fmt", path.join(folder, "nope.ae"), file);

    expect(code).toBe(1);
    expect(stderr).toContain("nope.ae: there is no such file");
    expect(stdout).toContain("other.ae");
  });

  test("what is no source is one line each, and stays as it is", async () => {
    const notes = path.join(folder, "notes.txt");
    const binary = path.join(folder, "binary.ae");
    await writeFile(notes, "hello");
    await writeFile(binary, Uint8Array.of(0xff, 0, 1));

    const { code, stdout, stderr } = await run("fmt", folder, notes, binary);

    expect(stderr.trim().split("\n")).toEqual([
      `${folder}: it is a directory; name the files in it, as \`*.ae\``,
      `${notes}: it is no .ae file`,
      `${binary}: it is not UTF-8 text`,
    ]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(await readFile(notes, "utf8")).toBe("hello");
  });

  test("standard input goes to standard output, which gets nothing when the source is wrong", async () => {
    const file = path.join(folder, "streamed.ae");
    await writeFile(file, untidy);
    await run("fmt", file);

    const whole = await runWith(untidy, "fmt", "-");
    const wrong = await runWith("intent broken(", "fmt", "-");
    const unchecked = await runWith(untidy, "fmt", "--check", "-");

    expect([whole.code, whole.stdout]).toEqual([0, await readFile(file, "utf8")]);
    expect([wrong.code, wrong.stdout]).toEqual([1, ""]);
    expect(wrong.stderr).toContain("standard input:1:15: syntax: ");
    expect([unchecked.code, unchecked.stdout]).toEqual([1, "standard input\n"]);
  });

  test("a link to a source stays a link; what it leads to is formatted", async () => {
    const file = path.join(folder, "real.ae");
    const link = path.join(folder, "link.ae");
    await writeFile(file, untidy, { mode: 0o640 });
    await symlink(file, link);

    expect((await run("fmt", link)).code).toBe(0);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await lstat(file)).mode & 0o777).toBe(0o640);
    expect((await run("fmt", "--check", file)).code).toBe(0);
  });
});

/** Runs the command line with a text on its standard input. */
async function runWith(
  input: string,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@aethel/source", main, ...args]);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}
