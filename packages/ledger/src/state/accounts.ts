import { type AccountId, type Amount, assert, toAmount, toNonce } from "@aethel/models";
import { accountCoding } from "./account-coding.ts";
import type { Account } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { Cell, StateOverlay } from "./state-overlay.ts";

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

/** Account in an overlay. After one lookup it can be read and changed any number of times. */
export type OpenAccount = Cell<Account>;

/** Looks up an account, which need not exist. */
export function openAccount(overlay: StateOverlay, id: AccountId): OpenAccount {
  return overlay.cell(stateKey.account(id), accountCoding);
}

/**
 * Reads many accounts at once, so that later calls of `openAccount` are faster. Has no other
 * effect.
 */
export function loadAccounts(overlay: StateOverlay, ids: readonly AccountId[]): void {
  overlay.load(ids.map(stateKey.account), accountCoding);
}

/**
 * Returns the current value of an account. Balance and nonce are 0 if the account does not exist.
 */
export function accountOf(account: OpenAccount): Account {
  return account.read() ?? NOBODY;
}

/** Looks up and reads an account. Balance and nonce are 0 if the account does not exist. */
export function readAccount(overlay: StateOverlay, id: AccountId): Account {
  return accountOf(openAccount(overlay, id));
}

/** Writes an account. An account with balance and nonce 0 is removed from the tree. */
function write(account: OpenAccount, changed: Account): void {
  account.write(changed.balance === 0n && changed.nonce === 0 ? undefined : changed);
}

/** Sets a balance. */
export function setBalance(account: OpenAccount, balance: Amount): void {
  write(account, { balance, nonce: accountOf(account).nonce });
}

/** Adds to a balance. The supply bounds every balance, so an overflow is a bug and throws. */
export function deposit(account: OpenAccount, amount: bigint): void {
  assert(amount >= 0n, "a credit is not negative");
  if (amount === 0n) return;
  const { balance, nonce } = accountOf(account);
  write(account, { balance: toAmount(balance + amount), nonce });
}

/** Subtracts from a balance. The caller MUST have checked that the balance suffices. */
export function withdraw(account: OpenAccount, amount: Amount): void {
  const { balance, nonce } = accountOf(account);
  assert(balance >= amount, "a debit was checked against the balance");
  write(account, { balance: toAmount(balance - amount), nonce });
}

/** Looks up an account and adds to its balance. */
export function credit(overlay: StateOverlay, id: AccountId, amount: bigint): void {
  deposit(openAccount(overlay, id), amount);
}

/** Looks up an account and subtracts from its balance. */
export function debit(overlay: StateOverlay, id: AccountId, amount: Amount): void {
  withdraw(openAccount(overlay, id), amount);
}

/** Uses the next nonce of an account: raises its nonce by one. */
export function useNonce(account: OpenAccount): void {
  const { balance, nonce } = accountOf(account);
  write(account, { balance, nonce: toNonce(nonce + 1) });
}
