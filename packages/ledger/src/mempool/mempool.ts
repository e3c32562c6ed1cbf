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
      /** Hashes of proofs that gave way to it, or that had to leave because of it. */
      readonly evicted: readonly Digest[];
      /** The same proofs, with the reasons. */
      readonly dropped: readonly Dropped[];
    }
  | ({ readonly type: "refused" } & SubmitRefusal);

/** A proof that left the mempool without a block, and why. */
export interface Dropped {
  readonly hash: Digest;
  readonly refusal: SubmitRefusal;
}

/** Effects of a block for a mempool. */
export interface BlockEffects {
  readonly changes: readonly StateChange[];
  /** Whether a proof is in the block. */
  readonly includes: (hash: Digest) => boolean;
}

/** Bounded set of proofs that wait for a block, in nonce order for each author, in two lanes. */
export interface Mempool {
  /** Adds a proof, or refuses it. Cheap checks come before expensive ones. */
  add(proof: Proof): Added;
  /**
   * Returns the next proof for the Judge and marks it as `judging`; at most one of each author at a
   * time.
   */
  takeToJudge(): PendingProof | undefined;
  /**
   * Takes the Judge's answer about a proof. Returns the proofs that were dropped: this one, or
   * those that gave way to it.
   */
  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[];
  /**
   * Serves proofs for a block, in order. `room` tells the use of each. Without it, the proofs are
   * listed as if none took any room.
   */
  serve(room?: BlockRoom): Serving;
  /** Whether some proof could be in the next block. */
  hasReady(): boolean;
  /**
   * Whether the base fee alone, above its lowest value, keeps a proof out. Each block with room
   * left lowers the base fee, so a block is due, even an empty one.
   */
  hasPriced(): boolean;
  /**
   * Moves to the state after a block: drops proofs that are used, expired or unpayable, and makes
   * proofs runnable. With the effects of the block, it looks at the affected authors only, and
   * counts the included proofs as paid. Without them it looks at all authors, and counts all used
   * proofs as paid.
   */
  update(state: LedgerState, block?: BlockEffects): readonly Dropped[];
  /** Returns a proof by its hash. */
  get(hash: Digest): PendingProof | undefined;
  /** Returns the lowest nonce of an account that neither the state nor the mempool uses. */
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
