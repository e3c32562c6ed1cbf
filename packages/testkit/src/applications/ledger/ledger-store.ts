import type { LedgerStore, Receipt, StoredHead } from "@aethel/ledger";
import { type FinalizedBlock, type StateChange, toHex } from "@aethel/models";

/**
 * Creates a node's store that holds the genesis. The genesis is executed and hashed once for each
 * chain, not for each node: this is most of what starting a world costs. The changes of blocks are
 * put into the tree when the store is loaded.
 */
export function createStoreAt(genesis: StoredHead): LedgerStore {
  let head = genesis;
  let behind: (readonly StateChange[])[] = [];
  const blocks = new Map<number, FinalizedBlock>();
  const receiptsOf = new Map<number, readonly Receipt[]>();
  const byProof = new Map<string, Receipt>();
  return {
    load: async () => {
      for (const changes of behind) {
        const edits = changes.map(({ key, after }) => ({ key, value: after }));
        head = { ...head, tree: head.tree.update(edits) };
      }
      behind = [];
      return head;
    },
    write: async ({ header, finalized, leadership, receipts, changes }) => {
      head = { ...head, header, certificate: finalized?.certificate, leadership };
      behind.push(changes);
      if (finalized !== undefined) blocks.set(header.sequence, finalized);
      receiptsOf.set(header.sequence, receipts);
      for (const receipt of receipts) byProof.set(toHex(receipt.proofHash), receipt);
    },
    block: async (sequence) => blocks.get(sequence),
    header: async (sequence) => blocks.get(sequence)?.block.header,
    receipts: async (sequence) => receiptsOf.get(sequence) ?? [],
    receipt: async (proofHash) => byProof.get(toHex(proofHash)),
  };
}
