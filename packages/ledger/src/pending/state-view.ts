import {
  type AccountId,
  type Digest,
  type Invoke,
  type Sequence,
  toAmount,
  toNonce,
  toSequence,
} from "@aethel/models";
import { findRecord } from "../calls/find-call.ts";
import { createDigestTable } from "../collections/digest-table.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import { callOf } from "../programs/sole-call.ts";
import type { Refusal } from "../results/refusal.ts";
import { accountCoding } from "../state/account-coding.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Account, IntentRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { createStateOverlay } from "../state/state-overlay.ts";
import { type Lane, laneOf, type PendingProof } from "./pending.ts";

/** Facts that a mempool reads from one state. */
export interface StateView {
  readonly state: LedgerState;
  /** Sequence of the next block. */
  readonly next: Sequence;
  account(id: AccountId): Account;
  hasAccount(id: AccountId): boolean;
  /** Whether the fee limit of a proof suffices at the base fee of the next block. */
  paysBase(pending: PendingProof): boolean;
  readonly baseFees: Readonly<Record<Lane, number>>;
  /**
   * Returns the record of the intent that a call runs, or a refusal if no such intent is published.
   * Caches records, but not unknown intents, since anybody could fill the memory with them.
   */
  recordOf(call: Invoke): IntentRecord | Refusal;
}

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

interface Called {
  readonly intent: Digest;
  readonly record: IntentRecord;
}

/** Creates a view of one state. */
export function createStateView(state: LedgerState): StateView {
  const records = createDigestTable<Called>(({ intent }) => intent);
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
    hasAccount: (id) => state.tree.get(stateKey.account(id)) !== undefined,
    recordOf: (call) => {
      const { intent } = callOf(call);
      const known = records.get(intent);
      if (known !== undefined) return known.record;
      const record = findRecord(call, createStateOverlay(state.tree));
      if (!("code" in record)) records.put({ intent, record });
      return record;
    },
  };
}
