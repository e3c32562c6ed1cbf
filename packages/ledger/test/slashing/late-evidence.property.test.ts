import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SYSTEM_SOURCE, stake } from "../fixtures/calls.ts";
import { signedTwice } from "../fixtures/evidence.ts";
import { recordOf } from "../fixtures/validators.ts";
import { createWorld, skip, step } from "../fixtures/world.ts";

const UNIT = 1_000_000n;

/**
 * Losses of the last two of the validators, which fork, when the set grows before the evidence
 * comes.
 */
function lossesOf(options: {
  readonly stakes: readonly number[];
  readonly grown: number;
  readonly boundaries: number;
}): readonly bigint[] {
  const world = createWorld({
    source: SYSTEM_SOURCE,
    stakes: options.stakes.map((stake) => BigInt(stake) * UNIT),
    balances: [900n * UNIT, UNIT, UNIT],
    parameters: { unbondingMs: 20_000 },
  });
  let state = skip(world, world.state, 1);
  const sequence = state.header.sequence + 1;
  const more = stake({ world, state, by: world.alice }, BigInt(options.grown) * UNIT);
  state = step(world, state, { proofs: options.grown === 0 ? [] : [more] }).state;
  const { boundaries } = state.clock;
  while (state.clock.boundaries < boundaries + options.boundaries) state = skip(world, state, 1);
  const guilty = world.validators.slice(-2);
  const evidence = guilty.map((accused) => signedTwice(world, accused, sequence));
  state = skip(world, step(world, state, { evidence }).state, 30);
  return guilty.map((one) => recordOf(state, one).slashed);
}

describe("evidence that comes late", () => {
  test("P16: costs what it would have cost at once, however the set has grown since", () => {
    const stakes = fc.tuple(
      fc.integer({ min: 20, max: 40 }),
      fc.integer({ min: 20, max: 40 }),
      fc.integer({ min: 5, max: 30 }),
      fc.integer({ min: 5, max: 30 }),
    );
    let grown = 0;
    fc.assert(
      fc.property(
        stakes,
        fc.integer({ min: 50, max: 800 }),
        fc.integer({ min: 1, max: 6 }),
        (drawn, more, boundaries) => {
          const late = lossesOf({ stakes: drawn, grown: more, boundaries });
          expect(late).toEqual(lossesOf({ stakes: drawn, grown: 0, boundaries: 0 }));
          grown += 1;
        },
      ),
      { numRuns: 15 },
    );
    expect(grown).toBe(15);
  });
});
