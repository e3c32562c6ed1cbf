import { NATIVE_ASSET, toDifficulty } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baseFeesOf, detailText, estimateFee, quoteFeeLimit } from "../../src/index.ts";
import {
  accountOf,
  createWorld,
  person,
  publish,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob } = world;
const { programs } = world.tools;

describe("an estimate", () => {
  test("of a call is what the next block charges, whatever fee limit and nonce its body has", () => {
    fc.assert(
      fc.property(
        fc.record({
          to: fc.constantFrom(bob.id, person("nobody yet").id),
          amount: fc.bigInt({ min: 0n, max: 2_000_000_000n }),
          tip: fc.bigInt({ min: 0n, max: 1_000n }),
        }),
        ({ to, amount, tip }) => {
          const overlay = transfer(world, alice, to, { nonce: 7, feeLimit: 0n, amount, tip });
          const { feeLimit, run, weight } = estimateFee(world.state, overlay.body, { programs });
          const proof = transfer(world, alice, to, { nonce: 0, feeLimit, amount, tip });
          const { receipts, results } = step(world, world.state, { proofs: [proof] });

          expect(run).toEqual({
            type: "run",
            outcome: results[0]?.outcome,
            units: results[0]?.resource,
            detail: receipts[0] && detailText(receipts[0]),
            losses:
              amount > 0n && results[0]?.outcome === "applied"
                ? [{ signer: 0, asset: NATIVE_ASSET, amount }]
                : [],
            deposit: 0n,
            charged: receipts[0]?.fee,
            burned: receipts[0]?.burned,
            tip: receipts[0]?.tip,
          });
          expect(weight).toBeGreaterThan(0n);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("says why a call cannot be in a block", () => {
    const poor = person("poor");
    const { body } = transfer(world, poor, bob.id, { nonce: 0, amount: 1n });
    const { run } = estimateFee(world.state, body, { programs });
    expect(run).toMatchObject({ type: "refused" });
  });

  test("keeps nothing: the state is what it was", () => {
    const { body } = transfer(world, alice, bob.id, { nonce: 0, amount: 1n });
    estimateFee(world.state, body, { programs });
    expect(accountOf(world.state, alice.id)).toEqual({ balance: 1_000_000_000n, nonce: 0 });
  });
});

describe("a quoted fee limit", () => {
  test("suffices for what is judged, with its certificate and all that is kept, and mostly comes back", () => {
    const script = "; valid 70000";
    const text = "intent a(signer x: Account) { guard { true; } effect { } verify { true; } }";
    const quoted = (make: (feeLimit: bigint) => ReturnType<typeof theorem>): bigint =>
      quoteFeeLimit({
        body: make(0n).body,
        difficulty: toDifficulty(70_000),
        certificateBytes: 200,
        parameters: world.genesis.parameters,
        baseFees: baseFeesOf(world.state.tree),
      });
    const kinds = [
      (feeLimit: bigint) => theorem(world, alice, script, { nonce: 0, feeLimit }),
      (feeLimit: bigint) => publish(world, alice, text, { nonce: 0, feeLimit }),
    ];
    for (const make of kinds) {
      const feeLimit = quoted(make);
      const { results, receipts } = step(world, world.state, { proofs: [make(feeLimit)] });
      expect(results[0]?.outcome).toBe("applied");
      expect(receipts[0]?.fee).toBeLessThanOrEqual(feeLimit);
    }
  });
});
