import { type AccountId, type Amount, assert, toAmount, toNonce } from "@aethel/models";
import { accountCoding } from "./account-coding.ts";
import type { Account } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { Cell, StateOverlay } from "./state-overlay.ts";

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

/** Account of an overlay, looked up once for any number of reads and changes. */
export type OpenAccount = Cell<Account>;

/** Looks up an account, whether or not it exists. */
export function openAccount(overlay: StateOverlay, id: AccountId): OpenAccount {
  return overlay.cell(stateKey.account(id), accountCoding);
}

/** Reads many accounts at once, so that `openAccount` finds them sooner. */
export function loadAccounts(overlay: StateOverlay, ids: readonly AccountId[]): void {
  overlay.load(ids.map(stateKey.account), accountCoding);
}

/** Current value of an account; zeros if it does not exist. */
export function accountOf(account: OpenAccount): Account {
  return account.read() ?? NOBODY;
}

/** Looks up and reads an account once. */
export function readAccount(overlay: StateOverlay, id: AccountId): Account {
  return accountOf(openAccount(overlay, id));
}

/** Changes an account. An account without balance and nonce is absent from the tree. */
function write(account: OpenAccount, changed: Account): void {
  account.write(changed.balance === 0n && changed.nonce === 0 ? undefined : changed);
}

/** Sets a balance. */
export function setBalance(account: OpenAccount, balance: Amount): void {
  write(account, { balance, nonce: accountOf(account).nonce });
}

/** Adds to a balance. The supply bounds it, so overflow is a bug. */
export function deposit(account: OpenAccount, amount: bigint): void {
  assert(amount >= 0n, "a credit is not negative");
  if (amount === 0n) return;
  const { balance, nonce } = accountOf(account);
  write(account, { balance: toAmount(balance + amount), nonce });
}

/** Takes from a balance that was checked to suffice. */
export function withdraw(account: OpenAccount, amount: Amount): void {
  const { balance, nonce } = accountOf(account);
  assert(balance >= amount, "a debit was checked against the balance");
  write(account, { balance: toAmount(balance - amount), nonce });
}

/** Looks up an account and adds to its balance. */
export function credit(overlay: StateOverlay, id: AccountId, amount: bigint): void {
  deposit(openAccount(overlay, id), amount);
}

/** Looks up an account and takes from its balance. */
export function debit(overlay: StateOverlay, id: AccountId, amount: Amount): void {
  withdraw(openAccount(overlay, id), amount);
}

/** Marks one more nonce of an account as used. */
export function useNonce(account: OpenAccount): void {
  const { balance, nonce } = accountOf(account);
  write(account, { balance, nonce: toNonce(nonce + 1) });
}
