import { type BlockHeader, toTimestamp } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { findBoundsDefect, findHeadDefect, trustedForMs } from "../src/light/follow-bounds.ts";
import { followBounds, type TrustedHead } from "../src/light/index.ts";
import { createNewcomer } from "./two-histories.ts";

const parameters = { minBlockIntervalMs: 100, unbondingMs: 9_000 };
const { header, digest, validators } = createNewcomer().head;
const NOW = 1_000_000;

const headOf = (statedAt: number, timestamp = statedAt): TrustedHead => ({
  header: { ...header, timestamp: toTimestamp(timestamp) },
  digest,
  validators,
  statedAt: toTimestamp(statedAt),
});

describe("bounds of a follower", () => {
  test("trust a statement for two thirds of the time that unbonding takes, rounded down to both", () => {
    expect(trustedForMs({ unbondingMs: 9_000 })).toBe(6_000);
    expect([1, 2, 3, 5, 6].map((unbondingMs) => trustedForMs({ unbondingMs }))).toEqual([
      0, 0, 2, 2, 4,
    ]);
    const bounds = followBounds({ now: NOW, parameters });
    expect(findHeadDefect(headOf(NOW - 6_000), bounds)).toBeUndefined();
    expect(findHeadDefect(headOf(NOW - 6_001), bounds)).toBe("head-too-old");
  });

  test("take what is ahead of the own clock by ten seconds, unless told otherwise", () => {
    for (const [aheadMs, given] of [
      [10_000, {}],
      [0, { aheadMs: 0 }],
      [7, { aheadMs: 7 }],
    ] as const) {
      const bounds = followBounds({ now: NOW, parameters, ...given });
      const next = (timestamp: number): BlockHeader => headOf(timestamp).header;
      const head = headOf(NOW);
      expect(findHeadDefect(headOf(NOW + aheadMs), bounds)).toBeUndefined();
      expect(findHeadDefect(headOf(NOW + aheadMs + 1, NOW), bounds)).toBe("head-in-future");
      expect(findHeadDefect(headOf(NOW, NOW + aheadMs + 1), bounds)).toBe("head-in-future");
      expect(findBoundsDefect(head, next(NOW + aheadMs), bounds)).toBeUndefined();
      expect(findBoundsDefect(head, next(NOW + aheadMs + 1), bounds)).toBe("header-in-future");
    }
  });
});
