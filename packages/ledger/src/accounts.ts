import { type AccountId, type Amount, assert, toAmount, toNonce } from "@aethel/models";
import type { Draft } from "./draft.ts";
import { Account, stateKey } from "./state-layout.ts";

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

/** An account as it is now; one that was never heard of has nothing. */
export function readAccount(draft: Draft, id: AccountId): Account {
  return draft.read(stateKey.account(id), Account) ?? NOBODY;
}

/** Changes an account; one without money and history is absent from the tree. */
function changeAccount(draft: Draft, id: AccountId, next: (account: Account) => Account): void {
  draft.change(stateKey.account(id), Account, (account = NOBODY) => {
    const changed = next(account);
    return changed.balance === 0n && changed.nonce === 0 ? undefined : changed;
  });
}

/** Sets a balance. */
export function setBalance(draft: Draft, id: AccountId, balance: Amount): void {
  changeAccount(draft, id, ({ nonce }) => ({ balance, nonce }));
}

/** Adds to a balance. The supply bounds it, so overflow would be our own bug. */
export function credit(draft: Draft, id: AccountId, amount: bigint): void {
  assert(amount >= 0n, "a credit is not negative");
  if (amount === 0n) return;
  changeAccount(draft, id, ({ balance, nonce }) => ({
    balance: toAmount(balance + amount),
    nonce,
  }));
}

/** Takes from a balance that was checked to have it. */
export function debit(draft: Draft, id: AccountId, amount: Amount): void {
  changeAccount(draft, id, ({ balance, nonce }) => {
    assert(balance >= amount, "a debit was checked against the balance");
    return { balance: toAmount(balance - amount), nonce };
  });
}

/** Marks one more nonce of an account as used. */
export function useNonce(draft: Draft, id: AccountId): void {
  changeAccount(draft, id, ({ balance, nonce }) => ({ balance, nonce: toNonce(nonce + 1) }));
}
