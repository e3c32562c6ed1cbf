import { keyName } from "../key-name.ts";
import type { PendingProof } from "./pending.ts";

/** Finds the proofs that an account cosigns, to look at them when a block has used its nonce. */
export interface CosignerIndex {
  add(pending: PendingProof): void;
  remove(pending: PendingProof): void;
  cosignedBy(account: Uint8Array): Iterable<PendingProof>;
}

/** An empty index. */
export function createCosignerIndex(): CosignerIndex {
  const proofs = new Map<string, Set<PendingProof>>();
  return {
    add: (pending) => {
      for (const account of cosignersOf(pending)) {
        const known = proofs.get(account);
        if (known === undefined) proofs.set(account, new Set([pending]));
        else known.add(pending);
      }
    },
    remove: (pending) => {
      for (const account of cosignersOf(pending)) {
        const known = proofs.get(account);
        known?.delete(pending);
        if (known?.size === 0) proofs.delete(account);
      }
    },
    cosignedBy: (account) =>
      proofs.size === 0 ? NOTHING : (proofs.get(keyName(account)) ?? NOTHING),
  };
}

const NOTHING: Iterable<PendingProof> = [];

function cosignersOf({ proof: { body } }: PendingProof): readonly string[] {
  if (body.type !== "invoke" || body.cosigners.length === 0) return [];
  return body.cosigners.map(({ account }) => keyName(account));
}
