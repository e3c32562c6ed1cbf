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

/** Outcome of adding a proof. */
export type Added =
  | {
      readonly type: "accepted";
      readonly hash: Digest;
      readonly replaced: Digest | undefined;
      /** Hashes of proofs that were evicted for this one, or dropped because of it. */
      readonly evicted: readonly Digest[];
      /** The same proofs, with the reasons. */
      readonly dropped: readonly Dropped[];
    }
  | ({ readonly type: "refused" } & SubmitRefusal);

/** Proof that left the mempool, with the reason. */
export interface Dropped {
  readonly hash: Digest;
  readonly refusal: SubmitRefusal;
}

/** Effects of a block that a mempool needs to know. */
export interface BlockEffects {
  readonly changes: readonly StateChange[];
  /** Whether a proof is in the block. */
  readonly includes: (hash: Digest) => boolean;
}

/**
 * Bounded set of proofs that wait for a block. Each author's proofs are in nonce order, and there
 * is one lane for invokes and one for judged proofs.
 */
export interface Mempool {
  /** Adds a proof, or refuses it. Cheap checks come before expensive ones. */
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
   * Serves proofs for a block, in order. `room` tells how much of the block is left after each
   * proof. Without `room`, the proofs are listed as if none of them took anything.
   */
  serve(room?: BlockRoom): Serving;
  /** Whether some proof could be in the next block. */
  hasReady(): boolean;
  /**
   * Whether a base fee is above its lowest value and proofs wait for a lower one. A block that is
   * not full lowers the base fee, so a block is due then, even an empty one.
   */
  hasPriced(): boolean;
  /**
   * Moves to the state after a block: drops proofs that are used, expired or unpayable, and makes
   * proofs runnable. With `block`, it looks at the affected authors only, and counts the proofs in
   * the block as paid. Without `block`, it looks at all authors, and counts all proofs with a used
   * nonce as paid.
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
  /** Number of proofs that cannot run yet. */
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
