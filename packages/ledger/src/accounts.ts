import { type AccountId, type Amount, assert, toAmount, toNonce } from "@aethel/models";
import type { Draft } from "./draft.ts";
import { Account, stateKey } from "./state-layout.ts";

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

/** An account as it is now; one that was never heard of has nothing. */
export function readAccount(draft: Draft, id: AccountId): Account {
  return draft.read(stateKey.account(id), Account) ?? NOBODY;
}

/** Stores an account; one without money and history is absent from the tree. */
export function writeAccount(draft: Draft, id: AccountId, account: Account): void {
  const isNobody = account.balance === 0n && account.nonce === 0;
  draft.write(stateKey.account(id), Account, isNobody ? undefined : account);
}

/** Adds to a balance. The supply bounds it, so overflow would be our own bug. */
export function credit(draft: Draft, id: AccountId, amount: bigint): void {
  assert(amount >= 0n, "a credit is not negative");
  if (amount === 0n) return;
  const account = readAccount(draft, id);
  writeAccount(draft, id, { ...account, balance: toAmount(account.balance + amount) });
}

/** Takes from a balance that was checked to have it. */
export function debit(draft: Draft, id: AccountId, amount: Amount): void {
  const account = readAccount(draft, id);
  assert(account.balance >= amount, "a debit was checked against the balance");
  writeAccount(draft, id, { ...account, balance: toAmount(account.balance - amount) });
}

/** Marks one more nonce of an account as used. */
export function useNonce(draft: Draft, id: AccountId): void {
  const account = readAccount(draft, id);
  writeAccount(draft, id, { ...account, nonce: toNonce(account.nonce + 1) });
}
