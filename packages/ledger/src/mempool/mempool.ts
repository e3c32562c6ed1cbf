import type { AccountId, Digest, Proof, StateChange } from "@aethel/models";
import type { CheckProof } from "../admission.ts";
import type { BlockRoom } from "../costs/block-room.ts";
import type { Judgement } from "../ports.ts";
import type { Programs } from "../programs.ts";
import type { Refusal, RefusalCode } from "../refusal.ts";
import type { LedgerState } from "../state.ts";
import type { PendingProof } from "./pending.ts";
import { Pool } from "./pool.ts";
import type { Serving } from "./serving.ts";

/** Why the mempool does not take a proof; the codes of a block, and its own. */
export type SubmitRefusalCode =
  | RefusalCode
  /** The same proof waits already. */
  | "duplicate"
  /** As many proofs or bytes wait as this node holds, and none gives way to this one. */
  | "pool-full"
  /** Too much was judged for the author that no block has charged for. */
  | "too-many-rejected"
  /** The author has as many proofs here, or waiting, as one may have. */
  | "author-quota"
  /** Another proof has this nonce, and neither its fee limit is a tenth lower nor its price no higher. */
  | "replacement-fee"
  /** Another proof has this nonce that could be in the next block, which this one could not. */
  | "replacement-waits"
  /** The proof with this nonce is with the Judge. */
  | "under-judgement"
  /** A proof that another account's nonce is part of took this nonce, for a tenth more. */
  | "displaced"
  /** The author submitted another one with this nonce, which took its place. */
  | "replaced"
  /** The Judge abstained too often on this node, or did not come to it. */
  | "abstained";

/** Why a proof was not taken, or was dropped later. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;

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

/** Bounds of a mempool. They decide what this node holds, never what is valid. */
export interface MempoolLimits {
  /** Proofs of one lane that could be in the next block. */
  readonly countMax: number;
  /** Their bytes, with the certificates of those that were judged. */
  readonly bytesMax: number;
  /** Proofs of one author, and how far ahead of the state a nonce may be. */
  readonly perAuthorMax: number;
  /** Kibibytes, each proof's rounded up, of what cannot run yet. */
  readonly waitingMax: number;
  /** Proofs of one author that wait so. */
  readonly waitingPerAuthorMax: number;
  /** Blocks for which a proof may wait so. */
  readonly waitingBlocksMax: number;
  /** Proofs of one author that are judged before a block has charged for the first. */
  readonly judgedMax: number;
  /** Judgings of one author that no block has charged for: what comes after is refused. */
  readonly rejectedMax: number;
  /** A leader leaves out what took its own Judge longer. */
  readonly proposableMs: number;
}

/** Bounds that suit a node. */
export const MEMPOOL_LIMITS: MempoolLimits = {
  countMax: 100_000,
  bytesMax: 128 * 1_024 * 1_024,
  perAuthorMax: 256,
  waitingMax: 16_384,
  waitingPerAuthorMax: 64,
  waitingBlocksMax: 128,
  judgedMax: 32,
  rejectedMax: 8,
  proposableMs: 5_000,
};

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
  /** Takes in what the Judge said. Returns what was dropped for it: the proof, or what had to make room. */
  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[];
  /**
   * Proofs for a block in the order of serving, of which what each took is read off its room. Without
   * one they are listed as if none took any.
   */
  serve(room?: BlockRoom): Serving;
  /** Whether some proof could be in the next block. */
  hasReady(): boolean;
  /**
   * Whether some proof is kept out by a base fee alone, above its floor: with each block that leaves
   * room it falls, so a block is due, be it empty.
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

/** An empty mempool on top of a state. */
export function createMempool(options: {
  readonly state: LedgerState;
  readonly programs: Programs;
  readonly checkProof: CheckProof;
  readonly limits: MempoolLimits;
}): Mempool {
  return new Pool(options);
}
