import { emptyTree } from "@aethel/merkle";
import { toAmount, toSequence, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY_KIND } from "../../src/index.ts";
import {
  ageOf,
  clockAfter,
  clockAtGenesis,
  isAtBoundary,
  lastEpochMs,
  spanOf,
  spanTo,
} from "../../src/state/clock.ts";
import { dateBoundary, powerAt } from "../../src/state/dated-boundaries.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";

/** Blocks at any pace, with halts; an unbonding time of few or many epochs. */
const chains = fc.record({
  unbondingMs: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 9_000 })),
  maxDriftMs: fc.nat({ max: 40 }),
  epochMs: fc.integer({ min: 1, max: 300 }),
  steps: fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 6_000 })), {
    minLength: 20,
    maxLength: 60,
  }),
});

/** An epoch boundary as a list has it. */
interface Dated {
  readonly sequence: number;
  readonly time: number;
  readonly power: bigint;
}

describe("dates of epoch boundaries", () => {
  test("are kept in order, each with its power; an epoch boundary forgets two at most, whose successor is over", () => {
    const seen = { none: 0, one: 0, two: 0 };
    fc.assert(
      fc.property(chains, ({ steps, ...parameters }) => {
        let clock = clockAtGenesis(toTimestamp(5_000));
        let tree = emptyTree;
        let kept: Dated[] = [];
        steps.forEach((step, at) => {
          const [sequence, power] = [toSequence(at + 1), BigInt(100 + at)];
          clock = clockAfter(clock, toTimestamp(clock.now + step), parameters);
          if (isAtBoundary(clock)) {
            const overlay = createStateOverlay(tree);
            clock = dateBoundary(overlay, clock, { sequence, power, parameters });
            tree = tree.update(overlay.changes().map(({ key, after }) => ({ key, value: after })));
            kept = [...kept, { sequence, time: clock.now, power }];
            let gone = 0;
            for (const second of kept.slice(1, 3)) {
              if (second.time + parameters.unbondingMs + parameters.maxDriftMs > clock.now) break;
              gone += 1;
            }
            kept = kept.slice(gone);
            seen[gone === 0 ? "none" : gone === 1 ? "one" : "two"] += 1;
          }
          expect(clock.oldestDated).toBe(clock.boundaries + 1 - kept.length);
          const dates = [...tree.entries()].filter(({ key }) => key[0] === KEY_KIND.datedBoundary);
          expect(dates).toHaveLength(kept.length);
          // Votes that no epoch boundary has ended yet are those of the set that votes now.
          const votingSet = { totalPower: toAmount(7n) };
          const where = { overlay: createStateOverlay(tree), state: { clock, votingSet } };
          for (let asked = 1; asked <= at + 1; asked += 1) {
            const ended = kept.find((boundary) => boundary.sequence >= asked);
            expect(powerAt(toSequence(asked), where)).toBe(ended?.power ?? 7n);
          }
        });
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 60, seed: 1 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});

describe("the span of a block", () => {
  test("is known before it as it is after it, and before the first epoch boundary no epoch has lasted", () => {
    fc.assert(
      fc.property(chains, fc.nat({ max: 2 ** 40 }), ({ steps, epochMs }, genesis) => {
        let clock = clockAtGenesis(toTimestamp(genesis));
        expect(lastEpochMs(clock, { epochMs })).toBe(0);
        expect(isAtBoundary(clock)).toBe(false);
        expect(clock).toMatchObject({
          boundaries: 0,
          oldestDated: 1,
          now: genesis,
          boundary: genesis,
        });
        let age = 0;
        for (const step of steps) {
          const now = toTimestamp(clock.now + step);
          const span = spanTo(clock, now);
          expect(span).toEqual({ fromMs: age, untilMs: age + step });
          clock = clockAfter(clock, now, { epochMs });
          expect(spanOf(clock)).toEqual(span);
          age += step;
          expect(ageOf(clock)).toBe(age);
        }
      }),
      { numRuns: 100 },
    );
  });
});
