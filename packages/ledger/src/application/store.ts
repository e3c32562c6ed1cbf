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

/** Where a store stands. */
export interface StoredHead {
  readonly tree: Tree;
  readonly header: BlockHeader;
  /** None for the genesis block. */
  readonly certificate: QuorumCertificate | undefined;
  /** As it was written. */
  readonly leadership?: Uint8Array | undefined;
}

/** All that one block makes durable: everything of it or nothing. */
export interface LedgerBatch {
  readonly header: BlockHeader;
  /** Undefined for the genesis block, which nobody certified. */
  readonly finalized: FinalizedBlock | undefined;
  /** Consensus' record of leaders after this block; its hash is in the header. */
  readonly leadership?: Uint8Array | undefined;
  readonly receipts: readonly Receipt[];
  /** Lead from the stored tree to one with `root`. For genesis: from the empty tree. */
  readonly changes: readonly StateChange[];
  /** The sequence. */
  readonly version: Sequence;
  readonly root: Root;
}

/** Keeps a ledger. A node implements it on a disk; what it loads is checked against its root. */
export interface LedgerStore {
  /** The last batch that was written; undefined in a new store. */
  load(): Promise<StoredHead | undefined>;
  /** Resolves when the whole batch is durable. */
  write(batch: LedgerBatch): Promise<void>;
  /** A final block; undefined for genesis and for what was never written. */
  block(sequence: Sequence): Promise<FinalizedBlock | undefined>;
  /** Of one block, in the order of its proofs. */
  receipts(sequence: Sequence): Promise<readonly Receipt[]>;
  /** By the hash of the proof. */
  receipt(proofHash: Digest): Promise<Receipt | undefined>;
}

/** A store that forgets everything when the process ends. */
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
    receipts: (sequence) => Promise.resolve(receiptsOf.get(sequence) ?? []),
    receipt: (proofHash) => Promise.resolve(byProof.get(toHex(proofHash))),
  };
}
