/**
 * Bounds of a mempool. They decide which proofs this node holds and proposes, never which are
 * valid.
 */
export interface MempoolLimits {
  /**
   * Most runnable proofs of one lane. A lane is one of the two kinds of proofs: invokes, and proofs
   * that the Judge judges.
   */
  readonly countMax: number;
  /** Most bytes of the runnable proofs of one lane. The certificates of judged proofs count too. */
  readonly bytesMax: number;
  /**
   * Most proofs of one author. A nonce must also be less than `perAuthorMax` above the author's
   * next nonce in the state.
   */
  readonly perAuthorMax: number;
  /** Most kibibytes of all waiting proofs, each proof rounded up. */
  readonly waitingMax: number;
  /** Most waiting proofs of one author. */
  readonly waitingPerAuthorMax: number;
  /** Most blocks for which a proof may wait. */
  readonly waitingBlocksMax: number;
  /**
   * Most proofs of one author in the mempool that were judged or are being judged. The author's
   * other proofs are judged after a block has charged for one of these.
   */
  readonly judgedMax: number;
  /**
   * Number of unpaid judgements from which on the mempool refuses an author's proofs that need
   * judging. A judgement is unpaid until a block charges for its proof.
   */
  readonly rejectedMax: number;
  /**
   * Most milliseconds that this node's Judge may have taken for a proof. The node proposes no proof
   * that took longer.
   */
  readonly proposableMs: number;
}

/** Default bounds of a node's mempool. */
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
