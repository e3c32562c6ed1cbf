import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const child = fileURLToPath(new URL("deep-child.ts", import.meta.url));

function answers(...flags: readonly string[]): string {
  const options = [...flags, "--conditions=@aethel/source", child];
  return execFileSync(process.execPath, options, { encoding: "utf8" });
}

test("a quarter of the stack, and no compiler, give the same answers", { timeout: 60_000 }, () => {
  const usual = answers();

  expect(usual.match(/"certified"/g)).toHaveLength(8);
  // Node's default is 984 kilobytes.
  expect(answers("--stack-size=246")).toBe(usual);
  expect(answers("--no-sparkplug", "--no-maglev", "--no-opt")).toBe(usual);
});
