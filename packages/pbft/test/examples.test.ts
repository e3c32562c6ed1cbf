import { expect, test } from "vitest";

test("the counter of the README reaches its goal on all four replicas", async () => {
  const { values } = await import("../examples/counter.ts");

  expect(values).toEqual([10, 10, 10, 10]);
});
