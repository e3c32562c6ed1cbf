import type { Tree } from "@aethel/merkle";
import type {
  AccountId,
  Block,
  BlockHeader,
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
  ClaimRequest,
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
  /**
   * Identity of `judge`. If it is given, the ledger compares it with the identity that the genesis
   * requires.
   */
  readonly judgeIdentity?: JudgeIdentity;
  /** Storage of the ledger. Default: a store in memory. */
  readonly store?: LedgerStore;
  /** Empty tree from which the genesis state is built. A node may pass one with a faster hasher. */
  readonly emptyTree?: Tree;
  /**
   * Bounds of the mempool. Default: `MEMPOOL_LIMITS`, with `proposableMs` from the chain's
   * parameters.
   */
  readonly mempool?: Partial<MempoolLimits>;
  /** Most proofs of the mempool that the Judge works on at the same time. Default: 4. */
  readonly judgingMax?: number;
  /**
   * Verifies the votes of certificates. A simulation may pass a function that counts, caches or
   * shares the verifications. Default: each vote is verified with `verifySigned` of
   * `@aethel/models`.
   */
  readonly verifySigned?: VerifySigned;
  /**
   * Bounds of the state, for tests. All nodes of a chain MUST have the same. Default:
   * `STATE_BOUNDS`.
   */
  readonly bounds?: StateBounds;
  /**
   * Most executed blocks that wait for their certificate. The oldest is dropped first. Default: 8.
   */
  readonly speculationsMax?: number;
  /** Most versions of the tree that stay readable for callers of `state()`. Default: 8. */
  readonly versionsMax?: number;
  /** Aborts judgements of the genesis and of the mempool. */
  readonly signal?: AbortSignal;
}

/** Ledger with its mempool: the `Application` of `@aethel/pbft`, submissions and queries. */
export interface Ledger extends Queries {
  /**
   * Returns the last durable block, with the set that voted on it and the set that votes on the
   * next block.
   */
  head(): LedgerHead;
  /**
   * Whether a block is due: the mempool has proofs for it, waiting proofs need the lower base fee
   * that an empty block gives, or the state needs another block (see `hasUnsettled`).
   */
  hasWork(): boolean;
  /**
   * Builds a block on the head from the mempool. Resolves to undefined if no block is due, if the
   * request is aborted, or if it is not for the sequence after the head.
   */
  propose(request: BlockRequest): Promise<Block | undefined>;
  /** Judges and executes a block on the head, and keeps the result for `commit`. */
  verify(request: VerdictRequest): Promise<BlockVerdict>;
  /**
   * Searches a block for a refuted intent that its annex calls `valid` or leaves out. Resolves to
   * an encoded `FalseClaim`, or to undefined if it finds none. The block may have any other defect
   * and need not follow the head. Asks the Judge one question at a time, and lets it use about as
   * many units as for a valid block.
   */
  findClaim(request: ClaimRequest): Promise<Uint8Array | undefined>;
  /**
   * Makes a finalized block durable, together with consensus' record of leaders after the block.
   * The caller MUST have verified the certificate.
   * @throws LedgerError `FINAL_BLOCK_REFUSED` if this ledger's own execution contradicts the block;
   * `FINAL_BLOCK_ORDER` if the block does not follow the head; `JUDGE_ABSTAINED` if the Judge gives
   * no verdict.
   */
  commit(final: FinalizedBlock, leadership?: Uint8Array): Promise<LedgerHead>;
  /**
   * Returns the item of a proof in the mempool, by the item hash that proposals contain. Undefined
   * if the mempool does not have the proof.
   */
  item(hash: Digest): Item | undefined;
  /**
   * Loads a finalized block from the store. Resolves to undefined for genesis and for unknown
   * sequences.
   */
  finalized(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /**
   * Loads the header of a finalized block, without its body. Resolves to undefined for genesis and
   * for unknown sequences.
   */
  header(sequence: Sequence): Promise<BlockHeader | undefined>;
  /**
   * Returns what `submit` would cost, in verifications of a signature. The first check of a key
   * counts as ten more, and the compilation of called plain intents that are in no cache by their
   * length. 0: the proof would be refused before a signature is verified.
   */
  submitCost(proof: Proof): number;
  /** Adds a proof to the mempool and has it judged, or refuses it. */
  submit(proof: Proof): Added;
  /** Returns a proof of the mempool by its hash; undefined if the mempool does not have it. */
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
   * Estimates the cost of a proof in the next block. Runs a call on the head state if the program
   * is cached, and discards the changes.
   */
  quote(body: ProofBody, guess?: Guess): FeeEstimate;
  /** Loads the receipt of a proof in a finalized block. Resolves to undefined if there is none. */
  receipt(proofHash: Digest): Promise<Receipt | undefined>;
  /** Loads the receipts of a finalized block, in the order of its proofs. */
  receipts(sequence: Sequence): Promise<readonly Receipt[]>;
  /** Returns the state after the head block. It is immutable. */
  state(): LedgerState;
  /** Calls `listener` with each later event. The returned function ends the subscription. */
  subscribe(listener: LedgerListener): () => void;
  /**
   * Returns the number of proofs in the mempool, the number of those that cannot run yet
   * (`waiting`), and the bytes of all.
   */
  mempool(): { readonly count: number; readonly waiting: number; readonly bytes: number };
}
