import { expect, test } from "vitest";

test("the example of the README runs, on the real Judge", async () => {
  const { summary } = await import("../examples/one-validator.ts");

  expect(summary).toMatchObject({ submitted: "accepted", outcome: "applied", bob: 25_000_000n });
  expect(summary.burned).toBeGreaterThan(0n);
});
