import { toSequence, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaderOf } from "../src/index.ts";
import { createMembership } from "./keys.ts";

const powers = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 12 });

describe("leader schedule", () => {
  test("P10: two views in a row have two leaders, unless there is only one validator", () => {
    fc.assert(
      fc.property(powers, fc.nat({ max: 1_000_000 }), (stakes, from) => {
        const { set } = createMembership(stakes);
        for (let view = 0; view < 50; view++) {
          const now = leaderOf(set, toSequence(from), toView(view));
          const next = leaderOf(set, toSequence(from), toView(view + 1));
          expect(now).toBeLessThan(stakes.length);
          if (stakes.length > 1) expect(next).not.toBe(now);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("the slot is sequence plus view, so it rotates with every sequence", () => {
    fc.assert(
      fc.property(powers, fc.nat({ max: 1_000 }), fc.nat({ max: 100 }), (stakes, at, view) => {
        const { set } = createMembership(stakes);

        const left = leaderOf(set, toSequence(at + view), toView(0));

        expect(leaderOf(set, toSequence(at), toView(view))).toBe(left);
      }),
    );
  });

  test("equal stakes rotate exactly: n slots in a row have n leaders", () => {
    for (const n of [2, 3, 4, 7, 100]) {
      const { set } = createMembership(Array.from({ length: n }, () => 5));
      const leaders = Array.from({ length: n }, (_, at) =>
        leaderOf(set, toSequence(9 + at), toView(0)),
      );
      expect(new Set(leaders).size).toBe(n);
    }
  });

  test("P27: everyone below 3/8 of the power leads in proportion to it, to one in a hundred slots", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 5, maxLength: 12 }),
        (stakes) => {
          const { set } = createMembership(stakes);
          const total = Number(set.totalPower);
          const biggest = Math.max(...stakes);
          fc.pre(biggest * 8 < total * 3);
          const slots = 2_000;
          const counts = stakes.map(() => 0);
          for (let at = 1; at <= slots; at++) {
            const leader = leaderOf(set, toSequence(at), toView(0));
            counts[leader] = (counts[leader] ?? 0) + 1;
          }
          set.validators.forEach(({ power }, index) => {
            const share = Number(power) / total;
            expect(Math.abs((counts[index] ?? 0) / slots - share)).toBeLessThan(0.01);
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  test("P27: over 100,000 slots nobody is more than a dozen slots from the share of power", () => {
    const lists: readonly (readonly number[])[] = [
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      [1_000, 900, 700, 400, 400, 300, 100, 30, 7, 1],
      Array.from({ length: 100 }, (_, at) => Math.ceil(10_000 / (at + 1))),
      Array.from({ length: 40 }, (_, at) => 1_000 + at),
    ];
    const slots = 100_000;
    for (const stakes of lists) {
      const { set } = createMembership(stakes);
      const counts = stakes.map(() => 0);
      for (let at = 1; at <= slots; at++) {
        const leader = leaderOf(set, toSequence(at), toView(0));
        counts[leader] = (counts[leader] ?? 0) + 1;
      }
      const expected = set.validators.map(
        ({ power }) => (slots * Number(power)) / Number(set.totalPower),
      );
      const gaps = expected.map((share, index) => (counts[index] ?? 0) - share);
      const chiSquare = gaps.reduce(
        (sum, gap, index) => sum + gap ** 2 / (expected[index] ?? 1),
        0,
      );

      expect(Math.max(...gaps.map(Math.abs))).toBeLessThan(12);
      // Drawing lots would give about as many as there are others to compare with.
      expect(chiSquare).toBeLessThan((stakes.length - 1) / 5);
    }
  });

  test("someone with 3/8 or more leads every other slot, the others share the rest by stake", () => {
    const { set } = createMembership([50, 20, 20, 10]);
    const counts = [0, 0, 0, 0];
    for (let at = 1; at <= 1_000; at++) {
      const leader = leaderOf(set, toSequence(at), toView(0));
      counts[leader] = (counts[leader] ?? 0) + 1;
    }
    const byPower = set.validators.map(
      ({ power }, at) => [Number(power), counts[at] ?? 0] as const,
    );
    for (const [power, led] of byPower) {
      expect(Math.abs(led - (power === 50 ? 500 : power * 10))).toBeLessThan(20);
    }
  });
});
