import type { AccountId, Amount } from "@aethel/models";
import { laneOf, type PendingProof } from "./pending.ts";

/** The proofs of one author that wait, by nonce, and what the state says of the author. */
export interface AuthorQueue {
  /** The author as a key of maps. */
  readonly author: string;
  readonly id: AccountId;
  readonly byNonce: Map<number, PendingProof>;
  /** Sum of their fee limits. */
  reserved: bigint;
  /** Next nonce that a block can take. */
  nonce: number;
  balance: Amount;
  /** All from `nonce` to before this one are there and judged; so nobody looks at them again. */
  judgedTo: number;
}

/** A queue of an author with nothing in it. */
export function emptyQueue(
  about: Pick<AuthorQueue, "author" | "id" | "nonce" | "balance">,
): AuthorQueue {
  return { ...about, byNonce: new Map(), reserved: 0n, judgedTo: about.nonce };
}

/** Adds a proof at a free nonce. */
export function enqueue(queue: AuthorQueue, pending: PendingProof): void {
  const { nonce, feeLimit } = pending.proof.body;
  queue.byNonce.set(nonce, pending);
  queue.reserved += feeLimit;
}

/** Takes a proof out. */
export function dequeue(queue: AuthorQueue, pending: PendingProof): void {
  const { nonce, feeLimit } = pending.proof.body;
  queue.byNonce.delete(nonce);
  queue.reserved -= feeLimit;
  queue.judgedTo = Math.min(queue.judgedTo, nonce);
}

/** The proof that a block could take next, if it has arrived. */
export function headOf(queue: AuthorQueue): PendingProof | undefined {
  return queue.byNonce.get(queue.nonce);
}

/**
 * The proof to judge next: the first that waits, when every nonce before it is there and judged.
 * Behind a gap it could not be charged, and behind an invoke it may no longer be payable: neither
 * must cost work.
 */
export function nextToJudge(queue: AuthorQueue): PendingProof | undefined {
  queue.judgedTo = Math.max(queue.judgedTo, queue.nonce);
  for (;;) {
    const pending = queue.byNonce.get(queue.judgedTo);
    if (pending === undefined || laneOf(pending) === "invoke") return undefined;
    if (pending.status === "waiting") return pending;
    if (pending.status === "judging") return undefined;
    queue.judgedTo += 1;
  }
}

/** All of a queue's proofs, by ascending nonce. */
export function inNonceOrder(queue: AuthorQueue): readonly PendingProof[] {
  return [...queue.byNonce.values()].toSorted(
    (left, right) => left.proof.body.nonce - right.proof.body.nonce,
  );
}
