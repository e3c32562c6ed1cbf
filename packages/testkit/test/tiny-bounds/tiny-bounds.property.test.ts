import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runTinyWorld } from "../../src/index.ts";

/**
 * Seeds that reach much come first. Worlds are played until all that is listed below was reached.
 * For more: `npm run sim -- fuzz --application ledger --tiny-bounds`.
 */
const SEEDS = [13, 21, 5, 2, ...Array.from({ length: 40 }, (_, at) => 100 + at)];
const LEAST = 4;

/** Every bound of the state, by the outcome or event that shows that a world reached it. */
const BOUNDS = [
  // A lane is full: an outcome.
  "stake-queue: stake",
  "stake-queue: ask_back",
  "stake-queue: rotate_key",
  // An account has as many unbonding entries as it may.
  "stake-queue: unstake",
  // All others end in waiting.
  "no seat is free",
  "power falls at a later boundary",
  "power rises at a later boundary",
  "keys rotate at a later boundary",
  "releases wait for the next block",
  "evidence no-room",
] as const;

/** Events without which a world shows nothing. */
const DEEDS = [
  "applied: ask_back",
  "applied: rotate_key",
  "applied: unstake",
  "applied: extreme invoke",
  "applied: extreme publish",
  "refused fee-limit",
  "convicted",
] as const;

describe("a ledger whose bounds are 2 to 8 instead of thousands", () => {
  test("P42: no user input makes the end of a block throw, and nobody waits for ever", () => {
    const missing = new Set<string>([...BOUNDS, ...DEEDS]);
    for (const [at, seed] of SEEDS.entries()) {
      if (at >= LEAST && missing.size === 0) break;
      for (const what of runTinyWorld({ seed }).reached) missing.delete(what);
    }
    // Worlds in which no bound was reached would show nothing.
    expect([...missing]).toEqual([]);
  });

  test("worlds of new seeds do not break either", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), (seed) => {
        runTinyWorld({ seed, rounds: 24 });
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });

  test("one seed is one world", () => {
    expect(runTinyWorld({ seed: 7, rounds: 12 })).toEqual(runTinyWorld({ seed: 7, rounds: 12 }));
  });
});
