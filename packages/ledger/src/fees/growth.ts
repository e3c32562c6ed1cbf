import { fromHex, type ProofBody, toAccountId } from "@aethel/models";
import type { FieldWrite } from "@aethel/verifier";
import { openAccount } from "../state/accounts.ts";
import { stateKey } from "../state/state-key.ts";
import type { Coding, StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";

/**
 * Cosigners that the state knows nothing of: their nonce is used whatever comes of the proof, and
 * an account with a used nonce stays for good. The author is known, since it can pay.
 */
export function newCosigners(body: ProofBody, overlay: StateOverlay): number {
  if (body.type !== "invoke") return 0;
  return body.cosigners.filter(({ account }) => openAccount(overlay, account).read() === undefined)
    .length;
}

/** Pending writes of an invoke, and who signed it. */
export interface PendingGrowth {
  /** Each place once, from before the invoke to after it. */
  readonly writes: readonly FieldWrite[];
  /** Names of the signers: they have an account, or get one by their nonce. */
  readonly signed: ReadonlySet<string>;
  readonly hasAccount: (name: string) => boolean;
  /** Whether a consensus key gets its owner. */
  readonly bindsKey: boolean;
}

/** Entry of a staker, and of its consensus key. */
const ENTRIES_OF_STAKER = 2;

/**
 * Entries that the state does not have and an invoke makes: accounts that get a balance, holdings
 * of declared assets, records of stakers, consensus keys. Asked before anything is written.
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

/** A value that will be written under a key that the state does not have. */
export interface NewValue<T> {
  readonly key: Uint8Array;
  readonly coding: Coding<T>;
  readonly value: T;
}

/** Bytes that a value takes in the state: those of its key and its own. */
export function bytesOf<T>({ key, coding, value }: NewValue<T>): number {
  return key.length + coding.encode(value).length;
}
