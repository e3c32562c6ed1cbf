import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { expect, test } from "vitest";
import { explanation } from "../examples/genesis-file.ts";
import { defect } from "../examples/sign-and-certify.ts";

const folder = new URL("../examples/", import.meta.url);

test("the README's example certifies a vote", () => {
  expect(defect).toBeUndefined();
});

test("the example of a genesis file explains what to repair, line by line", () => {
  const lines = explanation.split("\n");

  expect(lines.length).toBeGreaterThan(3);
  expect(lines[0]).toMatch(/^genesis\.yaml:3:7: time `2026-02-30T00:00:00Z` is no such quantity: /);
  expect(explanation).toContain("write `epochMs`");
  for (const line of lines) expect(line).toMatch(/^genesis\.yaml:\d+:\d+: .+: .+/);
});

test.each(readdirSync(folder))("%s is plain JavaScript as it stands", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");

  expect(stripTypeScriptTypes(text)).toBe(text);
});
