import { expect, test } from "vitest";
import { report } from "../examples/ten-nodes.ts";

test("the README's example goes through a crash and a partition and makes progress", () => {
  expect(report.lowestSequence).toBeGreaterThan(2);
  expect(report.messages.lost).toBeGreaterThan(0);
});
