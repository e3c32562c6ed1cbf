import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runTinyWorld } from "../src/index.ts";

/** Worlds of one run; more of them: `npm run sim -- fuzz --application ledger --tiny-bounds`. */
const WORLDS = 12;
/** With these all that is listed below is reached; others come on top, drawn anew each time. */
const FIRST = 1;

/** Every bound of the state, by what shows that a world reached it. */
const BOUNDS = [
  // A lane is full: an outcome.
  "stake-queue: stake",
  "stake-queue: ask_back",
  "stake-queue: rotate_key",
  // An account has as many unbonding entries as it may.
  "stake-queue: unstake",
  // All others end in waiting.
  "no seat is free",
  "power falls at a later border",
  "power rises at a later border",
  "keys rotate at a later border",
  "releases wait for the next block",
  "evidence no-room",
] as const;

describe("a ledger whose bounds are 2 to 8 instead of thousands", () => {
  test("no user input makes the end of a block throw, and nobody waits for ever", () => {
    const reached = new Set<string>();
    for (let seed = FIRST; seed < FIRST + WORLDS; seed += 1) {
      for (const what of runTinyWorld({ seed }).reached) reached.add(what);
    }
    // A world in which no bound was reached would show nothing.
    for (const bound of BOUNDS) expect(reached, bound).toContain(bound);
    const deeds = [
      "applied: ask_back",
      "applied: rotate_key",
      "applied: unstake",
      "applied: extreme invoke",
      "applied: extreme publish",
      "refused fee-limit",
      "convicted",
    ];
    for (const deed of deeds) expect(reached, deed).toContain(deed);
  });

  test("worlds that nobody has seen before do not break either", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), (seed) => {
        runTinyWorld({ seed, rounds: 24 });
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test("one seed is one world", () => {
    expect(runTinyWorld({ seed: 7, rounds: 12 })).toEqual(runTinyWorld({ seed: 7, rounds: 12 }));
  });
});
