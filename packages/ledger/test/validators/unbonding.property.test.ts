import { equalBytes, toAmount, toTimestamp } from "@aethel/models";
import { unbondsAt } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STATE_BOUNDS } from "../../src/state/bounds.ts";
import { Account } from "../../src/state/records.ts";
import { stateKey } from "../../src/state/state-key.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import { NO_DATE, ValidatorRecord } from "../../src/state/validator-records.ts";
import { dropFirst, firstOf, lengthOf } from "../../src/validators/queue.ts";
import { readValidator } from "../../src/validators/stake.ts";
import {
  dateUnbonding,
  hasDueRelease,
  hasUnbondingRoom,
  lockWithdrawn,
  readUnbonding,
  releaseDue,
  writeUnbonding,
} from "../../src/validators/unbonding.ts";
import { createWorld, type Person } from "../fixtures/world.ts";

const world = createWorld();
const { state } = world;
const [member] = world.validators as [Person];
const { id } = member;
const bounds = { ...STATE_BOUNDS, unbondingEntriesMax: 3 };

/**
 * Something that happens to one account's withdrawn stake, at the same time as the last or later.
 */
const acts = fc.array(
  fc.record({
    type: fc.constantFrom("withdraw", "date", "release"),
    later: fc.constantFrom(0, 0, 100, 700),
    amount: fc.integer({ min: 1, max: 50 }),
    /** Whether power stands for what is withdrawn. */
    isInEffect: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Bonded stake as it should be: under the power in effect, or as much. */
function setBonded(overlay: StateOverlay, isInEffect: boolean): void {
  const record = readValidator(overlay, id);
  const stake = toAmount(isInEffect ? 20_000_000n : 40_000_000n);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, stake });
}

/** Dates of one account in the queue of releases, in order. */
function queued(overlay: StateOverlay): readonly number[] {
  const dates: number[] = [];
  while (lengthOf(overlay, "releases") > 0) {
    const next = firstOf(overlay, "releases");
    if (next !== undefined && equalBytes(next.account, id)) dates.push(next.due);
    dropFirst(overlay, "releases");
  }
  return dates;
}

describe("withdrawn stake", () => {
  test("has one entry for each date, in their order, and one place among the releases for each", () => {
    let [merged, refused, undatedRoom] = [0, 0, 0];
    fc.assert(
      fc.property(acts, (all) => {
        const overlay = createStateOverlay(state.tree);
        let now = state.clock.now;
        let undated = 0n;
        let dated: { amount: bigint; freeAt: number }[] = [];
        let paid = 0n;
        const date = (): void => {
          if (undated === 0n) return;
          const freeAt = unbondsAt(now, state.parameters);
          const last = dated.at(-1);
          if (last?.freeAt === freeAt) last.amount += undated;
          else dated.push({ amount: undated, freeAt });
          merged += last?.freeAt === freeAt ? 1 : 0;
          undated = 0n;
        };
        for (const { type, later, amount, isInEffect } of all) {
          now = toTimestamp(now + later);
          if (type === "withdraw") {
            const hasRoom = hasUnbondingRoom(overlay, id, bounds);
            // One that has no date yet takes more in.
            expect(hasRoom).toBe(dated.length + (undated > 0n ? 1 : 0) < 3 || undated > 0n);
            refused += hasRoom ? 0 : 1;
            undatedRoom += hasRoom && dated.length === 2 && undated > 0n ? 1 : 0;
            if (!hasRoom) continue;
            setBonded(overlay, isInEffect);
            lockWithdrawn(overlay, { id, amount: toAmount(BigInt(amount)) }, { now, state });
            undated += BigInt(amount);
            if (!isInEffect) date();
          } else if (type === "date") {
            dateUnbonding(overlay, id, { now, state });
            date();
          } else {
            const due = dated.filter(({ freeAt }) => freeAt <= now);
            expect(hasDueRelease(overlay, now)).toBe(due.length > 0);
            releaseDue(overlay, now, bounds);
            for (const one of due) paid += one.amount;
            dated = dated.filter(({ freeAt }) => freeAt > now);
          }
          const { entries } = readUnbonding(overlay, id);
          const rest = undated > 0n ? [{ amount: undated, freeAt: NO_DATE }] : [];
          expect(entries).toEqual([...dated, ...rest]);
          expect(entries.length).toBeLessThanOrEqual(3);
          expect(overlay.read(stateKey.account(id), Account)?.balance ?? 0n).toBe(paid);
        }
        expect(queued(overlay)).toEqual(dated.map(({ freeAt }) => freeAt));
      }),
      // The seed is fixed: the draws are counted below.
      { numRuns: 400, seed: 1 },
    );
    expect(Math.min(merged, refused, undatedRoom)).toBeGreaterThan(10);
  });

  test("that has no date is not given back with what is free", () => {
    const overlay = createStateOverlay(state.tree);
    const { now } = state.clock;
    lockWithdrawn(overlay, { id, amount: toAmount(5n) }, { now, state });
    const { entries } = readUnbonding(overlay, id);
    writeUnbonding(overlay, id, {
      entries: [...entries, { amount: toAmount(7n), freeAt: NO_DATE }],
    });
    releaseDue(overlay, toTimestamp(now + 10_000_000), bounds);
    expect(readUnbonding(overlay, id).entries).toEqual([{ amount: 7n, freeAt: NO_DATE }]);
  });
});
