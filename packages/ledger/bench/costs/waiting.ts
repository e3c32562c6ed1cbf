import {
  KeyRecord,
  type Lane,
  type LedgerState,
  QueueEntry,
  QueuePlace,
  Queues,
  stateKey,
  Unbonding,
  ValidatorRecord,
} from "@aethel/ledger";
import {
  type AccountId,
  type PublicKey,
  sha256,
  type Timestamp,
  toAccountId,
  toAmount,
  toPublicKey,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import type { Person } from "../chain.ts";
import { withEntries } from "./setting.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Fullest form of the records that an epoch boundary decodes and writes again. */
const UNBONDING_ENTRIES = 64;
const OLD_TERMS = 15;
/** A third of the power may change: fewer of the waiting than this part change their keys. */
const KEYS_PART = 0.45;
const NOT_YET = toTimestamp(2 ** 50);
const UNDATED = toTimestamp(0);

/** Entries of a state that is being changed. */
interface Draft {
  readonly state: LedgerState;
  readonly entries: Map<string, { readonly key: Uint8Array; readonly value: Uint8Array }>;
  queues: Queues;
}

/**
 * The state with waiting accounts in each queue, for an epoch boundary that serves them in one of
 * the four orders: members whose power falls, members whose power rises, newcomers, keys, releases.
 */
export function withWaiting(
  state: LedgerState,
  people: readonly Person[],
  { count, turn }: { readonly count: number; readonly turn: number },
): LedgerState {
  const known = state.tree.get(stateKey.queues);
  const queues = { ...(known === undefined ? EMPTY : Queues.decode(known)), turn };
  const draft: Draft = { state, entries: new Map(), queues };
  const half = Math.floor(people.length / 2);
  const members = people.slice(0, Math.min(people.length, 2 * count));
  members.forEach((who, at) => {
    const isFalling = at % 2 === 0;
    const wantsKey = at < Math.min(KEYS_PART * people.length, count);
    moveMember(draft, who, { by: isFalling ? -1n : 1n, nextKey: wantsKey });
    fillTerms(draft, who);
    if (at < 2 * half) enqueue(draft, isFalling ? "falling" : "rising", who.id);
    if (wantsKey) enqueue(draft, "keys", who.id);
  });
  for (let at = 0; at < count; at++) {
    seatNewcomer(draft, toAccountId(sha256(utf8(`newcomer ${at}`))));
    release(draft, toAccountId(sha256(utf8(`leaver ${at}`))));
  }
  put(draft, stateKey.queues, Queues.encode(draft.queues));
  return withEntries(state, [...draft.entries.values()]);
}

const NONE = { head: 0, tail: 0 };
const EMPTY: Queues = {
  turn: 0,
  falling: NONE,
  rising: NONE,
  seats: NONE,
  keys: NONE,
  releases: NONE,
};

function put({ entries }: Draft, key: Uint8Array, value: Uint8Array): void {
  entries.set(Buffer.from(key).toString("latin1"), { key, value });
}

function enqueue(draft: Draft, lane: Lane, account: AccountId, due: Timestamp = UNDATED): void {
  const { head, tail } = draft.queues[lane];
  put(draft, stateKey.queueEntry(lane, tail), QueueEntry.encode({ account, due }));
  if (lane !== "releases") {
    put(draft, stateKey.queuePlace(lane, account), QueuePlace.encode({ position: tail }));
  }
  draft.queues = { ...draft.queues, [lane]: { head, tail: tail + 1 } };
}

function moveMember(
  draft: Draft,
  { id }: Person,
  change: { readonly by: bigint; readonly nextKey: boolean },
): void {
  const value = draft.state.tree.get(stateKey.validator(id));
  if (value === undefined) throw new Error("a member has a record");
  const record = ValidatorRecord.decode(value);
  const nextKey = change.nextKey
    ? keyNamed(`next key of ${Buffer.from(id).toString("hex")}`)
    : undefined;
  if (nextKey !== undefined) put(draft, stateKey.consensusKey(nextKey), ownedBy(id));
  const stake = toAmount(record.stake + change.by);
  put(draft, stateKey.validator(id), ValidatorRecord.encode({ ...record, stake, nextKey }));
  unbond(draft, id, change.by < 0n ? UNDATED : NOT_YET);
}

/** The key of a member whose power has changed at many epoch boundaries. */
function fillTerms(draft: Draft, { signer }: Person): void {
  const key = stateKey.consensusKey(signer.publicKey);
  const value = draft.state.tree.get(key);
  if (value === undefined) throw new Error("a member's key has a record");
  const record = KeyRecord.decode(value);
  const [now] = record.terms.slice(-1);
  if (now === undefined) throw new Error("a member's key has a term");
  const first = toSequence(1);
  const old = Array.from({ length: OLD_TERMS }, () => ({ ...now, from: first, until: first }));
  put(draft, key, KeyRecord.encode({ ...record, terms: [...old, now] }));
}

function seatNewcomer(draft: Draft, id: AccountId): void {
  const key = keyNamed(`key of ${Buffer.from(id).toString("hex")}`);
  const none = toAmount(0n);
  put(draft, stateKey.consensusKey(key), ownedBy(id));
  const record: ValidatorRecord = {
    key,
    stake: draft.state.parameters.minimumStake,
    status: "active",
    rewards: none,
    tips: none,
    votes: 0,
    blocks: 0,
    offences: 0,
    slashed: none,
    recent: [],
    absent: 0,
    short: { votes: 0, blocks: 0, lastedMs: 0 },
    nextKey: undefined,
    convictedAt: undefined,
  };
  put(draft, stateKey.validator(id), ValidatorRecord.encode(record));
  unbond(draft, id, UNDATED);
  enqueue(draft, "seats", id);
}

function release(draft: Draft, id: AccountId): void {
  const due = draft.state.clock.boundary;
  unbond(draft, id, due);
  enqueue(draft, "releases", id, due);
}

/** Withdrawn stake of many dates, the first of them the given one. */
function unbond(draft: Draft, id: AccountId, first: Timestamp): void {
  const entries = Array.from({ length: UNBONDING_ENTRIES }, (_, at) => ({
    amount: toAmount(1n),
    freeAt: at === 0 ? first : toTimestamp(NOT_YET + at),
  }));
  put(draft, stateKey.unbonding(id), Unbonding.encode({ entries }));
}

function ownedBy(validator: AccountId): Uint8Array {
  return KeyRecord.encode({ validator, terms: [] });
}

function keyNamed(name: string): PublicKey {
  return toPublicKey(sha256(utf8(name)));
}
