import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the README's example runs and says what its comments say", async () => {
  const { intent, theorem } = await import("../../examples/judge.ts");

  expect(theorem).toMatchObject({ verdict: "valid" });
  expect(intent).toMatchObject({ verdict: "refuted" });
  expect(intent.type === "judged" && intent.reason).toMatch(/^authority of steal/);
});

test("the README holds the example as it is", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

  expect(read("../../README.md")).toContain(read("../../examples/judge.ts").trim());
});
