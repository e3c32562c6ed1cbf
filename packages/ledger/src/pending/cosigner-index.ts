import type { Cosigner } from "@aethel/models";
import { keyName } from "../collections/key-name.ts";
import type { PendingProof } from "./pending.ts";

/**
 * Index of proofs by cosigner. For each cosigner it also has the runnable proof that uses the
 * cosigner's next nonce.
 */
export interface CosignerIndex {
  add(pending: PendingProof): void;
  remove(pending: PendingProof): void;
  cosignedBy(account: Uint8Array): Iterable<PendingProof>;
  /** Records a runnable proof as the user of each cosigner's next nonce. */
  claim(pending: PendingProof): void;
  release(pending: PendingProof): void;
  /**
   * Returns the runnable proof that uses the account's next nonce and in which the account is a
   * cosigner. Undefined if there is none.
   */
  claimOn(account: Uint8Array): PendingProof | undefined;
}

/** Creates an empty index. */
export function createCosignerIndex(): CosignerIndex {
  const proofs = new Map<string, Set<PendingProof>>();
  const claims = new Map<string, PendingProof>();
  return {
    add: (pending) => {
      for (const { account } of cosignersOf(pending)) {
        const name = keyName(account);
        const known = proofs.get(name);
        if (known === undefined) proofs.set(name, new Set([pending]));
        else known.add(pending);
      }
    },
    remove: (pending) => {
      for (const { account } of cosignersOf(pending)) {
        const name = keyName(account);
        const known = proofs.get(name);
        known?.delete(pending);
        if (known?.size === 0) proofs.delete(name);
      }
    },
    cosignedBy: (account) =>
      proofs.size === 0 ? NOTHING : (proofs.get(keyName(account)) ?? NOTHING),
    claim: (pending) => {
      for (const { account } of cosignersOf(pending)) claims.set(keyName(account), pending);
    },
    release: (pending) => {
      for (const { account } of cosignersOf(pending)) claims.delete(keyName(account));
    },
    claimOn: (account) => (claims.size === 0 ? undefined : claims.get(keyName(account))),
  };
}

const NOTHING: Iterable<PendingProof> = [];

/**
 * Returns the signers of a proof other than its author, each with a nonce. Only invokes have any.
 */
export function cosignersOf({ proof: { body } }: PendingProof): readonly Cosigner[] {
  return body.type === "invoke" ? body.cosigners : [];
}
