import { toAmount } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf, createPool, effectsOf, serveAll, world } from "../fixtures/pools.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  invoke,
  person,
  step,
  transfer,
} from "../fixtures/world.ts";

const { alice, bob, carol } = world;

describe("bounds of what waits, to the last one", () => {
  test("an author at its quota of what cannot run may still replace what it has there", () => {
    const pool = createPool(world, { waitingPerAuthorMax: 3 });
    const call = { amount: 1n, tip: 0n };
    for (const nonce of [2, 3, 4]) {
      expect(codeOf(pool, transfer(world, alice, bob.id, { ...call, nonce }))).toBe("accepted");
    }

    expect(codeOf(pool, transfer(world, alice, bob.id, { ...call, nonce: 5 }))).toBe(
      "author-quota",
    );
    const dearer = { ...call, nonce: 3, tip: 1_000n };
    expect(codeOf(pool, transfer(world, alice, bob.id, dearer))).toBe("accepted");
    expect(pool.count).toBe(3);
  });

  test("what an author has left pays for a proof whose fee limit is all of it, and for none above", () => {
    const first = transfer(world, carol, bob.id, { nonce: 0, amount: 300_000n });
    const after = step(world, world.state, { proofs: [first] });
    const { balance } = accountOf(after.state, carol.id);
    for (const more of [0n, 1n]) {
      const pool = createPool();
      const next = { nonce: 1, amount: 5n, feeLimit: balance + more };
      expect(codeOf(pool, transfer(world, carol, bob.id, next))).toBe("accepted");
      // Together they are what there was before the block.
      const last = { nonce: 2, amount: 5n, feeLimit: 2_000_000n - balance - more };
      expect(codeOf(pool, transfer(world, carol, bob.id, last))).toBe("accepted");

      pool.update(after.state, effectsOf(after.transition));

      const nonces = serveAll(pool).map(({ nonce }) => nonce);
      expect(nonces).toEqual(more === 0n ? [1] : []);
    }
  });

  test("the tip that a refused replacement is told suffices, and one micro-token less does not", () => {
    const floored = createWorld({ parameters: { invokeBaseFeeMin: toAmount(37n) } });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 400n }), (tip) => {
        const pool = createPool(floored);
        const call = { nonce: 0, amount: 5n, feeLimit: 1_000_000n };
        const offer = (amount: bigint, offered: bigint): ReturnType<typeof pool.add> =>
          pool.add(
            transfer(floored, floored.alice, floored.bob.id, { ...call, amount, tip: offered }),
          );
        expect(offer(5n, tip).type).toBe("accepted");
        const refused = offer(6n, tip);
        if (refused.type !== "refused") throw new Error("no dearer proof was asked for");
        const told = BigInt(/tip at least (\d+)/u.exec(refused.message)?.[1] ?? -1);
        expect(offer(7n, told - 1n)).toMatchObject({ code: "replacement-fee" });
        expect(offer(8n, told).type).toBe("accepted");
      }),
      { numRuns: 40 },
    );
  });
});

describe("an account that the chain has never seen", () => {
  test("cosigns with nonce 0, whose call can run, and with no other nonce", () => {
    const stranger = person("stranger");
    const given = [accountArgument(alice.id), accountArgument(stranger.id)];
    const swapWith = (nonce: number): ReturnType<typeof invoke> =>
      invoke(world, alice, {
        nonce: 0,
        intent: "swap",
        arguments: [...given, amountArgument(1n), amountArgument(0n)],
        feeLimit: 1_000_000n,
        cosigners: [{ person: stranger, nonce }],
      });
    for (const [nonce, runnable] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const pool = createPool();
      expect(pool.pendingNonce(stranger.id)).toBe(0);
      expect(codeOf(pool, swapWith(nonce))).toBe("accepted");
      expect(serveAll(pool)).toHaveLength(runnable);
      expect(pool.pendingNonce(stranger.id)).toBe(runnable);
    }
  });
});
