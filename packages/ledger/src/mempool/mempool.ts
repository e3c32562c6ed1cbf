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
      /** What had to go for it, or because of it. */
      readonly evicted: readonly Digest[];
      /** The same, with the reasons. */
      readonly dropped: readonly Dropped[];
    }
  | ({ readonly type: "refused" } & SubmitRefusal);

/** A proof that left the mempool without a block, and why. */
export interface Dropped {
  readonly hash: Digest;
  readonly refusal: SubmitRefusal;
}

/** Effects of a block that a mempool has to know. */
export interface BlockEffects {
  readonly changes: readonly StateChange[];
  /** Whether a proof is in the block. */
  readonly includes: (hash: Digest) => boolean;
}

/** Proofs that wait for a block: bounded, in nonce order for each author, in two lanes. */
export interface Mempool {
  /** Takes a proof, or says why not. Cheap checks come before dear ones. */
  add(proof: Proof): Added;
  /** The next proof for the Judge, from then on `judging`; at most one of each author at a time. */
  takeToJudge(): PendingProof | undefined;
  /**
   * Takes in what the Judge said. Returns what was dropped for it: the proof, or what had to make
   * room.
   */
  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[];
  /**
   * Proofs for a block in the order of serving, of which what each took is read off its room.
   * Without one they are listed as if none took any.
   */
  serve(room?: BlockRoom): Serving;
  /** Whether some proof could be in the next block. */
  hasReady(): boolean;
  /**
   * Whether some proof is kept out by a base fee alone, above its floor: with each block that
   * leaves room it falls, so a block is due, be it empty.
   */
  hasPriced(): boolean;
  /**
   * After a block: drops what was used, expired, or can no longer be paid, and moves over what can
   * run now. With the block's effects, only the authors that they are about are looked at, and what
   * it includes counts as paid; without them all are, and all that was used counts as paid.
   */
  update(state: LedgerState, block?: BlockEffects): readonly Dropped[];
  /** A proof that waits, by its hash. */
  get(hash: Digest): PendingProof | undefined;
  /** The least nonce of an account that neither the state nor anything here uses. */
  pendingNonce(account: AccountId): number;
  /** Hashes of proofs here, so many at most, in no order that means anything. */
  hashes(most: number): readonly Digest[];
  readonly count: number;
  /** How many of them cannot run yet. */
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
