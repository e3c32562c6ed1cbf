import { type Block, itemProof, ModelsError, type Proof } from "@aethel/models";

/** Proofs of a block, or the index of the first item that is not a proof. */
export type BlockProofs =
  | { readonly type: "proofs"; readonly proofs: readonly Proof[] }
  | { readonly type: "undecodable"; readonly at: number; readonly reason: string };

/** Decodes the items of a block. Each item object is decoded only once. */
export function proofsIn({ items }: Pick<Block, "items">): BlockProofs {
  const proofs: Proof[] = [];
  for (const [at, item] of items.entries()) {
    try {
      proofs.push(itemProof(item));
    } catch (error) {
      if (!(error instanceof ModelsError)) throw error;
      return { type: "undecodable", at, reason: error.message };
    }
  }
  return { type: "proofs", proofs };
}
