import type { AccountId, PublicKey } from "@aethel/models";
import type { BlockContext } from "../state/block-context.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { KeyRecord } from "../state/offence-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { enqueuePower } from "./power-lanes.ts";
import { powerIn, readValidator, statusOf } from "./stake.ts";

/**
 * Binds a requested key to a validator. It becomes the validator's consensus key at an epoch
 * boundary. If the validator requested another key before, that key is released.
 */
export function askForKey(overlay: StateOverlay, id: AccountId, nextKey: PublicKey): void {
  dropNextKey(overlay, id);
  overlay.write(stateKey.consensusKey(nextKey), KeyRecord, { validator: id, terms: [] });
  const record = readValidator(overlay, id);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, nextKey });
}

/**
 * Releases the key that a validator has requested, if any, before it takes effect. No validator set
 * has had it, so no evidence can refer to it.
 */
export function dropNextKey(overlay: StateOverlay, id: AccountId): void {
  const record = readValidator(overlay, id);
  if (record.nextKey === undefined) return;
  overlay.write(stateKey.consensusKey(record.nextKey), KeyRecord, undefined);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, nextKey: undefined });
}

/**
 * Replaces the key of a validator by the requested one, at an epoch boundary. This brings an
 * ejected validator back: its power enters a queue like that of a new validator.
 */
export function rotateKey({ overlay, state }: BlockContext, id: AccountId): void {
  const record = readValidator(overlay, id);
  const { nextKey } = record;
  if (nextKey === undefined) return;
  const rotated = { ...record, key: nextKey, nextKey: undefined };
  const isBack = record.status === "ejected";
  const status = isBack ? statusOf(record.stake, state.parameters) : record.status;
  const convictedAt = isBack ? undefined : record.convictedAt;
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...rotated, status, convictedAt });
  if (isBack) enqueuePower(overlay, id, state);
}

/**
 * Whether a validator must leave the set before it can request a new key. True for an ejected
 * validator that still has power, because equivocations until its exit belong to the punished
 * offence. False for the only member of a set, which can never leave.
 */
export function mustLeaveFirst(
  overlay: StateOverlay,
  id: AccountId,
  { votingSet }: LedgerState,
): boolean {
  const { status } = readValidator(overlay, id);
  const isAlone = votingSet.validators.length === 1;
  return status === "ejected" && powerIn(votingSet, id) > 0n && !isAlone;
}
