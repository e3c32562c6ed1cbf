import { readFileSync } from "node:fs";
import { type AccountId, type StateTransition, toAmount, toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import {
  findConservationDefect,
  Holding,
  KEY_KIND,
  RESULT_CODES,
  stateKey,
} from "../../src/index.ts";
import { SYSTEM_SOURCE } from "../fixtures/calls.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  type Executed,
  invoke,
  person,
  publish,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

const CREATION = 1_000_000n;
const KIBIBYTE = 1_024_000n;

const issuer = person("person 0");

/** The library's programs of an asset that `issuer` issues. */
const asset = ["issue-gold", "transfer-gold"]
  .map((file, at) => {
    const url = new URL(`../../../verifier/library/assets/${file}.ae`, import.meta.url);
    const text = new TextDecoder().decode(readFileSync(url));
    return at === 0 ? text : text.replace(/^asset.*$/m, "");
  })
  .join("\n")
  .replace(/issuer "[0-9a-f]{64}"/, `issuer "${toHex(issuer.id)}"`);

const world = createWorld({
  source: `${SYSTEM_SOURCE}\n${asset}`,
  parameters: { creationFee: toAmount(CREATION), statePrice: toAmount(KIBIBYTE) },
  balances: [1_000_000_000n, 900_000_000n, 800_000_000n],
});
const { alice, bob } = world;
const rich = { nonce: 0, feeLimit: 50_000_000n };

/** Amount that a call burns beyond the same call without new entries. */
function burned(done: Executed): bigint {
  expect(done.results[0]?.outcome).toBe("applied");
  return done.receipts[0]?.burned ?? 0n;
}

const pay = (to: AccountId, options: Partial<typeof rich> = {}): Executed =>
  step(world, world.state, {
    proofs: [transfer(world, alice, to, { ...rich, ...options, amount: 5n })],
  });

describe("state growth is paid for", () => {
  const known = burned(pay(bob.id));

  test("an account that a transfer makes burns one creation fee, and no other transfer does", () => {
    const done = pay(person("new").id);
    expect(burned(done) - known).toBe(CREATION);
    const again = step(world, done.state, {
      proofs: [transfer(world, alice, person("new").id, { ...rich, nonce: 1, amount: 5n })],
    });
    expect(again.receipts[0]?.burned).toBeLessThan(CREATION);
  });

  test("a fee limit that does not reach for it: nothing is made, the work is paid for", () => {
    const done = pay(person("new").id, { feeLimit: CREATION });
    expect(done.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["state-fee"],
    });
    expect(accountOf(done.state, person("new").id)).toEqual({ balance: 0n, nonce: 0 });
    expect(accountOf(done.state, alice.id).nonce).toBe(1);
    expect(done.receipts[0]?.fee).toBeGreaterThan(0n);
    expect(done.receipts[0]?.burned).toBeLessThan(CREATION);
  });

  test("a cosigner without an account pays for it whatever comes of the call", () => {
    const stranger = person("stranger");
    const swap = (feeLimit: bigint) =>
      invoke(world, alice, {
        nonce: 0,
        feeLimit,
        intent: "swap",
        cosigners: [{ person: stranger, nonce: 0 }],
        arguments: [
          accountArgument(alice.id),
          accountArgument(stranger.id),
          amountArgument(1n),
          amountArgument(1n),
        ],
      });
    const done = step(world, world.state, { proofs: [swap(50_000_000n)] });
    expect(done.results[0]?.outcome).toBe("guard-false");
    expect(done.receipts[0]?.burned).toBeGreaterThanOrEqual(CREATION);
    expect(accountOf(done.state, stranger.id)).toEqual({ balance: 0n, nonce: 1 });
    expect(() => step(world, world.state, { proofs: [swap(CREATION)] })).toThrow("fee-limit");
  });

  test("a first stake makes a staker and a consensus key: two entries; more stake makes none", () => {
    const stake = (nonce: number) =>
      invoke(world, alice, {
        ...rich,
        nonce,
        intent: "stake",
        arguments: [accountArgument(alice.id), amountArgument(5_000_000n)],
      });
    const first = step(world, world.state, { proofs: [stake(0)] });
    const second = step(world, first.state, { proofs: [stake(1)] });
    expect(first.results[0]?.outcome).toBe("applied");
    expect((first.receipts[0]?.burned ?? 0n) - (second.receipts[0]?.burned ?? 0n)).toBeGreaterThan(
      2n * CREATION - 1_000n,
    );
    expect(second.receipts[0]?.burned).toBeLessThan(CREATION);
  });

  test("rewards, tips and stake that comes back make accounts for nothing", () => {
    const worked = step(world, world.state, {
      proofs: [theorem(world, alice, "; valid 50000", { ...rich, tip: 1_000n } as typeof rich)],
    });
    const paid = step(world, worked.state, {});
    const made = [...worked.transition.changes, ...paid.transition.changes].filter(
      ({ key, before }) => key[0] === KEY_KIND.account && before === undefined,
    );
    expect(made.length).toBeGreaterThan(3);
    expect(paid.transition.burned).toBe(0n);
  });

  test("a publication burns the price of its bytes: texts, certificates, and 256 for each key", () => {
    const text = "intent a(signer x: Account) { guard { true; } effect { } verify { true; } }";
    const long = `${text} # ${"x".repeat(2_000)}`;
    const of = (given: string): Executed =>
      step(world, world.state, { proofs: [publish(world, alice, given, rich)] });
    const record = of(text);
    const [change] = record.transition.changes.filter(({ key }) => key[0] === KEY_KIND.intent);
    const stored = record.transition.changes
      .filter(({ key, before }) => before === undefined && (key[0] ?? 0) >= 0x20)
      .filter(({ key }) => (key[0] ?? 0) < 0x30)
      .reduce((sum, { key, after }) => sum + key.length + (after?.length ?? 0), 0);
    expect(change).toBeDefined();
    // 1,000 micro-tokens for each byte.
    expect(burned(record)).toBeGreaterThanOrEqual(1_000n * BigInt(stored));
    // A comment is not part of what is stored.
    expect(burned(of(long)) - burned(record)).toBeLessThan(100_000n);
  });

  test("a holding of a declared asset is an entry, and so is one that was emptied and comes back", () => {
    const give = (by: typeof alice, to: AccountId, nonce: number, intent = "transfer_gold") =>
      invoke(world, by, {
        ...rich,
        nonce,
        resourceLimit: 100_000,
        intent,
        arguments: [
          ...(intent === "transfer_gold" ? [accountArgument(by.id)] : []),
          accountArgument(to),
          amountArgument(7n),
        ],
      });
    let { state } = world;
    const run = (proof: ReturnType<typeof give>): bigint => {
      const done = step(world, state, { proofs: [proof] });
      state = done.state;
      return burned(done) / CREATION;
    };
    expect(run(give(alice, alice.id, 0, "issue_gold"))).toBe(1n);
    expect(run(give(alice, bob.id, 1))).toBe(1n);
    expect(run(give(bob, alice.id, 0))).toBe(1n);
    expect(run(give(alice, alice.id, 2, "issue_gold"))).toBe(0n);
  });
});

describe("conservation recomputes it", () => {
  const { transition } = pay(person("new").id);
  const { parameters } = world.state;

  test("a block that burned less than what is new in the state costs has a defect", () => {
    expect(findConservationDefect(transition, parameters)).toBeUndefined();
    const dearer = { ...parameters, creationFee: toAmount(CREATION + 1_000_000n) };
    expect(findConservationDefect(transition, dearer)).toMatchObject({ rule: "growth" });
  });

  test("deposits come with cells alone", () => {
    const deposit = { amount: toAmount(3n) };
    const locked = {
      key: stateKey.deposits,
      before: undefined,
      after: Holding.encode(deposit),
    };
    const changes = [...transition.changes, locked].toSorted((left, right) =>
      Buffer.compare(left.key, right.key),
    );
    const created: StateTransition = { ...transition, changes };
    expect(findConservationDefect(created, parameters)).toMatchObject({ rule: "deposits" });
  });
});
