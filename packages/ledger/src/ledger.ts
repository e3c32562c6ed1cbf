import type { Tree } from "@aethel/merkle";
import type {
  AccountId,
  Block,
  Digest,
  FinalizedBlock,
  Genesis,
  Item,
  JudgeIdentity,
  Proof,
  ProofBody,
  Sequence,
  VerifySigned,
} from "@aethel/models";
import type {
  BlockRequest,
  BlockVerdict,
  LedgerHead,
  VerdictRequest,
} from "./application/application.ts";
import type { LedgerListener } from "./application/events.ts";
import type { LedgerStore } from "./application/store.ts";
import type { MempoolLimits } from "./mempool/limits.ts";
import type { Added } from "./mempool/mempool.ts";
import type { PendingProof } from "./pending/pending.ts";
import type { JudgePort } from "./programs/judge-port.ts";
import type { FeeEstimate, Guess } from "./queries/estimate.ts";
import type { Queries } from "./queries/queries.ts";
import type { Receipt } from "./results/receipt.ts";
import type { StateBounds } from "./state/bounds.ts";
import type { LedgerState } from "./state/ledger-state.ts";
import type { BaseFees } from "./state/records.ts";

/** Options of a ledger. */
export interface LedgerOptions {
  readonly genesis: Genesis;
  readonly judge: JudgePort;
  /** Identity of `judge`; when given, it MUST be the one the chain demands. */
  readonly judgeIdentity?: JudgeIdentity;
  /** Default: a store in memory. */
  readonly store?: LedgerStore;
  /** Empty tree of the genesis state: a host may give one with a faster hasher. */
  readonly emptyTree?: Tree;
  /** Bounds of the mempool, each with a default. */
  readonly mempool?: Partial<MempoolLimits>;
  /** Most proofs of the mempool that the Judge is asked about at a time. Default 4. */
  readonly judgingMax?: number;
  /** Verifies the votes of certificates; a simulation may count, cache or share them. */
  readonly verifySigned?: VerifySigned;
  /** Bounds of the state, for tests. All nodes of a chain MUST have the same. */
  readonly bounds?: StateBounds;
  /**
   * Most executed blocks that wait for their certificate; the oldest is dropped first. Default 8.
   */
  readonly speculationsMax?: number;
  /** Most earlier versions of the tree that `state()` keeps readable. Default 8. */
  readonly versionsMax?: number;
  /** Aborts judgements of the genesis and of the mempool. */
  readonly signal?: AbortSignal;
}

/** Ledger with its mempool: the `Application` of `@aethel/pbft`, submissions and queries. */
export interface Ledger extends Queries {
  /** Returns the last durable block, and the validator sets before and after it. */
  head(): LedgerHead;
  /** Whether a block is due: the mempool has proofs for it, or the state waits for a block. */
  hasWork(): boolean;
  /** Builds a block on the head from the mempool. Returns undefined when no block is due. */
  propose(request: BlockRequest): Promise<Block | undefined>;
  /** Judges and executes a block on the head, and keeps the result for `commit`. */
  verify(request: VerdictRequest): Promise<BlockVerdict>;
  /**
   * Makes a finalized block durable, together with consensus' record of leaders after it. The
   * caller has verified its certificate.
   * @throws LedgerError `FINAL_BLOCK_REFUSED` when this ledger's own execution contradicts it.
   */
  commit(final: FinalizedBlock, leadership?: Uint8Array): Promise<LedgerHead>;
  /** Returns the item of a proof in the mempool, by the hash with which proposals name it. */
  item(hash: Digest): Item | undefined;
  /** Returns a finalized block from the store. */
  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /** Adds a proof to the mempool and has it judged, or returns the reason of a refusal. */
  submit(proof: Proof): Added;
  /** Returns a proof of the mempool. */
  pending(hash: Digest): PendingProof | undefined;
  /**
   * Returns the nonce that the next proof of an account must carry: the lowest that neither the
   * state nor the mempool uses.
   */
  pendingNonce(account: AccountId): number;
  /** Returns hashes of at most `most` proofs of the mempool, in no particular order. */
  pendingHashes(most: number): readonly Digest[];
  /** Returns the base fees of the next block: micro-tokens for each million units of weight. */
  baseFees(): BaseFees;
  /**
   * Estimates the cost of a proof in the next block. A call is run on the head, without any effect.
   */
  quote(body: ProofBody, guess?: Guess): FeeEstimate;
  /** Returns the receipt of a proof in a finalized block. */
  receipt(proofHash: Digest): Promise<Receipt | undefined>;
  /** Returns the receipts of a finalized block, in the order of its proofs. */
  receipts(sequence: Sequence): Promise<readonly Receipt[]>;
  /** Returns the state at the head, which is immutable. */
  state(): LedgerState;
  /** Calls `listener` with each later event. The returned function ends the subscription. */
  subscribe(listener: LedgerListener): () => void;
  /**
   * Returns the number of proofs and bytes of the mempool, and the number of proofs that cannot run
   * yet.
   */
  mempool(): { readonly count: number; readonly waiting: number; readonly bytes: number };
}
