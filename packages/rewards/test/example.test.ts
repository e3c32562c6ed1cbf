import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { summary } from "../examples/one-block.ts";

test("the example of the README computes what its comments say", () => {
  expect(summary).toEqual({
    reward: 40_000n,
    shares: [9_500n, 9_500n, 9_500n],
    bonus: 529n,
    unminted: 10_971n,
    burned: 16_002n,
    tip: 500n,
  });
});

test("the README embeds the example verbatim", () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

  expect(read("../README.md")).toContain(read("../examples/one-block.ts"));
});
