import { toTimestamp } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { earliestTimestamp, type LedgerState } from "../../../src/index.ts";
import { transaction, wireCall } from "../../fixtures/contract-world.ts";
import { compiled, intentOf } from "../../fixtures/contracts.ts";
import { createWorld, publish, step } from "../../fixtures/world.ts";

const SOURCE = `contract watch {
  state { seen: Int; }
  intent note(t: Int) { guard { t == now; } effect { seen = t; } }
}`;
const watch = compiled(SOURCE);
const world = createWorld();
const { alice } = world;

const published = step(world, world.state, {
  proofs: [
    publish(world, alice, SOURCE, { nonce: 0, resourceLimit: 1_000_000, feeLimit: 100_000_000n }),
  ],
}).state;

/** Outcome of the call with this time, in a block after a parent with the given timestamp. */
function outcomeOf(parent: LedgerState, time: bigint, laterMs: number): string | undefined {
  const call = { type: "contract", contract: watch, intent: intentOf(watch, "note") } as const;
  const calls = [wireCall(world, { ...call, values: [time] })];
  const proofs = [transaction(world, parent, alice, { calls })];
  const timestamp = toTimestamp(earliestTimestamp(parent) + laterMs);
  return step(world, parent, { proofs, now: timestamp }).receipts[0]?.outcome;
}

describe("the time that a contract reads", () => {
  test.each([0, 1, 499, 500, 501, 999])(
    "is the parent's timestamp in whole seconds, rounded down: %i ms beyond a second",
    (beyond) => {
      const second = Math.ceil(earliestTimestamp(published) / 1_000) + 1;
      const timestamp = toTimestamp(second * 1_000 + beyond);
      const parent = step(world, published, { now: timestamp }).state;

      // The block's own timestamp, which its proposer chooses, changes nothing.
      for (const laterMs of [0, 1_700]) {
        expect(outcomeOf(parent, BigInt(second), laterMs)).toBe("applied");
        for (const other of [second - 1, second + 1, timestamp]) {
          expect(outcomeOf(parent, BigInt(other), laterMs)).toBe("guard-false");
        }
      }
    },
  );
});
