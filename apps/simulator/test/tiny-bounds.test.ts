import { TestkitError } from "@aethel/testkit";
import { describe, expect, test } from "vitest";
import { fuzzTinyBounds } from "../src/fuzz/tiny-bounds.ts";

const flags = { seed: 1, runs: 2, jobs: 1, application: "ledger" };

describe("fuzz --tiny-bounds", () => {
  test("runs ledgers of tiny bounds and says what they reached", async () => {
    const lines: string[] = [];
    const code = await fuzzTinyBounds(flags, (line) => lines.push(line));

    expect(code).toBe(0);
    expect(lines.join("\n")).toContain("No violation: 2 ledgers");
    expect(lines).toContain("  2: power falls at a later boundary");
  }, 60_000);

  test("needs the ledger", async () => {
    const run = fuzzTinyBounds({ ...flags, application: "counter" }, () => undefined);
    await expect(run).rejects.toThrow(TestkitError);
  });
});
