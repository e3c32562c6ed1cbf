import { equalBytes, NATIVE_ASSET, type StateChange } from "@aethel/models";
import { Account, Holding } from "../state/records.ts";
import { KEY_KIND } from "../state/state-key.ts";
import { Unbonding, ValidatorRecord } from "../state/validator-records.ts";

/** Returns by how much a change raises what is held of the native asset, in micro-tokens. */
export function heldChange({ key, before, after }: StateChange): bigint {
  return heldAt(key, after) - heldAt(key, before);
}

/** Returns the micro-tokens of the native asset that a value of the tree holds. */
function heldAt(key: Uint8Array, value: Uint8Array | undefined): bigint {
  if (value === undefined) return 0n;
  switch (key[0]) {
    case KEY_KIND.account:
      return balanceIn(value);
    case KEY_KIND.validator:
      return ValidatorRecord.decode(value).stake;
    case KEY_KIND.unbonding:
      return Unbonding.decode(value).entries.reduce((sum, entry) => sum + entry.amount, 0n);
    case KEY_KIND.vault:
      return isNativeVault(key) ? Holding.decode(value).amount : 0n;
    case KEY_KIND.deposits:
      return Holding.decode(value).amount;
    default:
      return 0n;
  }
}

/** Whether the key of a vault, `29 contract asset`, names the native asset. */
function isNativeVault(key: Uint8Array): boolean {
  return equalBytes(key.subarray(33), NATIVE_ASSET);
}

/**
 * Reads the balance from the bytes of an account. It does not use `accountCoding`, which wrote the
 * bytes, so that it also checks that coding. Bytes of another form are passed to the `Account`
 * codec, which throws if they are illegal.
 */
function balanceIn(account: Uint8Array): bigint {
  const [last = 0, beforeLast = 0] = [account[15], account[14]];
  const isPlain = account.length === 16 && last === 0 && beforeLast < 0x20;
  if (!isPlain) return Account.decode(account).balance;
  return (BigInt(wordIn(account, 4)) << 32n) | BigInt(wordIn(account, 0));
}

/** Reads four bytes, the least significant first. */
function wordIn(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0] = [bytes[at], bytes[at + 1]];
  const [c = 0, d = 0] = [bytes[at + 2], bytes[at + 3]];
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** Sums the micro-tokens of the native asset in a whole state. For audits and tests. */
export function totalHeld(entries: Iterable<{ key: Uint8Array; value: Uint8Array }>): bigint {
  let sum = 0n;
  for (const { key, value } of entries) sum += heldAt(key, value);
  return sum;
}
