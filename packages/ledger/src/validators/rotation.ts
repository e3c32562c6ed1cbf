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
 * Binds a key to a validator, whose key it becomes at an epoch boundary. A key requested before is
 * released.
 */
export function askForKey(overlay: StateOverlay, id: AccountId, nextKey: PublicKey): void {
  dropNextKey(overlay, id);
  overlay.write(stateKey.consensusKey(nextKey), KeyRecord, { validator: id, terms: [] });
  const record = readValidator(overlay, id);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, nextKey });
}

/**
 * Releases a key that waits for an epoch boundary. No set has named it, so no evidence can refer to
 * it.
 */
export function dropNextKey(overlay: StateOverlay, id: AccountId): void {
  const record = readValidator(overlay, id);
  if (record.nextKey === undefined) return;
  overlay.write(stateKey.consensusKey(record.nextKey), KeyRecord, undefined);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, nextKey: undefined });
}

/**
 * Replaces the key of a validator by the requested one, at an epoch boundary. An ejected validator
 * returns with it, and its power waits like that of a newcomer.
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
 * Whether an ejected validator has to be out of the set before it can request a new key, since its
 * offence lasts so long. A validator that is alone never can be.
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
