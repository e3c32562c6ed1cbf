import { toResource } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { difficultyOf, RESOURCE_LIMIT_MAX, SCRIPT_BYTES_MAX } from "../../src/index.ts";

const resources = fc.nat({ max: RESOURCE_LIMIT_MAX });
const sizes = fc.nat({ max: SCRIPT_BYTES_MAX });

describe("difficulty", () => {
  test("P4: more solver work or a larger proof is never easier", () => {
    fc.assert(
      fc.property(resources, resources, sizes, sizes, (a, b, m, n) => {
        const less = { resource: toResource(Math.min(a, b)), proofBytes: Math.min(m, n) };
        const more = { resource: toResource(Math.max(a, b)), proofBytes: Math.max(m, n) };
        expect(difficultyOf(less)).toBeLessThanOrEqual(difficultyOf(more));
      }),
      { numRuns: 1_000 },
    );
  });

  test("it is a positive integer, and the documented one", () => {
    expect(difficultyOf({ resource: toResource(0), proofBytes: 0 })).toBe(1);
    expect(difficultyOf({ resource: toResource(4_003), proofBytes: 100 })).toBe(1_801);
  });
});
