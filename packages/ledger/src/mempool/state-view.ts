import { type AccountId, type Sequence, toAmount, toNonce, toSequence } from "@aethel/models";
import { accountCoding } from "../account-coding.ts";
import { createDraft, type Draft } from "../draft.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import type { LedgerState } from "../state.ts";
import { type Account, stateKey } from "../state-layout.ts";
import { type Lane, laneOf, type PendingProof } from "./pending.ts";

/** The state as a mempool looks at it. */
export interface StateView {
  readonly state: LedgerState;
  /** Sequence of the block that comes next. */
  readonly next: Sequence;
  account(id: AccountId): Account;
  hasAccount(id: AccountId): boolean;
  /** Whether the fee limit of a proof suffices at the base fee of the next block. */
  paysBase(pending: PendingProof): boolean;
  readonly baseFees: Readonly<Record<Lane, number>>;
  /** Intents of the state, decoded once. */
  intents(): Draft;
  /** What was looked for in vain is not remembered: anybody could fill the memory with it. */
  forgetIntents(): void;
}

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

/** A view of one state. */
export function createStateView(state: LedgerState): StateView {
  let draft = createDraft(state.tree);
  const { invoke, judged } = baseFeesOf(state.tree);
  const baseFees = { invoke: Number(invoke), judged: Number(judged) };
  return {
    baseFees,
    paysBase: (pending) => pending.offer.baseFeeMax >= baseFees[laneOf(pending)],
    state,
    next: toSequence(state.header.sequence + 1),
    account: (id) => {
      const bytes = state.tree.get(stateKey.account(id));
      return bytes === undefined ? NOBODY : accountCoding.decode(bytes);
    },
    intents: () => draft,
    hasAccount: (id) => state.tree.get(stateKey.account(id)) !== undefined,
    forgetIntents: () => {
      draft = createDraft(state.tree);
    },
  };
}
