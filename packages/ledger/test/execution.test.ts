import { describe, expect, test } from "vitest";
import { RESULT_CODES, supplyOf, totalHeld, totalSupply } from "../src/index.ts";
import { accountOf, createWorld, step, theorem, transfer } from "./world.ts";

describe("a block (DESIGN §5)", () => {
  test("a transfer moves the amount, uses the nonce and charges a part of the fee limit", () => {
    const world = createWorld();
    const [alice, bob] = world.people as [never, never];
    const proof = transfer(world, alice, (bob as { id: never }).id, { nonce: 0, amount: 1_000n });

    const { state, results, receipts } = step(world, world.state, { proofs: [proof] });

    expect(results[0]?.outcome).toBe("applied");
    expect(results[0]?.errorCode).toBe(RESULT_CODES.none);
    const fee = receipts[0]?.fee ?? 0n;
    expect(fee).toBeGreaterThan(0n);
    expect(accountOf(state, (alice as { id: never }).id)).toEqual({
      balance: 1_000_000_000n - 1_000n - fee,
      nonce: 1,
    });
    expect(accountOf(state, (bob as { id: never }).id).balance).toBe(500_001_000n);
    expect(totalHeld(state.tree.entries())).toBe(totalSupply(supplyOf(state.tree)));
  });

  test("a theorem is recorded once and its reward is in the next block", () => {
    const world = createWorld();
    const [alice] = world.people as [never];
    const first = step(world, world.state, {
      proofs: [theorem(world, alice, "; valid 20000", { nonce: 0 })],
    });
    const second = step(world, first.state);

    expect(first.transition.minted).toBe(0n);
    expect(second.transition.minted).toBeGreaterThan(0n);
  });
});
