import { type Invoke, toAmount, toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Holding, type LedgerState, RESULT_CODES, stateKey } from "../../src/index.ts";
import { accountOf, type Executed, type Person, step, transaction } from "../fixtures/world.ts";
import {
  callOf,
  GOLD,
  goldWorld,
  type Holdings,
  NATIVE,
  nameOf,
  PEOPLE,
  runStep,
  runSteps,
  STRANGER,
  type Step,
  signersOf,
} from "./naive-calls.ts";

const world = goldWorld();
const FEE_LIMIT = 100_000n;
const EVERYBODY = [...PEOPLE, STRANGER];

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    intent: fc.constantFrom<Step["intent"]>("transfer", "gold", "sell", "poorer"),
    from: fc.constantFrom(...PEOPLE),
    to: fc.constantFrom(...PEOPLE),
    amount: fc.oneof(
      { weight: 8, arbitrary: fc.bigInt({ min: 1n, max: 40n }) },
      { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 150n }) },
      { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 1_200_000n }) },
    ),
  }),
  { minLength: 1, maxLength: 16 },
);

/** Steps of which each pays out of what the ones before have left, so that most apply. */
const payments: fc.Arbitrary<readonly Step[]> = steps.map((all) =>
  all.map((one) => ({
    ...one,
    intent: one.intent === "poorer" ? "gold" : one.intent,
    to: one.intent === "sell" ? one.to : (EVERYBODY[Number(one.amount % 4n)] ?? one.to),
    amount: one.amount % 5n,
  })),
);

/** What people hold. `reserved`: taken from the author's balance, as while calls run. */
function heldIn(state: LedgerState, author: Person, reserved: bigint): Holdings {
  const held = new Map<string, bigint>();
  for (const who of EVERYBODY) {
    const { balance } = accountOf(state, who.id);
    held.set(nameOf(who, NATIVE), who === author ? balance - reserved : balance);
    const bytes = state.tree.get(stateKey.holding(who.id, GOLD));
    held.set(nameOf(who, GOLD), bytes === undefined ? 0n : Holding.decode(bytes).amount);
  }
  return held;
}

interface Sent {
  readonly executed: Executed;
  readonly author: Person;
  /** People who sign, in the order of the body. */
  readonly signers: readonly Person[];
}

/** Returns the people who sign steps in the order of the body: the author, then the cosigners. */
function peopleOf(all: readonly Step[]): readonly [Person, ...Person[]] {
  const needed = new Set(all.flatMap(signersOf));
  const [author = PEOPLE[0] as Person, ...others] = PEOPLE.filter((who) => needed.has(who));
  return [author, ...others.toSorted((left, right) => Buffer.compare(left.id, right.id))];
}

/** Executes steps as one transaction of the people who must sign them. */
function send(
  all: readonly Step[],
  spending?: (signers: readonly Person[]) => Invoke["spending"],
): Sent {
  const signers = peopleOf(all);
  const [author, ...others] = signers;
  const proof = transaction(world, author, {
    nonce: 0,
    resourceLimit: 100_000,
    feeLimit: FEE_LIMIT,
    calls: all.map(callOf),
    cosigners: others.map((one) => ({ person: one, nonce: 0 })),
    spending: spending?.(signers),
  });
  return { executed: step(world, world.state, { proofs: [proof] }), author, signers };
}

/** Expects that people hold what the model says, the author less the fee. */
function expectHeld({ executed, author }: Sent, held: Holdings): void {
  const fee = executed.receipts[0]?.fee ?? 0n;
  expect(heldIn(executed.state, author, FEE_LIMIT - fee)).toEqual(held);
}

describe("a transaction of 1 to 16 calls", () => {
  test("ends where its calls end that are run in order, or changes nothing at all", () => {
    const seen = { applied: 0, failed: 0 };
    fc.assert(
      fc.property(fc.oneof(steps, payments), (all) => {
        const sent = send(all);
        const { author, executed } = sent;
        const expected = runSteps(heldIn(world.state, author, FEE_LIMIT), all);
        const { errorCode, outcome } = executed.results[0] ?? {};

        expectHeld(sent, expected.held);
        expect(outcome).toBe(expected.failed === undefined ? "applied" : "guard-false");
        expect(errorCode).toBe(expected.failed === undefined ? 0 : RESULT_CODES["guard-false"]);
        seen[expected.failed === undefined ? "applied" : "failed"] += 1;
        if (expected.failed === undefined || all.length === 1) return;
        const detail = new TextDecoder().decode(executed.receipts[0]?.detail);
        expect(detail).toContain(`call ${expected.failed + 1} of ${all.length}: `);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(Math.min(seen.applied, seen.failed)).toBeGreaterThan(30);
  });

  test("uses the nonce of each signer once, whatever the number of calls", () => {
    fc.assert(
      fc.property(payments, (all) => {
        const { executed, signers } = send(all);
        for (const who of PEOPLE) {
          expect(accountOf(executed.state, who.id).nonce).toBe(signers.includes(who) ? 1 : 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** Amount by which each holding of the signers falls, and by how much more or less a limit is. */
interface Limited {
  readonly all: readonly Step[];
  readonly slack: readonly (bigint | undefined)[];
}

const limited: fc.Arbitrary<Limited> = fc.record({
  all: payments.filter((all) => all.length > 0),
  slack: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant(0n) },
      { weight: 1, arbitrary: fc.constantFrom(-1n, 1n, 1_000n, undefined) },
    ),
    { minLength: 8, maxLength: 8 },
  ),
});

/** Limits as the model of a wallet would set them: the falls, each with its slack. */
function limitsOf(
  { slack }: Limited,
  signers: readonly Person[],
  falls: ReadonlyMap<string, bigint>,
): NonNullable<Invoke["spending"]> {
  return signers.flatMap((who, signer) =>
    [NATIVE, GOLD]
      .toSorted((left, right) => Buffer.compare(left, right))
      .flatMap((asset, at) => {
        const more = slack[2 * signer + at];
        const fall = falls.get(nameOf(who, asset)) ?? 0n;
        if (more === undefined) return [];
        const amount = fall + more < 0n ? 0n : fall + more;
        return [{ signer, asset, amount: toAmount(amount) }];
      }),
  );
}

describe("spending limits", () => {
  test("allow what falls by at most the limit, over all calls together, and nothing else", () => {
    const seen = { applied: 0, spending: 0 };
    fc.assert(
      fc.property(limited, (of) => {
        const before = heldIn(world.state, peopleOf(of.all)[0], FEE_LIMIT);
        const { held, failed } = runSteps(before, of.all);
        fc.pre(failed === undefined);
        const falls = new Map(
          [...before].map(([name, much]) => [name, much - (held.get(name) ?? 0n)]),
        );
        let limits: NonNullable<Invoke["spending"]> = [];
        const sent = send(of.all, (signers) => {
          limits = limitsOf(of, signers, falls);
          return limits;
        });
        const limitOf = (name: string): bigint => {
          const found = limits.find(
            ({ signer, asset }) => nameOf(sent.signers[signer] as Person, asset) === name,
          );
          return found?.amount ?? 0n;
        };
        const isWithin = [...falls].every(([name, fall]) => fall <= 0n || fall <= limitOf(name));

        expectHeld(sent, isWithin ? held : before);
        expect(sent.executed.results[0]).toMatchObject({
          outcome: isWithin ? "applied" : "forbidden",
          errorCode: isWithin ? 0 : RESULT_CODES.spending,
        });
        seen[isWithin ? "applied" : "spending"] += 1;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 250, seed: 1 },
    );
    expect(Math.min(seen.applied, seen.spending)).toBeGreaterThan(20);
  });

  test("do not count the fee, and count what comes back within the transaction", () => {
    const [alice, bob] = PEOPLE as readonly [Person, Person, Person];
    const there: Step = { intent: "transfer", from: alice, to: bob, amount: 1_000n };
    const back: Step = { intent: "transfer", from: bob, to: alice, amount: 999n };
    const outcome = (...limits: readonly [number, bigint][]) =>
      send([there, back], () =>
        limits.map(([signer, amount]) => ({ signer, asset: NATIVE, amount: toAmount(amount) })),
      ).executed.receipts[0];

    expect(outcome([0, 1n])).toMatchObject({ outcome: "applied" });
    const refused = outcome([0, 0n]);
    expect(refused).toMatchObject({ outcome: "forbidden", errorCode: RESULT_CODES.spending });
    expect(refused?.fee).toBeGreaterThan(1n);
    expect(new TextDecoder().decode(refused?.detail)).toBe(
      `balance of ${toHex(alice.id)} would fall by 1; the spending limit is 0`,
    );
  });
});

test("the model itself moves what it says", () => {
  const [alice, bob] = PEOPLE as readonly [Person, Person, Person];
  const held = new Map([
    [nameOf(alice, GOLD), 5n],
    [nameOf(bob, NATIVE), 9n],
  ]);
  const sold = runStep(held, { intent: "sell", from: alice, to: bob, amount: 4n });
  expect(sold?.get(nameOf(alice, NATIVE))).toBe(8n);
  expect(sold?.get(nameOf(bob, GOLD))).toBe(4n);
  expect(runStep(held, { intent: "sell", from: alice, to: bob, amount: 5n })).toBeUndefined();
});
