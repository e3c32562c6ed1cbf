import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ROOT } from "../src/repository.ts";

const read = (path: string): string => readFileSync(`${ROOT}${path}`, "utf8");

/** Packages may not import each other's tests, so that of the ledger has a copy. */
test("what the ledger's tests have of the page of fees is a part of what the tests of rewards have", () => {
  const whole = read("packages/rewards/test/spec.ts");
  const [, ...parts] = read("packages/ledger/test/fees/page.ts").split("\n\n");

  expect(parts.length).toBeGreaterThan(10);
  for (const part of parts) expect(whole).toContain(part.trim());
});
