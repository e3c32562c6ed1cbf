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
