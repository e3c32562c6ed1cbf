import type { AccountId, PublicKey } from "@aethel/models";
import type { Where } from "../state/block-context.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { KeyRecord } from "../state/offence-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { enqueuePower } from "./power-lanes.ts";
import { powerIn, readValidator, statusOf } from "./stake.ts";

/**
 * Binds a key to a validator, in whose place it comes at an epoch boundary. One asked for before is
 * free again.
 */
export function askForKey(overlay: StateOverlay, id: AccountId, nextKey: PublicKey): void {
  dropNextKey(overlay, id);
  overlay.write(stateKey.consensusKey(nextKey), KeyRecord, { validator: id, terms: [] });
  const record = readValidator(overlay, id);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, nextKey });
}

/**
 * Forgets a key that waits for an epoch boundary: no set has named it, so nobody can be convicted
 * by it.
 */
export function dropNextKey(overlay: StateOverlay, id: AccountId): void {
  const record = readValidator(overlay, id);
  if (record.nextKey === undefined) return;
  overlay.write(stateKey.consensusKey(record.nextKey), KeyRecord, undefined);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, nextKey: undefined });
}

/**
 * Puts the key that was asked for in the place of the old one, at an epoch boundary. With it an
 * ejected validator is back: its power waits like that of a newcomer.
 */
export function rotateKey({ overlay, state }: Where, id: AccountId): void {
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
 * Whether an ejected validator has to be out of the set before it can ask for a new key: its
 * offence lasts so long. One that is alone can never be.
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
