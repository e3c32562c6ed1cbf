import { signProof, toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { transaction, wireCall } from "../fixtures/contract-world.ts";
import { compiled, intentOf, KEEPER } from "../fixtures/contracts.ts";
import { BuildRefused, build, createWorld, publish, step } from "../fixtures/world.ts";

const keeper = compiled(KEEPER);
const world = createWorld();
const { alice, bob } = world;
const published = step(world, world.state, {
  proofs: [publish(world, alice, KEEPER, { nonce: 0, feeLimit: 100_000_000n })],
}).state;
const act = wireCall(world, {
  type: "contract",
  contract: keeper,
  intent: intentOf(keeper, "mint"),
  values: ["01".repeat(32), 0n],
});
const plain = wireCall(world, {
  type: "transfer",
  from: toHex(alice.id),
  to: toHex(bob.id),
  amount: 0n,
});

/** Code with which a transaction of these calls is refused; "none" if a block takes it. */
function refusalOf(calls: readonly (typeof act)[], hasLimits: boolean): string {
  const { body } = transaction(world, published, alice, { calls });
  if (body.type !== "invoke") throw new Error("it is a transaction");
  const { spending: _, ...without } = body;
  const stated = hasLimits ? { ...without, spending: [] } : without;
  try {
    build(world, published, { proofs: [signProof(world.chain, stated, [alice.signer])] });
    return "none";
  } catch (error) {
    if (error instanceof BuildRefused) return error.code;
    throw error;
  }
}

describe("spending limits", () => {
  test("are stated by each transaction that calls a contract, at whatever place, even to be empty", () => {
    for (const calls of [[act], [plain, act], [act, plain]]) {
      expect(refusalOf(calls, false)).toBe("spending");
      expect(refusalOf(calls, true)).toBe("none");
    }
    expect(refusalOf([plain], false)).toBe("none");
  });
});
