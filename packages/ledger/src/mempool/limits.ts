/** Bounds of a mempool. They decide what this node holds and proposes, never what is valid. */
export interface MempoolLimits {
  /** Most runnable proofs of one lane. */
  readonly countMax: number;
  /** Most bytes of the runnable proofs of one lane, with the certificates of judged proofs. */
  readonly bytesMax: number;
  /**
   * Most proofs of one author. A nonce must also be less than this above the next nonce of the
   * state.
   */
  readonly perAuthorMax: number;
  /** Most kibibytes of all waiting proofs, each proof rounded up. */
  readonly waitingMax: number;
  /** Most waiting proofs of one author. */
  readonly waitingPerAuthorMax: number;
  /** Most blocks for which a proof may wait. */
  readonly waitingBlocksMax: number;
  /**
   * Most proofs of one author in the mempool that were judged or are being judged. Its other proofs
   * are judged after a block has charged for one of these.
   */
  readonly judgedMax: number;
  /**
   * Number of unpaid judgements (those that no block has charged for) at which the author's proofs
   * that need judging are refused.
   */
  readonly rejectedMax: number;
  /** Most milliseconds that this node's Judge may have taken for a proof that the node proposes. */
  readonly proposableMs: number;
}

/** Default bounds of a node. */
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
