import {
  type AccountId,
  type Digest,
  NATIVE_ASSET,
  type StateChange,
  type StateTransition,
  sha256,
  toAccountId,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import fc from "fast-check";
import { type Clock, stateKey, TREASURY } from "../../src/index.ts";
import {
  Account,
  AssetRecord,
  Clock as ClockRecord,
  Holding,
  Supply,
} from "../../src/state/records.ts";
import { KEY_KIND } from "../../src/state/state-key.ts";
import { Unbonding, ValidatorRecord } from "../../src/state/validator-records.ts";
import { createWorld, utf8 } from "../fixtures/world.ts";

/** Chains whose schedule leaves room for whatever is minted here. */
export const world = createWorld({
  parameters: { emissionPerSecond: toAmount(2n ** 60n), emissionTotal: toAmount(2n ** 63n) },
});

const RECORD = ValidatorRecord.decode(
  world.state.tree.get(stateKey.validator((world.validators[0] ?? world.alice).id)) ??
    new Uint8Array(),
);
const GENESIS_SUPPLY = 2n ** 62n;

/** A change of one value, and what it means; numbers are known before they are encoded. */
export interface Fact {
  readonly change: StateChange;
  /** Micro-tokens that are held more. */
  readonly held: bigint;
  /** Entries that a creation fee is due for, and bytes that are priced. */
  readonly entries: number;
  readonly bytes: number;
}

export const idOf = (name: string): AccountId => toAccountId(sha256(utf8(name)));
export const assetOf = (at: number): Digest => toDigest(sha256(utf8(`asset ${at}`)));

const large = fc.bigInt({ min: 0n, max: 2n ** 58n });
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined, freq: 3 });
const encoded = <T>(value: T | undefined, encode: (value: T) => Uint8Array) =>
  value === undefined ? undefined : encode(value);

const account = fc.record({ balance: large, nonce: fc.maxSafeNat() });
const encodeAccount = ({ balance, nonce }: { balance: bigint; nonce: number }): Uint8Array =>
  Account.encode({ balance: toAmount(balance), nonce: toNonce(nonce) });
const encodeStake = (stake: bigint): Uint8Array =>
  ValidatorRecord.encode({ ...RECORD, stake: toAmount(stake) });
const encodeLocked = (amounts: readonly bigint[]): Uint8Array =>
  Unbonding.encode({
    entries: amounts.map((amount) => ({ amount: toAmount(amount), freeAt: toTimestamp(9) })),
  });
const sum = (amounts: readonly bigint[] = []): bigint =>
  amounts.reduce((all, one) => all + one, 0n);

/** One person: balance, stake and what is locked, each before and after. */
const person = fc.record({
  account: fc.tuple(maybe(account), maybe(account)),
  stake: maybe(fc.tuple(maybe(large), maybe(large))),
  locked: maybe(
    fc.tuple(
      maybe(fc.array(large, { minLength: 1, maxLength: 2 })),
      maybe(fc.array(large, { minLength: 1, maxLength: 2 })),
    ),
  ),
});

const published = fc.record({
  kind: fc.constantFrom(
    KEY_KIND.intent,
    KEY_KIND.theorem,
    KEY_KIND.intentCertificate,
    KEY_KIND.theoremCertificate,
    KEY_KIND.source,
    KEY_KIND.contract,
    KEY_KIND.contractIntent,
    KEY_KIND.contractCertificate,
    KEY_KIND.scalars,
    // Of these, some are entries, and some are free.
    KEY_KIND.consensusKey,
    KEY_KIND.queueEntry,
    KEY_KIND.offence,
  ),
  before: maybe(fc.nat({ max: 40 })),
  after: maybe(fc.nat({ max: 3_000 })),
});

function factsOfPerson(id: AccountId, of: typeof person extends fc.Arbitrary<infer P> ? P : never) {
  const { account: balances, stake, locked } = of;
  const [first, last] = balances;
  // Its record or its locked stake changes, or it is the treasury: the ledger itself paid it.
  const isChanged = [...(stake ?? []), ...(locked ?? [])].some((side) => side !== undefined);
  const isFree = isChanged || id === TREASURY;
  const isNew = (pair: readonly [unknown, unknown]): number =>
    pair[0] === undefined && pair[1] !== undefined ? 1 : 0;
  const facts: Fact[] = [
    {
      change: {
        key: stateKey.account(id),
        before: encoded(first, encodeAccount),
        after: encoded(last, encodeAccount),
      },
      held: (last?.balance ?? 0n) - (first?.balance ?? 0n),
      entries: isFree ? 0 : isNew(balances),
      bytes: 0,
    },
  ];
  if (stake !== undefined) {
    const [before, after] = stake.map((one) => encoded(one, encodeStake));
    const held = (stake[1] ?? 0n) - (stake[0] ?? 0n);
    const change = { key: stateKey.validator(id), before, after };
    facts.push({ change, held, entries: isNew(stake), bytes: 0 });
  }
  if (locked !== undefined) {
    const [before, after] = locked.map((one) => encoded(one, encodeLocked));
    const change = { key: stateKey.unbonding(id), before, after };
    facts.push({ change, held: sum(locked[1]) - sum(locked[0]), entries: 0, bytes: 0 });
  }
  return facts;
}

function factOfPublished(
  at: number,
  { kind, before, after }: typeof published extends fc.Arbitrary<infer P> ? P : never,
): Fact {
  const key = Uint8Array.of(kind, ...sha256(utf8(`published ${at}`)));
  const isNew = before === undefined && after !== undefined;
  const isPriced = kind >= KEY_KIND.intent && kind <= KEY_KIND.scalars;
  const change = {
    key,
    before: before === undefined ? undefined : new Uint8Array(before),
    after: after === undefined ? undefined : new Uint8Array(after).fill(1),
  };
  const bytes = isNew && isPriced ? key.length + (after ?? 0) : 0;
  return { change, held: 0n, entries: isNew && kind === KEY_KIND.consensusKey ? 1 : 0, bytes };
}

/** Declared assets: what each of two people has of it, before and after. */
const declared = fc.record({
  issuer: fc.constantFrom("issuer a", "issuer b"),
  holdings: fc.array(fc.tuple(maybe(large), maybe(large)), { minLength: 1, maxLength: 2 }),
  isNew: fc.boolean(),
});

function factsOfAsset(
  at: number,
  { issuer, holdings, isNew }: typeof declared extends fc.Arbitrary<infer D> ? D : never,
): readonly Fact[] {
  const asset = assetOf(at);
  const begins = isNew ? 0n : 2n ** 60n;
  const record = (supply: bigint): Uint8Array =>
    AssetRecord.encode({ name: utf8("money"), issuer: idOf(issuer), supply: toAmount(supply) });
  const some = holdings.map(([before, after]) => [isNew ? undefined : before, after] as const);
  const grown = some.reduce((all, [before, after]) => all + (after ?? 0n) - (before ?? 0n), 0n);
  const key = stateKey.asset(asset as never);
  const after = record(begins + grown);
  const own = { change: { key, before: isNew ? undefined : record(begins), after } };
  return [
    ...some.map(([before, now], who): Fact => {
      const encode = (amount: bigint): Uint8Array => Holding.encode({ amount: toAmount(amount) });
      const change = {
        key: stateKey.holding(idOf(`holder ${who}`), asset as never),
        before: encoded(before, encode),
        after: encoded(now, encode),
      };
      const entries = before === undefined && now !== undefined ? 1 : 0;
      return { change, held: 0n, entries, bytes: 0 };
    }),
    { ...own, held: 0n, entries: 0, bytes: isNew ? key.length + after.length : 0 },
  ];
}

/** Contract: what its vault has of the native asset, and cells that come, stay or go. */
const contract = fc.record({
  vault: fc.tuple(maybe(large), large),
  cells: fc.array(
    fc.record({
      keys: fc.constantFrom(8, 32, 64),
      value: fc.constantFrom(1, 16, 120),
      sides: fc.constantFrom<readonly string[]>(["before"], ["after"], ["before", "after"]),
    }),
    { maxLength: 4 },
  ),
});

const holdingOf = (amount: bigint): Uint8Array => Holding.encode({ amount: toAmount(amount) });

/** Facts of a contract, and bytes of cells that come less those that go. */
function factsOfContract(
  at: number,
  { vault, cells }: typeof contract extends fc.Arbitrary<infer C> ? C : never,
): { readonly facts: readonly Fact[]; readonly cellBytes: number } {
  const id = toDigest(sha256(utf8(`contract ${at}`)));
  const [before, after] = vault;
  const key = stateKey.vault(id, NATIVE_ASSET);
  const isNew = before === undefined;
  const own: Fact = {
    change: { key, before: encoded(before, holdingOf), after: holdingOf(after) },
    held: after - (before ?? 0n),
    entries: 0,
    bytes: isNew ? key.length + 8 : 0,
  };
  let cellBytes = 0;
  const written = cells.map(({ keys, value, sides }, map): Fact => {
    const cell = stateKey.cell(id, { map, keys: new Uint8Array(keys) });
    const side = (name: string, fill: number): Uint8Array | undefined =>
      sides.includes(name) ? new Uint8Array(value).fill(fill) : undefined;
    const change = { key: cell, before: side("before", 1), after: side("after", 2) };
    const size = cell.length + value;
    cellBytes += (change.after === undefined ? 0 : size) - (change.before === undefined ? 0 : size);
    return { change, held: 0n, entries: 0, bytes: 0 };
  });
  return { facts: [own, ...written], cellBytes };
}

/** The deposits of a block whose cells have grown by so many bytes. `pool`: deposits of other cells. */
function factOfDeposits(cellBytes: number, pool: bigint): Fact {
  const { depositPrice } = world.genesis.parameters;
  const change = depositPrice * BigInt(cellBytes);
  const before = change < 0n ? pool - change : pool;
  const after = before + change;
  const some = (amount: bigint) => encoded(amount === 0n ? undefined : amount, holdingOf);
  return {
    change: { key: stateKey.deposits, before: some(before), after: some(after) },
    held: change,
    entries: 0,
    bytes: 0,
  };
}

/** Facts of one block, but for the clock and the supply record. */
export const facts: fc.Arbitrary<readonly Fact[]> = fc
  .record({
    people: fc.array(person, { minLength: 1, maxLength: 3 }),
    treasury: maybe(fc.tuple(maybe(account), maybe(account))),
    contracts: fc.array(contract, { maxLength: 2 }),
    pool: fc.oneof(fc.constant(0n), large),
    published: fc.array(published, { maxLength: 4 }),
    assets: fc.array(declared, { maxLength: 2 }),
  })
  .map(({ people, treasury, contracts, pool, published: texts, assets }) => {
    const ofContracts = contracts.map((one, at) => factsOfContract(at, one));
    const cellBytes = ofContracts.reduce((all, one) => all + one.cellBytes, 0);
    const none = { stake: undefined, locked: undefined };
    return [
      ...people.flatMap((one, at) => factsOfPerson(idOf(`person ${at}`), one)),
      ...(treasury === undefined ? [] : factsOfPerson(TREASURY, { account: treasury, ...none })),
      ...ofContracts.flatMap((one) => one.facts),
      factOfDeposits(cellBytes, pool),
      ...texts.map((one, at) => factOfPublished(at, one)),
      ...assets.flatMap((one, at) => factsOfAsset(at, one)),
    ];
  });

/** Numbers of a transition, each of which a test may spoil. */
export interface Books {
  readonly changes: readonly StateChange[];
  readonly minted: bigint;
  readonly burned: bigint;
  readonly supplyBefore: bigint;
  readonly supplyAfter: bigint;
  readonly before: { readonly genesis: bigint; readonly minted: bigint; readonly burned: bigint };
  readonly after: { readonly genesis: bigint; readonly minted: bigint; readonly burned: bigint };
  readonly clock: { readonly before: Clock; readonly after: Clock };
}

/** Somebody rich from the start who gets a lot more: so much must have been minted. */
export const ENRICHED: Fact = {
  change: {
    key: stateKey.account(idOf("rich")),
    before: encodeAccount({ balance: 1n, nonce: 1 }),
    after: encodeAccount({ balance: 1n + 2n ** 61n, nonce: 1 }),
  },
  held: 2n ** 61n,
  entries: 0,
  bytes: 0,
};

/** Price of what is new, as docs and not as code say it. */
export function growthPrice(some: readonly Fact[]): bigint {
  const { creationFee, statePrice } = world.genesis.parameters;
  const entries = some.reduce((all, fact) => all + fact.entries, 0);
  const bytes = some.reduce((all, fact) => all + fact.bytes, 0);
  return BigInt(entries) * creationFee + (BigInt(bytes) * statePrice + 1_023n) / 1_024n;
}

/** Books in which everything adds up. `over`: burned beside what the growth costs. */
export function soundBooks(
  some: readonly Fact[],
  { over, earlier, stepMs }: { over: bigint; earlier: bigint; stepMs: number },
): Books {
  const held = some.reduce((all, fact) => all + fact.held, 0n);
  const least = growthPrice(some) + over;
  const burned = held + least < 0n ? -held : least;
  const minted = held + burned;
  const before = { genesis: GENESIS_SUPPLY, minted: earlier, burned: earlier / 3n };
  const after = { ...before, minted: earlier + minted, burned: before.burned + burned };
  const supplyBefore = before.genesis + before.minted - before.burned;
  const { clock } = world.state;
  const now = toTimestamp(clock.now + stepMs);
  return {
    changes: some.map(({ change }) => change),
    minted,
    burned,
    supplyBefore,
    supplyAfter: supplyBefore + minted - burned,
    before,
    after,
    clock: { before: clock, after: { ...clock, parent: clock.now, now } },
  };
}

/** Value of the supply record or the clock in a transition; `both` is a usual change. */
export type Presence = "both" | "no-before" | "no-after" | "absent";

/** The transition that books tell. */
export function transitionOf(
  books: Books,
  { supply = "both", clock = "both" }: { supply?: Presence; clock?: Presence } = {},
): StateTransition {
  const { minted, burned, supplyBefore, supplyAfter } = books;
  const supplyBytes = ({ genesis, minted: more, burned: less }: Books["before"]): Uint8Array =>
    Supply.encode({
      genesis: toAmount(genesis),
      minted: toAmount(more),
      burned: toAmount(less),
    });
  const present = (how: Presence, change: StateChange): readonly StateChange[] => {
    if (how === "absent") return [];
    const before = how === "no-before" ? undefined : change.before;
    return [{ key: change.key, before, after: how === "no-after" ? undefined : change.after }];
  };
  const { before, after } = books;
  const changes = [
    ...books.changes.filter((one) => one.before !== undefined || one.after !== undefined),
    ...present(supply, {
      key: stateKey.supply,
      before: supplyBytes(before),
      after: supplyBytes(after),
    }),
    ...present(clock, {
      key: stateKey.clock,
      before: ClockRecord.encode(books.clock.before),
      after: ClockRecord.encode(books.clock.after),
    }),
  ].toSorted((left, right) => (toHex(left.key) < toHex(right.key) ? -1 : 1));
  const { root } = world.state.tree;
  return {
    changes,
    minted: minted as never,
    burned: burned as never,
    supplyBefore: supplyBefore as never,
    supplyAfter: supplyAfter as never,
    sequence: toSequence(1),
    rootBefore: root,
    rootAfter: root,
  };
}
