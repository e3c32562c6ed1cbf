import type { Digest, Proof, StateChange } from "@aethel/models";
import type { CheckProof } from "../admission.ts";
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
  /** As many proofs or bytes wait as this node holds, and all pay as much or nearly. */
  | "pool-full"
  /** Too much was judged for the author that no block charges for: rejected, or replaced since. */
  | "too-many-rejected"
  /** The author has as many proofs waiting as one may have. */
  | "author-quota"
  /** Another proof has this nonce, and the fee limit is not a tenth above its. */
  | "replacement-fee"
  /** The Judge abstained too often on this node. */
  | "abstained";

/** Why a proof was not taken, or was dropped later. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;

/** What came of adding a proof. */
export type Added =
  | {
      readonly type: "accepted";
      readonly hash: Digest;
      readonly replaced: Digest | undefined;
      /** What a full mempool gave up for it. */
      readonly evicted: readonly Digest[];
    }
  | ({ readonly type: "refused" } & SubmitRefusal);

/** Bounds of a mempool. They decide what this node holds, never what is valid. */
export interface MempoolLimits {
  readonly countMax: number;
  /** Bytes of proofs, and of the certificates of those that were judged. */
  readonly bytesMax: number;
  readonly perAuthorMax: number;
  /** Judgings of one author, on top of one block, that nobody pays: rejected, or replaced since. */
  readonly rejectedMax: number;
  /** A leader leaves out what took its own Judge longer. */
  readonly proposableMs: number;
}

/** A proof that left the mempool without a block, and why. */
export interface Dropped {
  readonly hash: Digest;
  readonly refusal: SubmitRefusal;
}

/** Proofs that wait for a block: bounded, in nonce order for each author, in two lanes. */
export interface Mempool {
  /** Takes a proof, or says why not. Checks in the order of DESIGN §4. */
  add(proof: Proof): Added;
  /** The next proof for the Judge, from then on `judging`; at most one of each author at a time. */
  takeToJudge(): PendingProof | undefined;
  /** Takes in what the Judge said. Returns what was dropped for it: the proof, or what had to make room. */
  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[];
  /** Proofs for a block in the order of serving. */
  serve(): Serving;
  /** Whether some proof could be in the next block. */
  hasReady(): boolean;
  /**
   * After a block: drops what was used, expired, or can no longer be paid. `changes` are the
   * block's; then only the authors that they are about are looked at. Without them, all are.
   */
  update(state: LedgerState, changes?: readonly StateChange[]): readonly Dropped[];
  /** A proof that waits, by its hash. */
  get(hash: Digest): PendingProof | undefined;
  readonly count: number;
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
