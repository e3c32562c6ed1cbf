import { toAmount, toHex } from "@aethel/models";
import type { FieldValue } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { type LedgerState, RESULT_CODES } from "../../../src/index.ts";
import { storedState, transaction, wireCall } from "../../fixtures/contract-world.ts";
import { compiled, intentOf } from "../../fixtures/contracts.ts";
import { accountOf, createWorld, publish, step } from "../../fixtures/world.ts";

// What a Judge with a fault could let in: the table of the tests calls every source valid.
const SOURCE = `
contract wicked {
  asset COIN issuer self;
  state {
    claim (balance) owed: map[Account] Amount;
    claim shares: map[Account] Amount;
    debt debts: map[Account] Amount;
    count: Amount = 5;
  }
  intent steal(victim: Account, to: Account, amount: Amount) {
    effect { victim.balance -= amount; to.balance += amount; }
  }
  intent create(to: Account, amount: Amount) { effect { to.balance += amount; } }
  intent destroy(signer from: Account, amount: Amount) { effect { from.balance -= amount; } }
  intent inflate(to: Account, amount: Amount) { effect { to.balance[COIN] += amount; } }
  intent hoard(amount: Amount) { effect { vault.balance += amount; } }
  intent owe(to: Account, amount: Amount) {
    effect { owed[to] += amount; shares[to] += amount; }
  }
  intent forget(to: Account) { effect { owed[to] = 0; } }
  intent dilute(to: Account) { effect { shares[to] = 0; } }
  intent charge(to: Account, amount: Amount) { effect { debts[to] += amount; } }
  intent underflow() { effect { count -= 6; } }
  intent count_down() { effect { count -= 1; } }
}`;
const wicked = compiled(SOURCE);
const world = createWorld({ parameters: { depositPrice: toAmount(1n) } });
const { alice, bob, carol } = world;

const wire = (name: string, ...values: readonly FieldValue[]): ReturnType<typeof wireCall> =>
  wireCall(world, { type: "contract", contract: wicked, intent: intentOf(wicked, name), values });

const victim = toHex(bob.id);
const thief = toHex(carol.id);

const published: LedgerState = ((): LedgerState => {
  const options = { nonce: 0, resourceLimit: 1_000_000, feeLimit: 100_000_000n };
  const { state } = step(world, world.state, { proofs: [publish(world, alice, SOURCE, options)] });
  const calls = [wire("owe", victim, 9n)];
  return step(world, state, { proofs: [transaction(world, state, alice, { calls })] }).state;
})();

describe("a contract that the Judge should have refuted", () => {
  test.each([
    ["authority", wire("steal", victim, thief, 5n)],
    ["conservation", wire("create", thief, 5n)],
    ["conservation", wire("destroy", toHex(alice.id), 5n)],
    ["conservation", wire("inflate", thief, 5n)],
    ["conservation", wire("hoard", 5n)],
    ["claims", wire("forget", victim)],
    ["claims", wire("dilute", victim)],
    ["claims", wire("charge", victim, 5n)],
    ["fault", wire("underflow")],
  ] as const)("is stopped with the code %s, whatever the calls before it did", (code, call) => {
    const calls = [wire("count_down"), call];
    const proof = transaction(world, published, alice, { calls });
    const { state, receipts } = step(world, published, { proofs: [proof] });
    const [receipt] = receipts;

    expect(receipt?.outcome).toBe("forbidden");
    expect(receipt?.errorCode).toBe(RESULT_CODES[code]);
    expect(storedState(state, wicked)).toEqual(storedState(published, wicked));
    for (const { id } of [bob, carol]) {
      expect(accountOf(state, id)).toEqual(accountOf(published, id));
    }
    const { balance } = accountOf(published, alice.id);
    expect(accountOf(state, alice.id).balance).toBe(balance - (receipt?.fee ?? 0n));
  });

  test("may do what breaks no rule of the ledger", () => {
    const proof = transaction(world, published, alice, { calls: [wire("count_down")] });
    const { state, receipts } = step(world, published, { proofs: [proof] });

    expect(receipts[0]?.outcome).toBe("applied");
    expect(storedState(state, wicked).scalars.get("count")).toBe(4n);
  });
});
