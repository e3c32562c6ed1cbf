import { emptyTree, type Tree } from "@aethel/merkle";
import {
  type BlockHeader,
  type Digest,
  type FinalizedBlock,
  type QuorumCertificate,
  type Root,
  type Sequence,
  type StateChange,
  toHex,
} from "@aethel/models";
import type { Receipt } from "../results/receipt.ts";

/** Last block of a store, with its state. */
export interface StoredHead {
  readonly tree: Tree;
  readonly header: BlockHeader;
  /** COMMIT QC of the block; undefined for the genesis block. */
  readonly certificate: QuorumCertificate | undefined;
  /**
   * Encoded leaders' record (facts of consensus about past leaders), as it was written. Undefined
   * if none was written.
   */
  readonly leadership?: Uint8Array | undefined;
}

/** Data of one block that become durable together. */
export interface LedgerBatch {
  readonly header: BlockHeader;
  /**
   * Finalized block with its certificate. Undefined for the genesis block, which has no
   * certificate.
   */
  readonly finalized: FinalizedBlock | undefined;
  /**
   * Leaders' record (facts of consensus about past leaders) after this block. The header contains
   * its hash. Undefined if consensus keeps none.
   */
  readonly leadership?: Uint8Array | undefined;
  readonly receipts: readonly Receipt[];
  /**
   * Changes that lead from the stored tree to the tree with `root`. For genesis they start from the
   * empty tree.
   */
  readonly changes: readonly StateChange[];
  /** Sequence of the block, which is also the version of the stored tree. */
  readonly version: Sequence;
  readonly root: Root;
}

/**
 * Storage of a ledger. A node implements it on disk. The ledger checks the data that it loads
 * against the state root.
 */
export interface LedgerStore {
  /**
   * Loads the last block that was written, with its state. Resolves to undefined in a new store.
   */
  load(): Promise<StoredHead | undefined>;
  /** Resolves when the whole batch is durable. */
  write(batch: LedgerBatch): Promise<void>;
  /**
   * Loads a finalized block. Resolves to undefined for genesis and for sequences that are not
   * stored.
   */
  block(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /**
   * Loads the header of a finalized block, without reading its body. Resolves to undefined for
   * genesis and for sequences that are not stored.
   */
  header(sequence: Sequence): Promise<BlockHeader | undefined>;
  /**
   * Loads the receipts of a block, in the order of its proofs. Empty if the block is not stored.
   */
  receipts(sequence: Sequence): Promise<readonly Receipt[]>;
  /** Loads a receipt by the hash of its proof. Resolves to undefined if there is none. */
  receipt(proofHash: Digest): Promise<Receipt | undefined>;
}

/** Creates a store in memory. Its content is lost when the process ends. */
export function createMemoryStore(): LedgerStore {
  let head: StoredHead | undefined;
  const blocks = new Map<number, FinalizedBlock>();
  const receiptsOf = new Map<number, readonly Receipt[]>();
  const byProof = new Map<string, Receipt>();
  return {
    load: () => Promise.resolve(head),
    write: (batch) => {
      const { header, finalized, leadership, receipts, changes } = batch;
      const before = head?.tree ?? emptyTree;
      const tree = before.update(changes.map(({ key, after }) => ({ key, value: after })));
      head = { tree, header, certificate: finalized?.certificate, leadership };
      if (finalized !== undefined) blocks.set(header.sequence, finalized);
      receiptsOf.set(header.sequence, receipts);
      for (const receipt of receipts) byProof.set(toHex(receipt.proofHash), receipt);
      return Promise.resolve();
    },
    block: (sequence) => Promise.resolve(blocks.get(sequence)),
    header: (sequence) => Promise.resolve(blocks.get(sequence)?.block.header),
    receipts: (sequence) => Promise.resolve(receiptsOf.get(sequence) ?? []),
    receipt: (proofHash) => Promise.resolve(byProof.get(toHex(proofHash))),
  };
}
