import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const readme = readFileSync(file("README.md"), "utf8");

/** Output of each example, which checks the claims of the README. */
const examples = {
  "examples/prove.ts": ["alice had 100 in 39 bytes", "bob is gone: { ok: true, value: undefined }"],
  "examples/sync.ts": ["10 values are shown", "1000 keys came in"],
};

/** Examples that the README only links to. */
const named = { "examples/persist.ts": ["stored: {", "version: 1", "size: 1"] };

describe("the README", () => {
  for (const [name, lines] of Object.entries(examples)) {
    test(`shows ${name} word for word, and it runs`, () => {
      expect(readme).toContain(readFileSync(file(name), "utf8"));

      expectRuns(name, lines);
    });
  }

  for (const [name, lines] of Object.entries(named)) {
    test(`names ${name}, and it runs`, () => {
      expect(readme).toContain(`(${name})`);
      expectRuns(name, lines);
    });
  }

  test("names every error code, and has at most 120 lines", () => {
    const source = readFileSync(file("src/errors.ts"), "utf8");
    const codes = [...source.matchAll(/code: "([A-Z_]+)"/g)].map((match) => match[1] ?? "");
    expect(codes.length).toBe(9);
    for (const code of codes) expect(readme).toContain(`\`${code}\``);
    expect(readme.split("\n").length).toBeLessThanOrEqual(121);
  });
});

function expectRuns(name: string, lines: readonly string[]): void {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--conditions=@aethel/source", file(name)],
    { encoding: "utf8" },
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (const line of lines) expect(stdout).toContain(line);
}
