import type { AccountId, Digest, Proof, StateChange } from "@aethel/models";
import type { CheckProof } from "../admission/admission.ts";
import type { BlockRoom } from "../metering/block-room.ts";
import type { PendingProof } from "../pending/pending.ts";
import type { Judgement } from "../programs/judge-port.ts";
import type { Programs } from "../programs/programs.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { MempoolLimits } from "./limits.ts";
import type { Serving } from "./serving.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";

/** Outcome of adding a proof to the mempool. */
export type Added =
  | {
      readonly type: "accepted";
      readonly hash: Digest;
      readonly replaced: Digest | undefined;
      /** Hashes of proofs that were evicted or dropped because this proof was added. */
      readonly evicted: readonly Digest[];
      /** Proofs that were evicted or dropped because this proof was added, with the reasons. */
      readonly dropped: readonly Dropped[];
    }
  | ({ readonly type: "refused" } & SubmitRefusal);

/** Proof that left the mempool, with the reason. */
export interface Dropped {
  readonly hash: Digest;
  readonly refusal: SubmitRefusal;
}

/** Facts about an executed block that a mempool needs. */
export interface BlockEffects {
  readonly changes: readonly StateChange[];
  /** Whether a proof is in the block. */
  readonly includes: (hash: Digest) => boolean;
}

/**
 * Bounded set of proofs that wait for a block. Each author's proofs are in nonce order. Runnable
 * proofs are in one of two lanes: invokes, and judged proofs.
 */
export interface Mempool {
  /**
   * Returns what `add` would cost, in verifications of a signature, with the compilation of plain
   * intents that are in no cache. 0: no signature would be verified, because the proof is refused
   * before.
   */
  submitCost(proof: Proof): number;
  /**
   * Adds a proof, or refuses it. Cheap checks come before expensive ones: those of the state before
   * the signatures.
   */
  add(proof: Proof): Added;
  /**
   * Returns the next proof for the Judge and marks it as `judging`; undefined if there is none. At
   * most one proof of each author is `judging` at a time.
   */
  takeToJudge(): PendingProof | undefined;
  /**
   * Records the Judge's answer about a proof. Returns the proofs that left the mempool: this one,
   * or those evicted for it.
   */
  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[];
  /**
   * Serves proofs for a block, one after the other. `room` tells how much of the block is left
   * after each proof. Without `room`, no proof takes anything of the block, so all of them are
   * listed.
   */
  serve(room?: BlockRoom): Serving;
  /** Whether at least one proof could be in the next block. */
  hasReady(): boolean;
  /**
   * Whether proofs wait for a base fee to fall that is above its lowest value. Each block that is
   * not full lowers the base fee, so a block is then due, even an empty one.
   */
  hasPriced(): boolean;
  /**
   * Moves the mempool to the state after a block: drops proofs that are used, expired or no longer
   * covered by a balance, and makes proofs runnable. With `block`, checks only the affected
   * authors, and counts the judgements of the proofs in the block as paid. Without `block`, checks
   * all authors, and counts the judgements of all proofs with a used nonce as paid.
   */
  update(state: LedgerState, block?: BlockEffects): readonly Dropped[];
  /** Returns a proof by its hash; undefined if it is not in the mempool. */
  get(hash: Digest): PendingProof | undefined;
  /**
   * Returns the lowest nonce of an account that is used neither in the state nor in the mempool.
   */
  pendingNonce(account: AccountId): number;
  /** Returns hashes of at most `most` proofs, in no particular order. */
  hashes(most: number): readonly Digest[];
  readonly count: number;
  /** Number of proofs that wait, that is, cannot run yet. */
  readonly waiting: number;
  readonly bytes: number;
}

/** Options of a mempool. */
export interface MempoolOptions {
  readonly state: LedgerState;
  readonly programs: Programs;
  readonly checkProof: CheckProof;
  readonly limits: MempoolLimits;
}
