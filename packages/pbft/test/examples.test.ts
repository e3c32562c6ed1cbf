import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { countTo } from "../examples/counter.ts";

test("the counter of the README reaches its goal on all four replicas", async () => {
  const values = await countTo(5);

  expect(values).toEqual([5, 5, 5, 5]);
});

test("the README shows lines of the example that runs", async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");
  const [readme, example] = [await read("../README.md"), await read("../examples/counter.ts")];
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const meaningful = block.split("\n").map((line) => line.trim());
  const shown = meaningful.filter((line) => line !== "" && !line.startsWith("//"));

  expect(shown.length).toBeGreaterThan(10);
  for (const line of shown) expect(example).toContain(line);
});
