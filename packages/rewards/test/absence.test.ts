import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absenceAfter } from "../src/staking/absence.ts";

const ABSENCE_MS = 10_000_000;
const EPOCH_MS = 50_000;

/** Absence after epochs of 50 blocks, each with so many votes of the validator. */
function after(votes: readonly number[], absentMs = 0): number {
  return votes.reduce(
    (absent, count) =>
      absenceAfter(
        { absentMs: absent, votes: count, blocks: 50, lastedMs: EPOCH_MS },
        { absenceMs: ABSENCE_MS },
      ),
    absentMs,
  );
}

const repeat = (votes: number, epochs: number): readonly number[] =>
  Array.from({ length: epochs }, () => votes);

describe("absence", () => {
  test("who votes on nothing has missed all the time there was", () => {
    expect(after(repeat(0, 10))).toBe(10 * EPOCH_MS);
    expect(after(repeat(0, 199))).toBe(ABSENCE_MS - EPOCH_MS);
    expect(after(repeat(0, 200))).toBe(ABSENCE_MS);
  });

  test("one vote in fifty delays jail and does not prevent it", () => {
    expect(after(repeat(1, 208))).toBeLessThan(ABSENCE_MS);
    expect(after(repeat(1, 209))).toBe(ABSENCE_MS);
  });

  test("who votes on half of the blocks at least never reaches anything", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 25, max: 50 }), { maxLength: 50 }), (votes) => {
        expect(after(votes)).toBe(0);
      }),
    );
  });

  test("whatever the order of votes, less than half of them in the long run reaches jail", () => {
    const patterns = fc
      .array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 10 })
      .filter((votes) => votes.reduce((sum, count) => sum + count, 0) < 24 * votes.length);
    fc.assert(
      fc.property(patterns, (votes) => {
        const long = Array.from({ length: 6_000 }, (_, at) => votes[at % votes.length] ?? 0);
        const reached: number[] = [];
        let absent = 0;
        for (const count of long) {
          absent = after([count], absent);
          reached.push(absent);
        }
        expect(Math.max(...reached)).toBe(ABSENCE_MS);
      }),
      { numRuns: 30 },
    );
  });

  test("an epoch of votes takes back as much as an epoch without adds, and never more", () => {
    const epochs = fc.record({
      absentMs: fc.nat({ max: ABSENCE_MS }),
      votes: fc.nat({ max: 1_000 }),
      blocks: fc.nat({ max: 1_000 }),
      lastedMs: fc.nat({ max: EPOCH_MS }),
    });
    fc.assert(
      fc.property(epochs, (epoch) => {
        if (epoch.votes > epoch.blocks) return;
        const absent = absenceAfter(epoch, { absenceMs: ABSENCE_MS });
        expect(absent).toBeGreaterThanOrEqual(0);
        expect(absent).toBeLessThanOrEqual(ABSENCE_MS);
        expect(Math.abs(absent - epoch.absentMs)).toBeLessThanOrEqual(epoch.lastedMs);
      }),
      { numRuns: 500 },
    );
  });

  test("an epoch without a certificate says nothing", () => {
    const epoch = { absentMs: 7, votes: 0, blocks: 0, lastedMs: EPOCH_MS };
    expect(absenceAfter(epoch, { absenceMs: ABSENCE_MS })).toBe(7);
  });

  test("numbers as large as they can be stay exact", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const epoch = { absentMs: 0, votes: 0, blocks: 2 ** 32 - 1, lastedMs: most };
    expect(absenceAfter(epoch, { absenceMs: most })).toBe(most);
  });
});
