import {
  type AccountId,
  type Call,
  type Digest,
  type Sequence,
  toAmount,
  toNonce,
  toSequence,
} from "@aethel/models";
import { type CalledProgram, findProgram } from "../calls/find-program.ts";
import { createDigestTable } from "../collections/digest-table.ts";
import { baseFeesOf } from "../fees/base-fees.ts";
import type { Refusal } from "../results/refusal.ts";
import { accountCoding } from "../state/account-coding.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Account } from "../state/records.ts";
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
   * Returns the program that a call runs, or a refusal if no such program is published. Caches
   * programs, but not unknown ones, since anybody could fill the memory with them.
   */
  readonly programOf: (call: Call) => CalledProgram | Refusal;
}

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

interface Called {
  readonly intent: Digest;
  readonly program: CalledProgram;
}

/** Creates a view of one state. */
export function createStateView(state: LedgerState): StateView {
  const programs = createDigestTable<Called>(({ intent }) => intent);
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
    programOf: (call) => {
      const { intent } = call;
      const known = programs.get(intent);
      if (known !== undefined) return known.program;
      const program = findProgram(call, createStateOverlay(state.tree));
      if (!("code" in program)) programs.put({ intent, program });
      return program;
    },
  };
}
