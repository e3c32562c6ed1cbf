import { toAmount, toHex } from "@aethel/models";
import {
  brokenInvariants,
  type ContractChanges,
  callUnitsBound,
  type FieldValue,
  initialState,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, stateKey, supplyOf, totalHeld } from "../../src/index.ts";
import { growthOfSigners } from "../../src/metering/growth.ts";
import { intentRecord } from "../../src/programs/contract-interface.ts";
import { cellBytes } from "../../src/state/contract-codings.ts";
import { Holding } from "../../src/state/records.ts";
import { KEY_KIND } from "../../src/state/state-key.ts";
import {
  cellBytesOf,
  type ModelCall,
  type ModelState,
  nameOf,
  paid,
  runModel,
} from "../fixtures/contract-model.ts";
import { modelOf, transaction, viewOf, wireCall } from "../fixtures/contract-world.ts";
import { compiled, intentOf, KEEPER, librarySource } from "../fixtures/contracts.ts";
import {
  accountOf,
  createWorld,
  type Executed,
  type Person,
  person,
  publish,
  step,
} from "../fixtures/world.ts";

const GOLD = { name: new TextEncoder().encode("GOLD"), issuer: person("issuer of gold").id };
const KEEPER_SOURCE = KEEPER.replace("5a".repeat(32), toHex(GOLD.issuer));
const keeper = compiled(KEEPER_SOURCE);
// Without those with a GOLD of another issuer: the model knows assets by their names.
const LIBRARY = [
  "allowance-token",
  "crowdfunding",
  "english-auction",
  "escrow",
  "hash-locked-swap",
  "name-registry",
  "payment-channel",
  "share-vault",
  "subscription",
  "treasury",
  "vesting",
  "voting",
].map(librarySource);
const library = LIBRARY.map(compiled);
const contracts: readonly TypedContract[] = [keeper, ...library];

const world = createWorld({
  balances: [1_000_000_000n, 1_000_000_000n, 1_000_000_000n],
  parameters: { depositPrice: toAmount(3n) },
  assets: [
    {
      ...GOLD,
      supply: toAmount(30n),
      holdings: ["person 0", "person 1", "person 2"].map((seed) => {
        return { id: person(seed).id, amount: toAmount(10n) };
      }),
    },
  ],
});
const stranger = person("stranger without an account");
const people: readonly Person[] = world.people;
const accounts = [...people, stranger].map(({ id }) => toHex(id));

/** State after a block that publishes all contracts. */
const published: LedgerState = step(world, world.state, {
  proofs: [KEEPER_SOURCE, ...LIBRARY].map((source, nonce) =>
    publish(world, world.alice, source, {
      nonce,
      resourceLimit: 1_000_000,
      feeLimit: 20_000_000n,
    }),
  ),
}).state;

/** What a call calls; undefined for a transfer. */
interface Target {
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
}

const targets: readonly (Target | undefined)[] = [
  ...Array.from({ length: 16 }, () => undefined),
  // Most of its calls find guards that hold.
  ...Array.from({ length: 9 }, () =>
    keeper.intents.map((intent) => ({ contract: keeper, intent })),
  ).flat(),
  ...contracts.flatMap((contract) => contract.intents.map((intent) => ({ contract, intent }))),
];

/** Call, with numbers from which its arguments are made once the signers are known. */
interface DrawnCall {
  /** Index in `targets`. */
  readonly target: number;
  readonly numbers: readonly number[];
}

const digits = fc.constantFrom(0, 1, 2, 3, 4, 5, 6);

const drawn: fc.Arbitrary<DrawnCall> = fc.record({
  target: fc.constantFrom(...targets.keys()),
  numbers: fc.array(digits, { minLength: 6, maxLength: 6 }),
});

interface DrawnTransaction {
  readonly author: number;
  readonly cosigners: readonly number[];
  readonly calls: readonly DrawnCall[];
}

const transactions: fc.Arbitrary<DrawnTransaction> = fc
  .record({
    author: fc.nat({ max: 2 }),
    cosigners: fc.subarray([0, 1, 2], { maxLength: 2 }),
    calls: fc.array(drawn, { minLength: 1, maxLength: 3 }),
  })
  .map((one) => ({ ...one, cosigners: one.cosigners.filter((at) => at !== one.author) }));

function callFrom(
  { target, numbers }: DrawnCall,
  signers: readonly Person[],
  now: bigint,
): ModelCall {
  const number = (at: number): number => numbers[at] ?? 0;
  const signer = (at: number): string => toHex(pick(signers, number(at)).id);
  const found = targets[target];
  if (found === undefined) {
    return {
      type: "transfer",
      from: signer(0),
      to: pick(accounts, number(1)),
      amount: BigInt(number(2)),
    };
  }
  const { contract, intent } = found;
  const values = intent.parameters.map(({ name, type, isSigner }, at): FieldValue => {
    if (isSigner) return signer(at);
    if (type.kind === "account") return pick(accounts, number(at));
    if (type.kind === "signature") return "aa".repeat(64);
    if (type.kind === "digest") return pick(["0a".repeat(32), "0b".repeat(32)], number(at));
    if (type.kind === "bool") return number(at) % 2 === 0;
    // Deadlines before and after the time of the block.
    return name === "deadline" ? now + BigInt(number(at)) - 3n : BigInt(number(at) % 4);
  });
  return { type: "contract", contract, intent, values };
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[index % list.length];
  if (found === undefined) throw new Error("an empty list");
  return found;
}

interface Count {
  applied: number;
  stopped: number;
}

/** State of the ledger with what it holds. */
interface Reached {
  readonly state: LedgerState;
  readonly model: ModelState;
}

/** Executes a transaction in a block of its own, and compares the ledger with the model. */
function compare({ state, model: before }: Reached, one: DrawnTransaction, count: Count): Reached {
  const author = pick(people, one.author);
  const cosigners = one.cosigners.map((at) => pick(people, at));
  const signers = [author, ...cosigners];
  const now = BigInt(Math.floor(state.clock.now / 1_000));
  const calls = one.calls.map((call) => callFrom(call, signers, now));
  const feeLimit = 10_000_000n;
  const proof = transaction(world, state, author, {
    calls: calls.map((call) => wireCall(world, call)),
    cosigners,
    feeLimit,
    assets: contracts.flatMap(({ assets }) => assets),
  });
  const executed: Executed = step(world, state, { proofs: [proof] });
  const [receipt] = executed.receipts;
  if (receipt === undefined) throw new Error("a block with a proof has a receipt");

  const authorId = toHex(author.id);
  const ran = runModel(paid(before, authorId, -feeLimit), {
    calls,
    signers: new Set(signers.map(({ id }) => toHex(id))),
    sequence: BigInt(executed.state.header.sequence),
    now,
    isSignature: () => false,
  });
  expect(receipt.outcome).toBe(ran.outcome);
  const due = depositDue(before, ran.state);
  expect(receipt.depositPaid - receipt.depositReturned).toBe(due);
  const after = paid(ran.state, authorId, feeLimit - receipt.fee - due);
  const model = modelOf(executed.state, accounts, contracts);
  expect(viewOf(model, accounts, contracts)).toEqual(viewOf(after, accounts, contracts));
  expect(poolOf(executed.state)).toBe(3n * BigInt(bytesOf(after)));
  const supply = supplyOf(executed.state.tree);
  expect(totalHeld(executed.state.tree.entries())).toBe(
    supply.genesis + supply.minted - supply.burned,
  );
  if (receipt.outcome === "applied") {
    expect(receipt.calls.map(({ intent }) => intent)).toEqual(
      calls.map((call) => wireCall(world, call).intent),
    );
    for (const [at, changes] of ran.changes.entries()) expectListed(receipt.calls[at], changes);
  } else {
    for (const call of receipt.calls) expectListed(call, undefined);
  }
  for (const contract of library) {
    const stored = model.contracts.get(nameOf(contract)) ?? initialState(contract);
    expect(brokenInvariants(contract, stored)).toEqual([]);
  }
  expect(grownBy(executed)).toBeLessThanOrEqual(mostGrowth(calls, signers.length));
  for (const [at, call] of calls.entries()) {
    if (call.type === "transfer") continue;
    const units = receipt.calls[at]?.units ?? 0;
    expect(units).toBeLessThanOrEqual(callUnitsBound(call.contract, call.intent));
  }
  count[receipt.outcome === "applied" ? "applied" : "stopped"] += 1;
  return { state: executed.state, model };
}

const GROWN: ReadonlySet<number | undefined> = new Set([
  KEY_KIND.account,
  KEY_KIND.holding,
  KEY_KIND.cell,
]);

/** Returns the bytes of the accounts, holdings and cells that a block has added. */
function grownBy({ transition }: Executed): number {
  let bytes = 0;
  for (const { key, before, after } of transition.changes) {
    if (before !== undefined || after === undefined || !GROWN.has(key[0])) continue;
    // The ledger itself pays the treasury and validators.
    if (key[0] === KEY_KIND.account && !accounts.includes(toHex(key.slice(1)))) continue;
    bytes += key.length + after.length;
  }
  return bytes;
}

/** Returns the growth that a block reserves for calls before it runs them. */
function mostGrowth(calls: readonly ModelCall[], signers: number): number {
  const { programs } = world.tools;
  return calls.reduce((sum, call) => {
    const { intent } = wireCall(world, call);
    if (call.type === "transfer") return sum + (programs.remembered(intent)?.growth ?? 0);
    const { contract } = call;
    const index = contract.intents.indexOf(call.intent);
    return sum + intentRecord(contract, index).growth;
  }, growthOfSigners(signers));
}

function expectListed(
  receipt: Executed["receipts"][number]["calls"][number] | undefined,
  changes: ContractChanges | undefined,
): void {
  const { cells = [], vaults = [], events = [] } = receipt ?? {};
  expect(cells).toHaveLength(changes?.cells.length ?? 0);
  expect(vaults.map(({ before, after }) => [before, after])).toEqual(
    (changes?.vaults ?? []).map(({ before, after }) => [before, after]),
  );
  expect(events.map(({ name }) => new TextDecoder().decode(name))).toEqual(
    (changes?.events ?? []).map(({ name }) => name),
  );
}

function bytesOf({ contracts: states }: ModelState): number {
  return contracts.reduce((sum, contract) => {
    const own = states.get(nameOf(contract));
    return sum + (own === undefined ? 0 : cellBytesOf(contract, own));
  }, 0);
}

function depositDue(before: ModelState, after: ModelState): bigint {
  return 3n * BigInt(bytesOf(after) - bytesOf(before));
}

function poolOf(state: LedgerState): bigint {
  const bytes = state.tree.get(stateKey.deposits);
  return bytes === undefined ? 0n : Holding.decode(bytes).amount;
}

describe("contracts in blocks", () => {
  test("P14, P38: random transactions do what the interpreter does on plain maps, all or nothing", () => {
    const count: Count = { applied: 0, stopped: 0 };
    fc.assert(
      fc.property(fc.array(transactions, { minLength: 4, maxLength: 12 }), (all) => {
        let reached: Reached = { state: published, model: modelOf(published, accounts, contracts) };
        for (const one of all) reached = compare(reached, one, count);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 12, seed: 1 },
    );
    expect(Math.min(count.applied, count.stopped)).toBeGreaterThan(5);
  });

  test("who removes a cell gets its deposit, whoever paid it", () => {
    const call = (name: string, ...values: readonly FieldValue[]): ReturnType<typeof wireCall> => {
      return wireCall(world, {
        type: "contract",
        contract: keeper,
        intent: intentOf(keeper, name),
        values,
      });
    };
    const { alice, bob } = world;
    const bytes = (name: string): bigint =>
      BigInt(keeper.maps.filter((map) => map.name === name).reduce((_, map) => cellBytes(map), 0));
    const put = transaction(world, published, alice, { calls: [call("put", toHex(alice.id), 5n)] });
    const first = step(world, published, { proofs: [put] });
    const remove = [call("pay", toHex(alice.id)), call("close", 0n)];
    const proof = transaction(world, first.state, bob, { calls: remove });
    const second = step(world, first.state, { proofs: [proof] });
    const locked = 3n * (bytes("owed") + bytes("deals"));

    expect(first.receipts[0]).toMatchObject({ outcome: "applied", depositPaid: locked });
    expect(second.receipts[0]).toMatchObject({ outcome: "applied", depositReturned: locked });
    const before = poolOf(published);
    expect([poolOf(first.state), poolOf(second.state)]).toEqual([before + locked, before]);
    const { balance } = accountOf(first.state, bob.id);
    expect(accountOf(second.state, bob.id).balance).toBe(
      balance + locked - (second.receipts[0]?.fee ?? 0n),
    );
  });

  test("what appears and disappears in one transaction has no deposit", () => {
    const call = (name: string, ...values: readonly FieldValue[]): ReturnType<typeof wireCall> =>
      wireCall(world, {
        type: "contract",
        contract: keeper,
        intent: intentOf(keeper, name),
        values,
      });
    const id = toHex(world.alice.id);
    const calls = [call("put", id, 5n), call("pay", id), call("close", 0n)];
    const proof = transaction(world, published, world.alice, { calls });
    const { state, receipts } = step(world, published, { proofs: [proof] });

    expect(receipts[0]).toMatchObject({ outcome: "applied", depositPaid: 0n, depositReturned: 0n });
    expect(poolOf(state)).toBe(poolOf(published));
  });
});
