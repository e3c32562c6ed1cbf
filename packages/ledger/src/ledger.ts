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

/** What a ledger is made of. */
export interface LedgerOptions {
  readonly genesis: Genesis;
  readonly judge: JudgePort;
  /** Identity of `judge`; when given, it MUST be the one the chain demands. */
  readonly judgeIdentity?: JudgeIdentity;
  /** Default: one that forgets. */
  readonly store?: LedgerStore;
  /** What the genesis state grows from: a host may give one with a faster hasher. */
  readonly emptyTree?: Tree;
  /** Bounds of the mempool, each with a default. */
  readonly mempool?: Partial<MempoolLimits>;
  /** Proofs of the mempool that are with the Judge at a time. Default 4. */
  readonly judgingMax?: number;
  /** Verifies the votes of certificates; a simulation may count, cache or share them. */
  readonly verifySigned?: VerifySigned;
  /** Bounds of the state, where a test has its own. All nodes of a chain MUST have the same. */
  readonly bounds?: StateBounds;
  /** Executed blocks that wait for their certificate; the oldest goes first. Default 8. */
  readonly speculationsMax?: number;
  /** Earlier versions of the tree that can still be read, in `state()`. Default 8. */
  readonly versionsMax?: number;
  /** Aborts judging of the genesis and of the mempool. */
  readonly signal?: AbortSignal;
}

/**
 * A ledger with its mempool: the `Application` of `@aethel/pbft`, submissions, and questions.
 */
export interface Ledger extends Queries {
  /** The last durable block, and the sets around it. */
  head(): LedgerHead;
  /** Whether a block is due: proofs that could be in it, or something only a block settles. */
  hasWork(): boolean;
  /** Builds a block on the head from the mempool; undefined when there is nothing to do. */
  propose(request: BlockRequest): Promise<Block | undefined>;
  /** Judges and executes a block on the head, and keeps the result for `commit`. */
  verify(request: VerdictRequest): Promise<BlockVerdict>;
  /**
   * Makes a final block durable, and with it consensus' record of leaders after it. The caller has
   * verified its certificate.
   * @throws LedgerError `FINAL_BLOCK_REFUSED` when this ledger's own execution contradicts it.
   */
  commit(final: FinalizedBlock, leadership?: Uint8Array): Promise<LedgerHead>;
  /** A final block that the store keeps. */
  /** The item of a proof that waits in the mempool: proposals name their items by hash. */
  item(hash: Digest): Item | undefined;
  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /** Takes a proof into the mempool and has it judged, or says why not. */
  submit(proof: Proof): Added;
  /** A proof of the mempool. */
  pending(hash: Digest): PendingProof | undefined;
  /** The nonce that the account's next proof must carry: the least that nothing uses yet. */
  pendingNonce(account: AccountId): number;
  /** Hashes of proofs of the mempool, so many at most, in no order that means anything. */
  pendingHashes(most: number): readonly Digest[];
  /** Base fees of the next block: micro-tokens for each million units of weight. */
  baseFees(): BaseFees;
  /** What a proof would cost in the next block; a call is run on the head, and nothing is kept. */
  quote(body: ProofBody, guess?: Guess): FeeEstimate;
  /** What happened to a proof that is in a final block. */
  receipt(proofHash: Digest): Promise<Receipt | undefined>;
  /** Of one final block, in the order of its proofs. */
  receipts(sequence: Sequence): Promise<readonly Receipt[]>;
  /** The state itself, a value. */
  state(): LedgerState;
  /** Calls `listener` with each event from now on; the result ends it. */
  subscribe(listener: LedgerListener): () => void;
  /** Proofs and bytes of the mempool, and how many of the proofs cannot run yet. */
  mempool(): { readonly count: number; readonly waiting: number; readonly bytes: number };
}
