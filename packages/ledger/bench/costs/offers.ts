import { Account, type Judged, type LedgerState, stateKey } from "@aethel/ledger";
import { type AccountId, type Proof, toAmount, toNonce } from "@aethel/models";
import type { Person } from "../chain.ts";

/** A proof for a block, with what the Judge says about it. */
export interface Offer {
  readonly proof: Proof;
  readonly judged: Judged | undefined;
}

/** Proofs of one kind for a block, and the entries that the state needs for them. */
export interface Offers {
  readonly offers: readonly Offer[];
  readonly entries: readonly Entry[];
}

/** Key of the state with its value. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const BALANCE = toAmount(1_000_000_000_000n);

/** Entry of an account with money whose next nonce is the given one. */
export function accountEntry(id: AccountId, nonce: number): Entry {
  return {
    key: stateKey.account(id),
    value: Account.encode({ balance: BALANCE, nonce: toNonce(nonce) }),
  };
}

/** Entries of people that have signed one proof each. */
export function knownEntries(people: readonly Person[]): readonly Entry[] {
  return people.map(({ id }) => accountEntry(id, 1));
}

/** Next nonce of an account. */
export function nonceIn({ tree }: LedgerState, { id }: Person): number {
  const value = tree.get(stateKey.account(id));
  return value === undefined ? 0 : Account.decode(value).nonce;
}
