import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const folder = new URL("../examples/", import.meta.url);
const map = "map.ts";
const counter = "counter.ts";

test("the map of the README is the same on all four replicas", async () => {
  const { answers, maps } = await import("../examples/map.ts");

  const wanted = new Map([
    ["colour", "red"],
    ["shape", "round"],
  ]);
  expect(maps).toEqual([wanted, wanted, wanted, wanted]);
  expect(answers).toEqual(["refused", "refused", "refused", "refused"]);
});

test("the counter, an application by hand, reaches its goal on all four replicas", async () => {
  const { counts } = await import("../examples/counter.ts");

  expect(counts).toEqual([10, 10, 10, 10]);
});

test("each is sixty lines at most and needs no package but this one and models", async () => {
  const world = await readFile(new URL("in-process.ts", folder), "utf8");
  for (const name of [map, counter]) {
    const text = await readFile(new URL(name, folder), "utf8");

    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    const imported = [...`${text}${world}`.matchAll(/from "([^"]+)"/g)].map(([, from]) => from);
    const known = ["@aethel/models", "@aethel/pbft", "./in-process.ts"];
    expect(new Set(imported)).toEqual(new Set(known));
  }
});

test("the README shows the map, which touches neither headers nor blocks", async () => {
  const text = await readFile(new URL(map, folder), "utf8");
  const readme = await readFile(new URL("../README.md", folder), "utf8");

  expect(readme).toContain(text);
  expect(text).not.toMatch(/header|createPlainBlock/i);
});
