import {
  type AccountId,
  type Amount,
  assert,
  indexOfValidator,
  isAcceptableKey,
  toAmount,
  toPublicKey,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import { type EconomicParameters, votingPower } from "@aethel/rewards";
import type { LedgerState } from "../state/ledger-state.ts";
import { KeyRecord } from "../state/offence-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { NO_SHORT_EPOCHS, ValidatorRecord } from "../state/validator-records.ts";

/** Reads the bonded stake of an account, in micro-tokens; 0 if it is no validator. */
export function readStake(overlay: StateOverlay, id: AccountId): Amount {
  return overlay.read(stateKey.validator(id), ValidatorRecord)?.stake ?? toAmount(0n);
}

/** Returns the power of a validator in a set; 0 if it is not a member. */
export function powerIn(set: ValidatorSet, id: AccountId): bigint {
  const index = indexOfValidator(set, id);
  return index === undefined ? 0n : (validatorAt(set, index)?.power ?? 0n);
}

/**
 * Whether the account's id can be a consensus key: it is an acceptable public key, and no validator
 * has, had or requested it.
 */
export function canBeConsensusKey(overlay: StateOverlay, id: AccountId): boolean {
  const key = toPublicKey(id);
  return isAcceptableKey(key) && overlay.read(stateKey.consensusKey(key), KeyRecord) === undefined;
}

/** Creates the record of a validator without stake. Its consensus key is bound to it forever. */
export function registerValidator(
  overlay: StateOverlay,
  who: { readonly id: AccountId; readonly key: ValidatorRecord["key"] },
): void {
  const keyAt = stateKey.consensusKey(who.key);
  assert(overlay.read(keyAt, KeyRecord) === undefined, "a consensus key has one owner for good");
  overlay.write(keyAt, KeyRecord, { validator: who.id, terms: [] });
  overlay.write(stateKey.validator(who.id), ValidatorRecord, {
    key: who.key,
    stake: toAmount(0n),
    status: "leaving",
    rewards: toAmount(0n),
    tips: toAmount(0n),
    votes: 0,
    blocks: 0,
    offences: 0,
    slashed: toAmount(0n),
    recent: [],
    absent: 0,
    short: NO_SHORT_EPOCHS,
    nextKey: undefined,
    convictedAt: undefined,
  });
}

/**
 * Returns the status of a validator that is neither jailed nor ejected: `active` if its stake gives
 * power, else `leaving`.
 */
export function statusOf(stake: Amount, parameters: EconomicParameters): "active" | "leaving" {
  return votingPower(stake, parameters) > 0n ? "active" : "leaving";
}

/**
 * Whether a validator is jailed or ejected, so that it should have no power, whatever its stake.
 */
export function isKeptOut({ status }: Pick<ValidatorRecord, "status">): boolean {
  return status === "jailed" || status === "ejected";
}

/** Returns the power that an account should have by its validator record. 0 if it has no record. */
export function wantedPower(overlay: StateOverlay, id: AccountId, state: LedgerState): bigint {
  const record = overlay.read(stateKey.validator(id), ValidatorRecord);
  if (record === undefined || isKeptOut(record)) return 0n;
  return votingPower(record.stake, state.parameters);
}

/** Reads the record of an account that MUST be a validator. */
export function readValidator(overlay: StateOverlay, id: AccountId): ValidatorRecord {
  const record = overlay.read(stateKey.validator(id), ValidatorRecord);
  assert(record !== undefined, "a member of a validator set has a record");
  return record;
}
