import { toDigest, toSequence, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCheckpoint, parseCheckpoint } from "../src/config/checkpoint.ts";
import { NodeError } from "../src/failure/failure.ts";

const checkpoints = fc
  .record({
    sequence: fc.nat(),
    digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    // Of this century: beyond the year 9999 ISO 8601 has another form.
    statedAt: fc.integer({ min: 1_700_000_000_000, max: 4_000_000_000_000 }),
  })
  .map(({ sequence, digest, statedAt }) => ({
    sequence: toSequence(sequence),
    digest: toDigest(digest),
    statedAt: toTimestamp(statedAt),
  }));

describe("a checkpoint in words", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(checkpoints, (checkpoint) => {
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  test("that is none is refused as a wrong call, and nothing else is thrown", () => {
    const near = checkpoints.chain((checkpoint) => {
      const text = formatCheckpoint(checkpoint);
      return fc.nat({ max: text.length - 1 }).map((at) => text.slice(0, at));
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        try {
          parseCheckpoint(text);
          // A shorter time can be one too.
          expect(text).toMatch(/^\d+:[0-9a-fA-F]{64}:\d{4}-.*Z$/);
        } catch (error) {
          expect(error instanceof NodeError && error.fault.code).toBe("USAGE");
        }
      }),
    );
  });
});
