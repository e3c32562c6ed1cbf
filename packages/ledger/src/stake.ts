import {
  type AccountId,
  type Amount,
  assert,
  compareBytes,
  fromHex,
  indexOfValidator,
  isAcceptableKey,
  type Sequence,
  toAccountId,
  toAmount,
  toPublicKey,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import { type EconomicParameters, votingPower } from "@aethel/rewards";
import type { FieldWrite } from "@aethel/verifier";
import { debit } from "./accounts.ts";
import type { Draft } from "./draft.ts";
import type { ResultCode } from "./result-code.ts";
import type { LedgerState } from "./state.ts";
import {
  AccountQueue,
  KeyRecord,
  NO_DATE,
  stateKey,
  UNBONDING_ENTRIES_MAX,
  Unbonding,
  ValidatorRecord,
} from "./state-layout.ts";

/** Accounts that can wait in one queue; above it, stake cannot be changed until the next border. */
const QUEUE_MAX = 16_384;

/** Bonded stake of an account. */
export function readStake(draft: Draft, id: AccountId): Amount {
  return draft.read(stateKey.validator(id), ValidatorRecord)?.stake ?? toAmount(0n);
}

/** Withdrawn stake that is still locked. */
export function readUnbonding(draft: Draft, id: AccountId): Unbonding {
  return draft.read(stateKey.unbonding(id), Unbonding) ?? { entries: [] };
}

/** Stores locked stake; nothing locked is absent from the tree. */
export function writeUnbonding(draft: Draft, id: AccountId, unbonding: Unbonding): void {
  const value = unbonding.entries.length === 0 ? undefined : unbonding;
  draft.write(stateKey.unbonding(id), Unbonding, value);
}

/** Power of a validator in a set, 0 when it is not a member. */
export function powerIn(set: ValidatorSet, id: AccountId): bigint {
  const index = indexOfValidator(set, id);
  return index === undefined ? 0n : (validatorAt(set, index)?.power ?? 0n);
}

/**
 * What the stake writes of an invoke may not do. A first stake makes the account a validator whose
 * consensus key is its id; stake that is withdrawn must show up as balance of the same account,
 * where the ledger takes it to unbond.
 */
export function findStakeDefect(
  writes: readonly FieldWrite[],
  draft: Draft,
): { readonly code: ResultCode; readonly detail: string } | undefined {
  for (const { account, field, before, after } of writes) {
    if (field !== "stake" || after === before) continue;
    const id = toAccountId(fromHex(account));
    if (queueOf(draft, stateKey.powerQueue).accounts.length >= QUEUE_MAX) {
      return { code: "stake-queue", detail: "too many changes of stake wait for the next border" };
    }
    if (after > before) {
      if (draft.read(stateKey.validator(id), ValidatorRecord) !== undefined) continue;
      if (canBeConsensusKey(draft, id)) continue;
      return { code: "stake-key", detail: `${account} cannot be a consensus key` };
    }
    const gained = writes.find((write) => write.account === account && write.field === "balance");
    if (gained === undefined || gained.after - gained.before < before - after) {
      return { code: "stake-withdrawal", detail: `${account} must receive its stake as balance` };
    }
    const full = readUnbonding(draft, id).entries.length >= UNBONDING_ENTRIES_MAX;
    const queued = queueOf(draft, stateKey.unbondingQueue).accounts.length;
    if (full || queued >= QUEUE_MAX) {
      return { code: "stake-queue", detail: "too many withdrawals wait already" };
    }
  }
  return undefined;
}

/** Whether nobody votes, voted or will vote with the key that is this account's id. */
export function canBeConsensusKey(draft: Draft, id: AccountId): boolean {
  const key = toPublicKey(id);
  return isAcceptableKey(key) && draft.read(stateKey.consensusKey(key), KeyRecord) === undefined;
}

/** Applies stake writes that were found sound; balances are written already. */
export function applyStakeWrites(
  writes: readonly FieldWrite[],
  draft: Draft,
  { sequence, state }: { readonly sequence: Sequence; readonly state: LedgerState },
): void {
  for (const { account, field, before, after } of writes) {
    if (field !== "stake" || after === before) continue;
    const id = toAccountId(fromHex(account));
    if (draft.read(stateKey.validator(id), ValidatorRecord) === undefined) {
      registerValidator(draft, { id, key: toPublicKey(id), from: sequence });
    }
    setStake(draft, id, toAmount(after), state);
    if (after < before) {
      const withdrawn = toAmount(before - after);
      debit(draft, id, withdrawn);
      const { entries } = readUnbonding(draft, id);
      const entry = { amount: withdrawn, freeAt: NO_DATE };
      writeUnbonding(draft, id, { entries: [...entries, entry] });
      enqueue(draft, stateKey.unbondingQueue, id);
    }
  }
}

/** Creates a record without stake, and binds its consensus key to it for good. */
export function registerValidator(
  draft: Draft,
  who: Pick<KeyRecord, "from"> & {
    readonly id: AccountId;
    readonly key: ValidatorRecord["key"];
  },
): void {
  const keyAt = stateKey.consensusKey(who.key);
  assert(draft.read(keyAt, KeyRecord) === undefined, "a consensus key has one owner for good");
  draft.write(keyAt, KeyRecord, { validator: who.id, from: who.from, until: undefined });
  draft.write(stateKey.validator(who.id), ValidatorRecord, {
    key: who.key,
    stake: toAmount(0n),
    status: "leaving",
    rewards: toAmount(0n),
    votes: 0,
    blocks: 0,
    offences: 0,
    slashed: toAmount(0n),
    recent: [],
    absent: 0,
    nextKey: undefined,
  });
}

/** Status by stake alone. */
export function statusOf(
  stake: Amount,
  parameters: EconomicParameters,
): Exclude<ValidatorRecord["status"], "jailed"> {
  return votingPower(stake, parameters) > 0n ? "active" : "leaving";
}

/** Power that a validator should have, now that this is its record. */
export function wantedPower(draft: Draft, id: AccountId, state: LedgerState): bigint {
  const record = draft.read(stateKey.validator(id), ValidatorRecord);
  if (record === undefined || record.status === "jailed") return 0n;
  return votingPower(record.stake, state.parameters);
}

/** Changes bonded stake; if its power is not what it should be, the next border is told. */
export function setStake(draft: Draft, id: AccountId, stake: Amount, state: LedgerState): void {
  const record = readValidator(draft, id);
  // No stake buys a way out of jail: that takes asking.
  const status = record.status === "jailed" ? "jailed" : statusOf(stake, state.parameters);
  draft.write(stateKey.validator(id), ValidatorRecord, { ...record, stake, status });
  if (wantedPower(draft, id, state) !== powerIn(state.votingSet, id)) {
    enqueue(draft, stateKey.powerQueue, id);
  }
}

/** The record of an account that is known to have one. */
export function readValidator(draft: Draft, id: AccountId): ValidatorRecord {
  const record = draft.read(stateKey.validator(id), ValidatorRecord);
  assert(record !== undefined, "a member of a validator set has a record");
  return record;
}

/** A queue's accounts, first come first. */
export function queueOf(draft: Draft, key: Uint8Array): AccountQueue {
  return draft.read(key, AccountQueue) ?? { accounts: [] };
}

/** Stores a queue; an empty one is absent from the tree. */
export function writeQueue(draft: Draft, key: Uint8Array, accounts: readonly AccountId[]): void {
  draft.write(key, AccountQueue, accounts.length === 0 ? undefined : { accounts });
}

/** Adds an account to a queue, if it is not in it. */
export function enqueue(draft: Draft, key: Uint8Array, id: AccountId): void {
  const { accounts } = queueOf(draft, key);
  if (accounts.some((waiting) => compareBytes(waiting, id) === 0)) return;
  writeQueue(draft, key, [...accounts, id]);
}
