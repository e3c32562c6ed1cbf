import { type AccountId, type Amount, assert } from "@aethel/models";
import { laneOf, type PendingProof } from "./pending.ts";

/** The proofs of one author that wait, by nonce, and what the state says of the author. */
export interface AuthorQueue {
  readonly id: AccountId;
  /** Strictly ascending by nonce. An author has few, so an array beats a map in time and room. */
  readonly proofs: PendingProof[];
  /** Sum of their fee limits. */
  reserved: bigint;
  /** Next nonce that a block can take. */
  nonce: number;
  balance: Amount;
  /** All from `nonce` to before this one are there and judged; so nobody looks at them again. */
  judgedTo: number;
  /** A proof of the author is with the Judge, be it that another has replaced it since. */
  isJudging: boolean;
  /** Where it stands in the line for the Judge, or -1. */
  lineAt: number;
  /** The head as one of the two lanes has it, and where; or undefined, and -1. */
  offered: PendingProof | undefined;
  laneAt: number;
}

/** A queue of an author with nothing in it. */
export function emptyQueue(about: Pick<AuthorQueue, "id" | "nonce" | "balance">): AuthorQueue {
  return {
    id: about.id,
    proofs: [],
    reserved: 0n,
    nonce: about.nonce,
    balance: about.balance,
    judgedTo: about.nonce,
    isJudging: false,
    lineAt: -1,
    offered: undefined,
    laneAt: -1,
  };
}

/** The proof with a nonce. */
export function proofAt({ proofs }: AuthorQueue, nonce: number): PendingProof | undefined {
  const [first] = proofs;
  if (first === undefined) return undefined;
  // Without gaps, which is the rule, the nonce says where it is, or that it comes after all.
  const guess = proofs[nonce - first.nonce];
  if (guess?.nonce === nonce) return guess;
  const found = proofs[placeOf(proofs, nonce)];
  return found?.nonce === nonce ? found : undefined;
}

/** Index of the first proof whose nonce is not below this one. */
export function placeOf(proofs: readonly PendingProof[], nonce: number): number {
  const last = proofs.at(-1);
  if (last === undefined || last.nonce < nonce) return proofs.length;
  let [low, high] = [0, proofs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((proofs[middle]?.nonce ?? nonce) < nonce) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a proof at a free nonce. */
export function enqueue(queue: AuthorQueue, pending: PendingProof): void {
  const { proofs } = queue;
  const at = placeOf(proofs, pending.nonce);
  if (at === proofs.length) proofs.push(pending);
  else proofs.splice(at, 0, pending);
  queue.reserved += pending.proof.body.feeLimit;
}

/** Takes a proof out. */
export function dequeue(queue: AuthorQueue, pending: PendingProof): void {
  const { proofs } = queue;
  const at = placeOf(proofs, pending.nonce);
  assert(proofs[at] === pending, "only what is in a queue is taken out of it");
  if (at === 0) proofs.shift();
  else proofs.splice(at, 1);
  queue.reserved -= pending.proof.body.feeLimit;
  queue.judgedTo = Math.min(queue.judgedTo, pending.nonce);
}

/** The proof that a block could take next, if it has arrived. */
export function headOf(queue: AuthorQueue): PendingProof | undefined {
  const [first] = queue.proofs;
  return first?.nonce === queue.nonce ? first : undefined;
}

/**
 * The proof to judge next: the first that waits, when every nonce before it is there and judged.
 * Behind a gap it could not be charged, and behind an invoke it may no longer be payable: neither
 * must cost work.
 */
export function nextToJudge(queue: AuthorQueue): PendingProof | undefined {
  queue.judgedTo = Math.max(queue.judgedTo, queue.nonce);
  for (;;) {
    const pending = proofAt(queue, queue.judgedTo);
    if (pending === undefined || laneOf(pending) === "invoke") return undefined;
    if (pending.status === "waiting") return pending;
    if (pending.status === "judging") return undefined;
    queue.judgedTo += 1;
  }
}
