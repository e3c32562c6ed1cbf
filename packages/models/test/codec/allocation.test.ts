import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** A boolean of a decoded bit field takes eight bytes: the most that any byte of input becomes. */
const BYTES_PER_BYTE = 80;

test("no input makes a decoder allocate more than its own length calls for", () => {
  const probe = fileURLToPath(new URL("allocation-probe.ts", import.meta.url));
  const flags = [
    "--conditions=@aethel/source",
    "--min-semi-space-size=128",
    "--max-semi-space-size=128",
  ];
  const output = execFileSync(process.execPath, [...flags, probe], { encoding: "utf8" });
  const worst = JSON.parse(output) as { ratio: number; bytes: number; type: string };

  // Nothing at all would mean that the probe measures nothing.
  expect(worst.ratio).toBeGreaterThan(10);
  expect(worst.ratio, output).toBeLessThan(BYTES_PER_BYTE);
});
