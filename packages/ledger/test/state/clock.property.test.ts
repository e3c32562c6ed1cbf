import { toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/index.ts";
import {
  ageOf,
  clockAfter,
  clockAtGenesis,
  earliestBoundary,
  isAtBoundary,
  isBoundary,
  lastEpochMs,
  reachesBoundary,
  spanOf,
} from "../../src/state/clock.ts";

/** A chain's blocks by their times alone: quick ones, slow ones, and long stretches without any. */
const chains = fc
  .record({
    genesis: fc.nat({ max: 2 ** 42 }),
    epochMs: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 5_000 })),
    steps: fc.array(
      fc.oneof(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 6_000 }),
        fc.integer({ min: 1, max: 200_000 }),
      ),
      { minLength: 10, maxLength: 60 },
    ),
  })
  .map(({ genesis, epochMs, steps }) => {
    let time = genesis;
    const times = steps.map((step) => {
      time += step;
      return toTimestamp(time);
    });
    return { genesis: toTimestamp(genesis), parameters: { epochMs }, times };
  });

/** The clock after each block. */
function clocksOf({ genesis, parameters, times }: Chain): readonly Clock[] {
  let clock = clockAtGenesis(genesis);
  return times.map((now) => {
    clock = clockAfter(clock, now, parameters);
    return clock;
  });
}
type Chain = typeof chains extends fc.Arbitrary<infer One> ? One : never;

/** Multiples of the epoch since genesis that are in (parent, now], counted one by one. */
function multiplesIn(genesis: number, epochMs: number, [parent, now]: [number, number]): number {
  let count = 0;
  const first = genesis + Math.ceil((parent - genesis) / epochMs) * epochMs;
  for (let time = first; time <= now; time += epochMs) {
    if (time > parent && time > genesis) count += 1;
  }
  return count;
}

describe("epoch boundaries", () => {
  test("a block is one exactly if a multiple of the epoch since genesis lies after its parent, up to it", () => {
    const seen = { none: 0, one: 0, several: 0 };
    fc.assert(
      fc.property(chains, (chain) => {
        const { genesis, parameters, times } = chain;
        let parent = genesis;
        let boundaries = 0;
        clocksOf(chain).forEach((clock, at) => {
          const now = times[at] ?? genesis;
          const passed = multiplesIn(genesis, parameters.epochMs, [parent, now]);
          seen[passed === 0 ? "none" : passed === 1 ? "one" : "several"] += 1;
          boundaries += passed === 0 ? 0 : 1;
          expect(isBoundary({ genesis, parent, now }, parameters)).toBe(passed > 0);
          expect(isAtBoundary(clock)).toBe(passed > 0);
          expect(clock).toMatchObject({ genesis, parent, now, boundaries });
          parent = now;
        });
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 500, seed: 1 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
  });

  test("no pace and no dates make more of them than epochs go by, or an epoch with more blocks than milliseconds", () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const { genesis, parameters, times } = chain;
        const clocks = clocksOf(chain);
        const boundaries = times.filter((_, at) =>
          isAtBoundary(clocks[at] ?? clockAtGenesis(genesis)),
        );
        boundaries.forEach((from, at) => {
          for (const [more, until] of boundaries.slice(at).entries()) {
            // Neither of the two is earlier than its own multiple: whole epochs lie between those.
            expect(more).toBeLessThanOrEqual(Math.ceil((until - from) / parameters.epochMs));
          }
        });
        let blocks = 0;
        for (const clock of clocks) {
          blocks += 1;
          expect(blocks).toBeLessThanOrEqual(parameters.epochMs);
          if (isAtBoundary(clock)) blocks = 0;
        }
      }),
      { numRuns: 300 },
    );
  });

  test("a genesis long ago makes the first block an epoch boundary, and no more than that", () => {
    const parameters = { epochMs: 60_000 };
    const founded = clockAtGenesis(toTimestamp(1_000));
    const first = clockAfter(founded, toTimestamp(1_000 + 7 * 86_400_000), parameters);
    const second = clockAfter(first, toTimestamp(first.now + 1_000), parameters);

    expect(isAtBoundary(first)).toBe(true);
    expect(first.boundaries).toBe(1);
    expect(isAtBoundary(second)).toBe(false);
    expect(second.boundaries).toBe(1);
  });

  test("what is said of the next one is when it comes: no block before that time is one", () => {
    fc.assert(
      fc.property(chains, fc.integer({ min: 1, max: 20_000 }), (chain, step) => {
        const { genesis, parameters, times } = chain;
        const clock = clocksOf(chain).at(-1) ?? clockAtGenesis(genesis);
        const asked = { genesis, parent: clock.parent, now: clock.now };
        const boundary = earliestBoundary(asked, parameters);
        if (isAtBoundary(clock)) {
          expect(boundary).toBe(times.at(-1));
          return;
        }
        const now = toTimestamp(clock.now + step);
        expect(reachesBoundary(clock, now, parameters)).toBe(now >= boundary);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what is counted in time", () => {
  test("absence counts an epoch as long as it was, without the time above an epoch that a halt took", () => {
    fc.assert(
      fc.property(chains, (chain) => {
        const { genesis, parameters } = chain;
        let [counted, before] = [0, genesis];
        for (const clock of clocksOf(chain)) {
          if (!isAtBoundary(clock)) continue;
          const lasted = lastEpochMs(clock, parameters);
          expect(lasted).toBe(Math.min(clock.now - before, parameters.epochMs));
          counted += lasted;
          before = clock.now;
          // So nobody is away for longer than the chain has run.
          expect(counted).toBeLessThanOrEqual(ageOf(clock));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("the spans of all blocks follow on from each other, from genesis to the last", () => {
    fc.assert(
      fc.property(chains, (chain) => {
        let until = 0;
        for (const clock of clocksOf(chain)) {
          const span = spanOf(clock);
          expect(span.fromMs).toBe(until);
          until = span.untilMs;
        }
        expect(until).toBe((chain.times.at(-1) ?? chain.genesis) - chain.genesis);
      }),
      { numRuns: 300 },
    );
  });
});
