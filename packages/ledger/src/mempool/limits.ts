/** Bounds of a mempool. They decide what this node holds, never what is valid. */
export interface MempoolLimits {
  /** Most runnable proofs of one lane. */
  readonly countMax: number;
  /** Most bytes of these, with the certificates of judged proofs. */
  readonly bytesMax: number;
  /** Most proofs of one author, and largest distance of a nonce from the state's. */
  readonly perAuthorMax: number;
  /** Most kibibytes of waiting proofs, each proof rounded up. */
  readonly waitingMax: number;
  /** Most waiting proofs of one author. */
  readonly waitingPerAuthorMax: number;
  /** Most blocks for which a proof may wait. */
  readonly waitingBlocksMax: number;
  /** Most proofs of one author that are judged before a block has charged for the first. */
  readonly judgedMax: number;
  /** Most judgements of one author that no block has charged for; later proofs are refused. */
  readonly rejectedMax: number;
  /** Most milliseconds of a judgement of this node's Judge for a proof that it proposes. */
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
