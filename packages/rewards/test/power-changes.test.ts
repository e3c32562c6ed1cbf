import { type AccountId, toAccountId } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admitPowerChanges,
  type PowerChange,
  powerChangeAllowed,
  RewardsError,
} from "../src/index.ts";
import { sum } from "./arbitraries.ts";

const account = (at: number): AccountId => toAccountId(new Uint8Array(32).fill(at));
const size = ({ from, to }: PowerChange): bigint => (to > from ? to - from : from - to);

const power = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 0n, max: 20n }),
  fc.bigInt({ min: 0n, max: 2n ** 40n }),
);

/**
 * Set whose members all request a power, some their present one; newcomers and leavers included.
 */
const boundaries = fc
  .array(fc.record({ from: power, to: power }), { minLength: 1, maxLength: 12 })
  .map((wishes) => wishes.map((wish, at) => ({ validator: account(at), ...wish })))
  .filter((changes) => sum(changes.map(({ from }) => from)) >= 4n)
  .map((changes) => ({ changes, totalPower: sum(changes.map(({ from }) => from)) }));

describe("power changes at an epoch boundary", () => {
  test("less than a third changes, and admitted plus queued is what was asked", () => {
    fc.assert(
      fc.property(boundaries, ({ changes, totalPower }) => {
        const { admitted, queued } = admitPowerChanges({ totalPower, changes });
        const changed = sum(admitted.map(size));
        expect(powerChangeAllowed({ changed, totalPower })).toBe(true);
        expect(changed + sum(queued.map(size))).toBe(sum(changes.map(size)));
        for (const { validator, from, to } of changes) {
          const now = admitted.find((change) => change.validator === validator);
          const later = queued.find((change) => change.validator === validator);
          expect(now?.from ?? from).toBe(from);
          expect(later?.from ?? to).toBe(now?.to ?? (later === undefined ? to : from));
          expect(later?.to ?? to).toBe(to);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("as much is admitted as is allowed: one more unit would be a third", () => {
    fc.assert(
      fc.property(boundaries, ({ changes, totalPower }) => {
        const { admitted, queued } = admitPowerChanges({ totalPower, changes });
        fc.pre(queued.length > 0);
        const changed = sum(admitted.map(size));
        expect(powerChangeAllowed({ changed: changed + 1n, totalPower })).toBe(false);
      }),
    );
  });

  test("the set never becomes empty, though everybody leaves at once", () => {
    fc.assert(
      fc.property(boundaries, (boundary) => {
        const changes = boundary.changes.map((change) => ({ ...change, to: 0n }));
        const { admitted } = admitPowerChanges({ ...boundary, changes });
        const left = boundary.totalPower - sum(admitted.map(size));
        expect(3n * left > 2n * boundary.totalPower).toBe(true);
      }),
    );
  });

  test("nothing waits for ever: boundary by boundary the queue empties while the total is not tiny", () => {
    fc.assert(
      fc.property(boundaries, ({ changes, totalPower }) => {
        const target = totalPower + sum(changes.map(({ from, to }) => to - from));
        fc.pre(target >= 4n);
        const powers = new Map(changes.map(({ validator, from }) => [validator, from]));
        // A change to the present power neither waits nor is admitted.
        let waiting = changes.filter(({ from, to }) => from !== to) as readonly PowerChange[];
        let rounds = 0;
        while (waiting.length > 0) {
          const total = sum([...powers.values()]);
          const { admitted, queued } = admitPowerChanges({ totalPower: total, changes: waiting });
          // Below four units a third of the power is no whole unit.
          if (total < 4n) return;
          expect(admitted.length).toBeGreaterThan(0);
          for (const { validator, to } of admitted) powers.set(validator, to);
          waiting = queued;
          rounds += 1;
          expect(rounds).toBeLessThan(10_000);
        }
        for (const { validator, to } of changes) expect(powers.get(validator)).toBe(to);
      }),
    );
  });

  test("who asks for the power they have is neither admitted nor kept waiting", () => {
    const changes = [{ validator: account(0), from: 8n, to: 8n }];

    expect(admitPowerChanges({ totalPower: 8n, changes })).toEqual({ admitted: [], queued: [] });
  });

  test("a newcomer with more stake than everybody comes in by steps, first asked first", () => {
    const changes = [
      { validator: account(1), from: 0n, to: 1_000n },
      { validator: account(2), from: 40n, to: 0n },
    ];
    const { admitted, queued } = admitPowerChanges({ totalPower: 100n, changes });

    expect(admitted).toEqual([{ validator: account(1), from: 0n, to: 33n }]);
    expect(queued).toEqual([{ validator: account(1), from: 33n, to: 1_000n }, changes[1]]);
  });

  test("power that a boundary changes otherwise lowers the limit by exactly as much", () => {
    const some = fc.bigInt({ min: 1n, max: 10_000n });
    fc.assert(
      fc.property(some, fc.bigInt({ min: 0n, max: 10_000n }), some, (totalPower, spent, to) => {
        const changes = [{ validator: toAccountId(new Uint8Array(32).fill(7)), from: 0n, to }];
        const { admitted, queued } = admitPowerChanges({ totalPower, changes, spent });
        const moved = admitted.reduce((sum, change) => sum + change.to - change.from, 0n);
        const room = (totalPower - 1n) / 3n - spent;
        expect(moved).toBe(room <= 0n ? 0n : room < to ? room : to);
        expect(queued).toHaveLength(moved === to ? 0 : 1);
      }),
      { numRuns: 500 },
    );
    expect(() => admitPowerChanges({ totalPower: 5n, changes: [], spent: -1n })).toThrow("RANGE");
  });

  test("exactly a third is not allowed, just under it is", () => {
    expect(powerChangeAllowed({ changed: 33n, totalPower: 100n })).toBe(true);
    expect(powerChangeAllowed({ changed: 33n, totalPower: 99n })).toBe(false);
  });

  test("a set without power and a negative power are refused", () => {
    const change = { validator: account(1), from: 1n, to: -1n };

    expect(() => admitPowerChanges({ totalPower: 0n, changes: [] })).toThrow(RewardsError);
    expect(() => admitPowerChanges({ totalPower: 9n, changes: [change] })).toThrow(RewardsError);
  });
});
