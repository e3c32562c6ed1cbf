import { fromHex, type ProofBody, toAccountId } from "@aethel/models";
import type { FieldWrite } from "@aethel/verifier";
import { openAccount } from "../state/accounts.ts";
import { stateKey } from "../state/state-key.ts";
import type { Coding, StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";

/**
 * Counts the cosigners that have no account yet. A proof with any outcome uses their nonces, and so
 * creates their accounts. The author has an account, since it can pay.
 */
export function newCosigners(body: ProofBody, overlay: StateOverlay): number {
  if (body.type !== "invoke") return 0;
  return body.cosigners.filter(({ account }) => openAccount(overlay, account).read() === undefined)
    .length;
}

/** Facts from which the entries that an invoke creates in the state are counted. */
export interface PendingGrowth {
  /**
   * Writes of the invoke, one for each place (account, field and asset), with the values before and
   * after it.
   */
  readonly writes: readonly FieldWrite[];
  /**
   * Names (ids in hexadecimal digits) of the signers. Each has an account, or gets one when its
   * nonce is used.
   */
  readonly signed: ReadonlySet<string>;
  readonly hasAccount: (name: string) => boolean;
  /** Whether the invoke binds a new consensus key to a validator. */
  readonly bindsKey: boolean;
}

/**
 * Number of entries that a new staker has in the state: its record and the record of its consensus
 * key.
 */
const ENTRIES_OF_STAKER = 2;

/**
 * Counts the entries that an invoke creates in the state: accounts with a balance, holdings of
 * declared assets, records of stakers, consensus keys. It MUST be called before the writes are
 * applied.
 */
export function newEntries(pending: PendingGrowth, overlay: StateOverlay): number {
  const { writes, signed, hasAccount, bindsKey } = pending;
  let entries = bindsKey ? 1 : 0;
  for (const { account, field, asset, before, after } of writes) {
    if (before !== 0n || after === 0n) continue;
    if (asset !== undefined) entries += 1;
    else if (field === "stake") entries += isStaker(overlay, account) ? 0 : ENTRIES_OF_STAKER;
    else if (!signed.has(account) && !hasAccount(account)) entries += 1;
  }
  return entries;
}

function isStaker(overlay: StateOverlay, name: string): boolean {
  const key = stateKey.validator(toAccountId(fromHex(name)));
  return overlay.read(key, ValidatorRecord) !== undefined;
}

/** Value that will be written under a new key of the state. */
export interface NewValue<T> {
  readonly key: Uint8Array;
  readonly coding: Coding<T>;
  readonly value: T;
}

/** Returns the number of bytes of a key and its value in the state. */
export function bytesOf<T>({ key, coding, value }: NewValue<T>): number {
  return key.length + coding.encode(value).length;
}
