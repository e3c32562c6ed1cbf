import { expect, test } from "vitest";
import { defect } from "../examples/sign-and-certify.ts";

test("the README's example certifies a vote", () => {
  expect(defect).toBeUndefined();
});
