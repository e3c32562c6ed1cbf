import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RESULT_CODES } from "../../src/index.ts";
import { transaction, wireCall } from "../fixtures/contract-world.ts";
import { compiled, intentOf, KEEPER } from "../fixtures/contracts.ts";
import { createWorld, publish, step } from "../fixtures/world.ts";

const keeper = compiled(KEEPER);
const world = createWorld();
const { alice } = world;
const bob = "0b".repeat(32);
const published = step(world, world.state, {
  proofs: [publish(world, alice, KEEPER, { nonce: 0, feeLimit: 100_000_000n })],
}).state;

const call = (name: string, ...values: (bigint | string)[]) =>
  wireCall(world, { type: "contract", contract: keeper, intent: intentOf(keeper, name), values });
const mint = call("mint", bob, 3n);
const pay = call("pay", bob);
/** A call whose guard is false. */
const close = call("close", 7n);

function run(calls: readonly (typeof mint)[], resourceLimit = 100_000) {
  const proof = transaction(world, published, alice, {
    calls,
    resourceLimit,
    assets: keeper.assets,
  });
  const [receipt] = step(world, published, { proofs: [proof] }).receipts;
  if (receipt === undefined) throw new Error("a proof has a receipt");
  return receipt;
}

describe("the units of several calls", () => {
  test("are those of all calls together, and the limit is for all together", () => {
    const lists = fc.array(fc.constantFrom(mint, pay), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lists, (calls) => {
        const { outcome, resource, calls: receipts } = run(calls);
        expect(outcome).toBe("applied");
        expect(resource).toBe(receipts.reduce((sum, { units }) => sum + units, 0));

        expect(run(calls, resource).outcome).toBe("applied");
        const short = run(calls, resource - 1);
        expect(short.errorCode).toBe(RESULT_CODES["execution-limit"]);
        expect(short.resource).toBe(resource - 1);
      }),
      { numRuns: 15 },
    );
  });

  test("stay in the receipts of a transaction that fails, and what the calls changed does not", () => {
    const [done] = run([mint]).calls;
    const failed = run([mint, close]);

    expect(done?.cells.length).toBeGreaterThan(0);
    expect(failed.outcome).toBe("guard-false");
    expect(failed.calls.map(({ units }) => units)[0]).toBe(done?.units);
    for (const { cells, vaults, events } of failed.calls) {
      expect([cells, vaults, events]).toEqual([[], [], []]);
    }
  });
});
