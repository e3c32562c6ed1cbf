import { type AccountId, type Digest, hashProof, type Proof, toHex } from "@aethel/models";

/** Which proofs wait in this node's mempool, by author: so that one can be told its next nonce. */
export interface PendingNonces {
  readonly add: (proof: Proof) => void;
  readonly remove: (hash: Digest) => void;
  /** The least nonce from `used` on that no waiting proof of the author has. */
  readonly nextNonce: (author: AccountId, used: number) => number;
  readonly hashes: () => readonly string[];
}

/** Nothing waits. */
export function createPendingNonces(): PendingNonces {
  const byHash = new Map<string, { readonly author: string; readonly nonce: number }>();
  const byAuthor = new Map<string, Set<number>>();
  return {
    add(proof) {
      const author = toHex(proof.body.author);
      const { nonce } = proof.body;
      byHash.set(toHex(hashProof(proof)), { author, nonce });
      const nonces = byAuthor.get(author) ?? new Set();
      byAuthor.set(author, nonces.add(nonce));
    },
    remove(hash) {
      const entry = byHash.get(toHex(hash));
      if (entry === undefined) return;
      byHash.delete(toHex(hash));
      const nonces = byAuthor.get(entry.author);
      nonces?.delete(entry.nonce);
      if (nonces?.size === 0) byAuthor.delete(entry.author);
    },
    nextNonce(author, used) {
      const nonces = byAuthor.get(toHex(author));
      let next = used;
      while (nonces?.has(next) === true) next += 1;
      return next;
    },
    hashes: () => [...byHash.keys()],
  };
}
