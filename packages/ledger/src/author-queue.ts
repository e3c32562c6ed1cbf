import type { PendingProof } from "./pending.ts";

/** The proofs of one author that wait, by nonce. */
export interface AuthorQueue {
  readonly author: string;
  readonly byNonce: Map<number, PendingProof>;
  /** Sum of their fee limits. */
  reserved: bigint;
  /** Next nonce that a block can take. */
  nonce: number;
}

/** The proof that a block could take next, if it has arrived. */
export function headOf(queue: AuthorQueue): PendingProof | undefined {
  return queue.byNonce.get(queue.nonce);
}

/**
 * The proof to judge next: the first that waits, when no other is with the Judge and every nonce
 * before it is there. A proof behind a gap cannot be charged, so it must not cost work.
 */
export function nextToJudge(queue: AuthorQueue): PendingProof | undefined {
  for (let nonce = queue.nonce; ; nonce++) {
    const pending = queue.byNonce.get(nonce);
    if (pending === undefined || pending.status === "judging") return undefined;
    if (pending.status === "waiting") return pending;
  }
}

/** All of a queue's proofs, by ascending nonce. */
export function inNonceOrder(queue: AuthorQueue): readonly PendingProof[] {
  return [...queue.byNonce.values()].toSorted(
    (left, right) => left.proof.body.nonce - right.proof.body.nonce,
  );
}
