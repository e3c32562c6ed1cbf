import { readFileSync } from "node:fs";
import {
  type AccountId,
  type AssetId,
  ledgerHeader,
  type Proof,
  type StateChange,
  toAmount,
  toHex,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AssetRecord,
  assetTotals,
  findConservationDefect,
  Holding,
  type LedgerState,
  RESULT_CODES,
  stateKey,
  totalHeld,
} from "../src/index.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  invoke,
  type Person,
  person,
  publish,
  step,
  utf8,
} from "./fixtures/world.ts";

const mint = person("person 2");
const library = (file: string): string =>
  readFileSync(new URL(`../../verifier/library/assets/${file}`, import.meta.url), "utf8").replace(
    /issuer "[0-9a-f]{64}"/g,
    `issuer "${toHex(mint.id)}"`,
  );
const sources = [
  library("issue-gold.ae"),
  library("burn-gold.ae").replace(/^asset.*$/m, ""),
  library("transfer-gold.ae").replace(/^asset.*$/m, ""),
  library("gold-for-tokens.ae").replace(/^asset.*$/m, ""),
].join("\n");

const world = createWorld({ balances: [1_000_000_000n, 500_000_000n, 900_000_000n] });
const { alice, bob, carol } = world;
const work = { resourceLimit: 100_000, feeLimit: 1_000_000n };
const published = step(world, world.state, {
  proofs: [publish(world, alice, sources, { nonce: 0, ...work })],
}).state;
const programs = world.tools.programs.compile(utf8(sources), "published");
const intents = Object.fromEntries(programs.map(({ name, digest }) => [name, digest]));
const gold = programs[0]?.assets[0]?.id as AssetId;

interface Move {
  readonly by: Person;
  readonly name: string;
  readonly given: readonly (Person | bigint)[];
  readonly with?: readonly Person[];
}

function move(state: LedgerState, { by, name, given, with: others = [] }: Move): Proof {
  return invoke(world, by, {
    ...work,
    nonce: accountOf(state, by.id).nonce,
    intent: intents[name] ?? name,
    arguments: given.map((one) =>
      typeof one === "bigint" ? amountArgument(one) : accountArgument(one.id),
    ),
    cosigners: others.map((one) => ({ person: one, nonce: accountOf(state, one.id).nonce })),
  });
}

const run = (state: LedgerState, ...moves: readonly Move[]): ReturnType<typeof step> =>
  moves.reduce((done, one) => step(world, done.state, { proofs: [move(done.state, one)] }), {
    state,
  } as ReturnType<typeof step>);

const goldOf = (state: LedgerState, id: AccountId): bigint => {
  const bytes = state.tree.get(stateKey.holding(id, gold));
  return bytes === undefined ? 0n : Holding.decode(bytes).amount;
};
const goldRecord = (state: LedgerState): AssetRecord =>
  AssetRecord.decode(state.tree.get(stateKey.asset(gold)) ?? new Uint8Array());

const issue = (amount: bigint, to: Person = alice): Move => ({
  by: carol,
  name: "issue_gold",
  given: [to, amount],
});

describe("declared assets", () => {
  test("the first intent that uses an asset registers it, with no supply", () => {
    expect(goldRecord(published)).toEqual({ name: utf8("GOLD"), issuer: carol.id, supply: 0n });
    const issued = run(published, issue(5n));
    const again = step(world, issued.state, {
      proofs: [
        publish(world, bob, `${sources}\n intent more() { verify { true; } }`, {
          nonce: 0,
          ...work,
        }),
      ],
    });

    expect(again.receipts[0]).toMatchObject({ outcome: "applied" });
    expect(goldRecord(again.state).supply).toBe(5n);
  });

  test("what the issuer signs comes into being, moves, and goes, each under its own key", () => {
    const { state } = run(
      published,
      issue(100n),
      { by: alice, name: "transfer_gold", given: [alice, bob, 30n] },
      { by: alice, name: "burn_gold", given: [alice, 70n], with: [carol] },
    );

    expect(goldOf(state, alice.id)).toBe(0n);
    expect(state.tree.get(stateKey.holding(alice.id, gold))).toBeUndefined();
    expect(goldOf(state, bob.id)).toBe(30n);
    expect(goldRecord(state).supply).toBe(30n);
    expect(assetTotals(state.tree.entries()).get(toHex(gold))).toEqual({ held: 30n, supply: 30n });
    expect(totalHeld(state.tree.entries())).toBe(ledgerHeader(state.header).supplyAfter);
  });

  test("without the issuer's signature an issue and a burn are forbidden: paid for, and nothing else", () => {
    const before = run(published, issue(100n)).state;
    const forged = run(before, { by: bob, name: "issue_gold", given: [bob, 1n] });
    const burned = run(before, { by: alice, name: "burn_gold", given: [alice, 1n] });

    for (const { receipts, state } of [forged, burned]) {
      expect(receipts[0]).toMatchObject({
        outcome: "forbidden",
        errorCode: RESULT_CODES.issuer,
      });
      expect(receipts[0]?.fee).toBeGreaterThan(0n);
      expect(goldRecord(state)).toEqual(goldRecord(before));
      expect(goldOf(state, bob.id)).toBe(0n);
      expect(goldOf(state, alice.id)).toBe(100n);
    }
  });

  test("the supply goes up to 2^64-1 and not beyond", () => {
    const max = (1n << 64n) - 1n;
    const full = run(published, issue(max));
    const more = run(full.state, issue(1n, bob));

    expect(goldRecord(full.state).supply).toBe(max);
    expect(more.receipts[0]).toMatchObject({ outcome: "guard-false" });
    expect(goldRecord(more.state).supply).toBe(max);
  });

  test("gold is nothing to native accounts: who has no gold cannot pay with tokens", () => {
    const poor = run(published, { by: alice, name: "transfer_gold", given: [alice, bob, 1n] });

    expect(poor.receipts[0]).toMatchObject({ outcome: "guard-false" });
  });
});

describe("an atomic batch", () => {
  const start = run(published, issue(10n)).state;
  const deal = (gold: bigint, price: bigint): Move => ({
    by: alice,
    name: "gold_for_tokens",
    given: [alice, bob, gold, bob, alice, price],
    with: [bob],
  });

  test("runs its members in order, all of them", () => {
    const { state, receipts } = run(start, deal(4n, 1_000n));

    expect(receipts[0]).toMatchObject({ outcome: "applied" });
    expect(goldOf(state, bob.id)).toBe(4n);
    expect(accountOf(state, bob.id).balance).toBe(accountOf(start, bob.id).balance - 1_000n);
  });

  test("a member that stops undoes those before it, and is named", () => {
    const { state, receipts } = run(start, deal(4n, 1n << 60n));

    expect(receipts[0]).toMatchObject({ outcome: "guard-false" });
    expect(new TextDecoder().decode(receipts[0]?.detail)).toBe(
      "pay: the guard is false: payer.balance >= price",
    );
    expect(goldOf(state, bob.id)).toBe(0n);
    expect(accountOf(state, bob.id).balance).toBe(accountOf(start, bob.id).balance);
  });

  test("a later member sees what an earlier one did", () => {
    const chain = `atomic_batch relay {
      intent first(signer a: Account, b: Account, n: Amount) {
        guard { a.balance >= n; } effect { a.balance -= n; b.balance += n; } verify { true; } }
      intent second(signer c: Account, d: Account, m: Amount) {
        guard { c.balance == m; } effect { c.balance -= m; d.balance += m; } verify { true; } } }`;
    const there = step(world, start, {
      proofs: [publish(world, alice, chain, { nonce: accountOf(start, alice.id).nonce, ...work })],
    });
    const [relay] = world.tools.programs.compile(utf8(chain), "published");
    const dave = person("dave");
    const proof = invoke(world, alice, {
      ...work,
      nonce: accountOf(there.state, alice.id).nonce,
      intent: relay?.digest ?? "",
      arguments: [
        accountArgument(alice.id),
        accountArgument(dave.id),
        amountArgument(77n),
        accountArgument(dave.id),
        accountArgument(bob.id),
        amountArgument(77n),
      ],
      cosigners: [{ person: dave, nonce: 0 }],
    });
    const { state, receipts } = step(world, there.state, { proofs: [proof] });

    expect(receipts[0]).toMatchObject({ outcome: "applied" });
    expect(accountOf(state, dave.id)).toMatchObject({ balance: 0n, nonce: 1 });
    expect(accountOf(state, bob.id).balance).toBe(accountOf(start, bob.id).balance + 77n);
  });

  test("its members cannot be called alone, and it needs the signature of each member's signers", () => {
    const member = programs.find(({ name }) => name === "gold_for_tokens")?.steps[0];
    const alone = { by: alice, given: [alice, bob, 1n] };

    expect(() =>
      step(world, start, {
        proofs: [
          invoke(world, alice, {
            ...work,
            nonce: accountOf(start, alice.id).nonce,
            intent: member?.digest ?? "",
            arguments: [accountArgument(alice.id), accountArgument(bob.id), amountArgument(1n)],
          }),
        ],
      }),
    ).toThrow(/unknown-intent/);
    expect(() => run(start, { ...alone, ...deal(1n, 1n), with: [] })).toThrow(
      /gold_for_tokens needs the signature of `pay.payer`/,
    );
  });
});

describe("P14: conservation per asset, recomputed from the changes", () => {
  const moves = fc.array(
    fc.record({
      name: fc.constantFrom("issue_gold", "burn_gold", "transfer_gold", "gold_for_tokens"),
      by: fc.nat({ max: 2 }),
      to: fc.nat({ max: 2 }),
      amount: fc.oneof(
        { arbitrary: fc.bigInt({ min: 0n, max: 30n }), weight: 5 },
        { arbitrary: fc.constant((1n << 64n) - 1n), weight: 1 },
      ),
      everyone: fc.oneof(
        { arbitrary: fc.constant(true), weight: 3 },
        { arbitrary: fc.constant(false), weight: 1 },
      ),
    }),
    { maxLength: 6 },
  );

  test("after every random block the holdings of each asset sum to its supply", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(moves, (some) => {
        let state = run(published, issue(40n), issue(40n, bob), issue(40n, carol)).state;
        for (const { name, by, to, amount, everyone } of some) {
          const from = world.people[by] ?? alice;
          const other = world.people[to] ?? bob;
          const others = world.people.filter((one) => one !== from);
          const given: readonly (Person | bigint)[] =
            name === "issue_gold"
              ? [other, amount]
              : name === "burn_gold"
                ? [from, amount]
                : name === "transfer_gold"
                  ? [from, other, amount]
                  : [from, other, amount, from, other, amount];
          const one = { by: from, name, given, with: everyone ? others : [] };
          const done = step(world, state, { proofs: [move(state, one)] });
          state = done.state;
          const outcome = `${name} ${done.receipts[0]?.outcome}`;
          seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
          const totals = assetTotals(state.tree.entries()).get(toHex(gold));
          expect(totals?.held).toBe(totals?.supply);
          expect(findConservationDefect(done.transition, state.parameters)).toBeUndefined();
          expect(totalHeld(state.tree.entries())).toBe(done.transition.supplyAfter);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1 },
    );
    for (const name of ["issue_gold", "burn_gold", "transfer_gold", "gold_for_tokens"]) {
      expect(seen.get(`${name} applied`) ?? 0, name).toBeGreaterThan(0);
    }
    expect(seen.get("issue_gold forbidden") ?? 0).toBeGreaterThan(0);
  });

  const { transition } = run(published, issue(40n), {
    by: alice,
    name: "burn_gold",
    given: [alice, 15n],
    with: [carol],
  });
  const check = (changes: readonly StateChange[]): unknown =>
    findConservationDefect({ ...transition, changes }, world.state.parameters);
  const isAbout = (key: Uint8Array) => (change: StateChange) => toHex(change.key) === toHex(key);
  const record = transition.changes.find(isAbout(stateKey.asset(gold)));
  const held = transition.changes.find(isAbout(stateKey.holding(alice.id, gold)));
  if (record?.after === undefined || held === undefined) throw new Error("both change");
  const change = (now: StateChange): readonly StateChange[] =>
    transition.changes.map((one) => (isAbout(now.key)(one) ? now : one));

  test("finds gold that came from nowhere, and a supply that nobody holds", () => {
    const asset = toHex(gold);
    const more = { ...held, after: Holding.encode({ amount: toAmount(26n) }) };

    expect(check(transition.changes)).toBeUndefined();
    expect(check(change(more))).toEqual({
      rule: "asset-holdings",
      asset,
      expected: -15n,
      actual: -14n,
    });
    expect(check(transition.changes.filter((one) => one !== held))).toMatchObject({
      rule: "asset-holdings",
    });
    expect(check(transition.changes.filter((one) => one !== record))).toMatchObject({
      rule: "asset-holdings",
    });
  });

  test("finds an asset that changes its issuer, its name, or vanishes", () => {
    const now = AssetRecord.decode(record.after ?? new Uint8Array());
    const forged = [
      AssetRecord.encode({ ...now, issuer: bob.id }),
      AssetRecord.encode({ ...now, name: utf8("LEAD") }),
      undefined,
    ];

    for (const after of forged) {
      expect(check(change({ ...record, after }))).toMatchObject({ rule: "asset-record" });
    }
  });
});
