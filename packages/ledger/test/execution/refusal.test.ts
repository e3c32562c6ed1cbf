import { toAccountId, toDigest, toSignature } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerState } from "../../src/index.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  BuildRefused,
  build,
  createWorld,
  invoke,
  type NextBlock,
  person,
  skip,
  step,
  theorem,
  transfer,
  type World,
} from "../fixtures/world.ts";

const world = createWorld();
const { alice, bob, carol } = world;

/** Code with which no leader can get these proofs into a block. */
function refusalOf(state: LedgerState, next: NextBlock, of: World = world): string {
  try {
    build(of, state, next);
    return "none";
  } catch (error) {
    if (error instanceof BuildRefused) return error.code;
    throw error;
  }
}

describe("proofs that no valid block holds", () => {
  test("a replay: the nonce is used", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 5n });
    const { state } = step(world, world.state, { proofs: [proof] });

    expect(refusalOf(state, { proofs: [proof] })).toBe("nonce-used");
    expect(refusalOf(world.state, { proofs: [proof, proof] })).toBe("nonce-used");
  });

  test("a double spend: of two proofs with one nonce at most one is ever in the chain", () => {
    const half = 600_000_000n;
    const toBob = transfer(world, alice, bob.id, { nonce: 0, amount: half });
    const toCarol = transfer(world, alice, carol.id, { nonce: 0, amount: half });

    expect(refusalOf(world.state, { proofs: [toBob, toCarol] })).toBe("nonce-used");
    const { state } = step(world, world.state, { proofs: [toBob] });
    expect(refusalOf(state, { proofs: [toCarol] })).toBe("nonce-used");
  });

  test("a nonce ahead of its turn", () => {
    const late = transfer(world, alice, bob.id, { nonce: 1, amount: 5n });
    expect(refusalOf(world.state, { proofs: [late] })).toBe("nonce-gap");
  });

  test("a proof of another chain: its signature is not for this one", () => {
    const other = createWorld({ balances: [1_000_000_000n, 1n, 1n] });
    const proof = transfer(other, alice, bob.id, { nonce: 0, amount: 5n });
    expect(refusalOf(world.state, { proofs: [proof] })).toBe("signature");
  });

  test("an expired one", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 5n, expiry: 2 });
    expect(refusalOf(skip(world, world.state, 1), { proofs: [proof] })).toBe("none");
    expect(refusalOf(skip(world, world.state, 2), { proofs: [proof] })).toBe("expired");
  });

  test("one whose author cannot pay the fee limit, however it came to be poor", () => {
    const rich = { nonce: 0, amount: 5n, feeLimit: 2_000_001n };
    expect(refusalOf(world.state, { proofs: [transfer(world, carol, bob.id, rich)] })).toBe(
      "balance",
    );
    const spend = transfer(world, carol, bob.id, { nonce: 0, amount: 1_850_000n });
    const next = transfer(world, carol, bob.id, { nonce: 1, amount: 1n, feeLimit: 150_000n });
    expect(refusalOf(world.state, { proofs: [spend, next] })).toBe("balance");
  });

  test("a fee limit under the price, a resource limit of 0 or above the chain's", () => {
    const call = { nonce: 0, amount: 5n };
    const cheap = transfer(world, alice, bob.id, { ...call, feeLimit: 1n });
    const none = transfer(world, alice, bob.id, { ...call, resourceLimit: 0 });
    const huge = transfer(world, alice, bob.id, { ...call, resourceLimit: 20_000_001 });
    expect(refusalOf(world.state, { proofs: [cheap] })).toBe("fee-limit");
    expect(refusalOf(world.state, { proofs: [none] })).toBe("resource-limit");
    expect(refusalOf(world.state, { proofs: [huge] })).toBe("resource-limit");
  });

  test("an unknown intent; arguments of another number or type; a signer who did not sign", () => {
    const [from, to] = [accountArgument(alice.id), accountArgument(bob.id)];
    const call = (intent: string | ReturnType<typeof toDigest>, given: readonly never[]) =>
      refusalOf(world.state, {
        proofs: [invoke(world, alice, { nonce: 0, intent, arguments: given })],
      });
    const amount = amountArgument(5n);
    expect(call(toDigest(new Uint8Array(32)), [from, to, amount] as never)).toBe("unknown-intent");
    expect(call("transfer", [from, to] as never)).toBe("arguments");
    expect(call("transfer", [from, amount, to] as never)).toBe("arguments");
    expect(call("transfer", [to, from, amount] as never)).toBe("signers");
    const integer = { type: "integer", negative: false, magnitude: 5n };
    expect(call("transfer", [from, to, integer] as never)).toBe("arguments");
  });

  test("an integer beyond the language's range, though the wire could hold it", () => {
    const of = createWorld({
      source: `intent count(signer me: Account, by: Int) {
        guard { by > 0 || by <= 0; }
        verify { me.balance == old(me.balance); }
      }`,
    });
    const call = (magnitude: bigint) =>
      invoke(of, of.alice, {
        nonce: 0,
        intent: "count",
        arguments: [
          { type: "account", value: of.alice.id },
          { type: "integer", negative: true, magnitude },
        ],
      });
    const most = 2n ** 127n - 1n;
    expect(step(of, of.state, { proofs: [call(most)] }).results[0]?.outcome).toBe("applied");
    expect(() => step(of, of.state, { proofs: [call(most + 1n)] })).toThrow("arguments");
  });

  test("a cosigner's consent is used once, and bound to its nonce", () => {
    const swap = (nonce: number, theirs: number) =>
      invoke(world, alice, {
        nonce,
        intent: "swap",
        arguments: [
          accountArgument(alice.id),
          accountArgument(bob.id),
          amountArgument(10n),
          amountArgument(20n),
        ],
        cosigners: [{ person: bob, nonce: theirs }],
      });
    const { state, results } = step(world, world.state, { proofs: [swap(0, 0)] });

    expect(results[0]?.outcome).toBe("applied");
    expect(accountOf(state, bob.id).nonce).toBe(1);
    expect(refusalOf(state, { proofs: [swap(1, 0)] })).toBe("cosigner-nonce");
    expect(refusalOf(state, { proofs: [swap(1, 2)] })).toBe("cosigner-nonce");
    expect(refusalOf(state, { proofs: [swap(1, 1)] })).toBe("none");
  });

  test("P23: a proof whose signature is bad or missing is in no block", () => {
    const proof = transfer(world, alice, bob.id, { nonce: 0, amount: 5n });
    fc.assert(
      fc.property(fc.nat({ max: 511 }), (bit) => {
        const bytes = new Uint8Array(proof.signatures[0] ?? []);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const forged = { ...proof, signatures: [toSignature(bytes)] };
        expect(refusalOf(world.state, { proofs: [forged] })).toBe("signature");
      }),
      { numRuns: 100 },
    );
    expect(refusalOf(world.state, { proofs: [{ ...proof, signatures: [] }] })).toBe("signature");
    const stolen = { ...proof, body: { ...proof.body, author: bob.id } };
    expect(refusalOf(world.state, { proofs: [stolen] })).toBe("signature");
  });

  test("more bytes or resource than a block may have", () => {
    const small = createWorld({ parameters: { blockResourceMax: 20_000_000 as never } });
    const claims = [0, 1].map((nonce) =>
      theorem(small, small.alice, `; unknown ${nonce}`, {
        nonce,
        resourceLimit: 12_000_000,
        feeLimit: 100_000_000n,
      }),
    );
    expect(refusalOf(small.state, { proofs: claims }, small)).toBe("block-full");
    expect(refusalOf(small.state, { proofs: claims.slice(0, 1) }, small)).toBe("none");
    const long = [0, 1, 2, 3].map((nonce) =>
      theorem(world, alice, `; valid ${nonce} ${" ".repeat(1_040_000)}`, { nonce }),
    );
    expect(refusalOf(world.state, { proofs: long })).toBe("block-full");
  });

  test("accounts of nobody cannot author anything", () => {
    const nobody = person("nobody");
    const proof = transfer(world, nobody, bob.id, { nonce: 0, amount: 5n });
    expect(refusalOf(world.state, { proofs: [proof] })).toBe("balance");
    expect(accountOf(world.state, toAccountId(nobody.id)).nonce).toBe(0);
  });
});
