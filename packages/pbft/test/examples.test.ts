import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const example = new URL("../examples/counter.ts", import.meta.url);

test("the counter of the README reaches its goal on all four replicas", async () => {
  const { counts } = await import("../examples/counter.ts");

  expect(counts).toEqual([10, 10, 10, 10]);
});

test("it is sixty lines at most, needs no package but this one and models, and the README shows it", async () => {
  const text = await readFile(example, "utf8");
  const world = await readFile(new URL("in-process.ts", example), "utf8");
  const readme = await readFile(new URL("../README.md", example), "utf8");

  expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  const imported = [...`${text}${world}`.matchAll(/from "([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(imported)).toEqual(new Set(["@aethel/models", "@aethel/pbft", "./in-process.ts"]));
  expect(readme).toContain(text);
});
