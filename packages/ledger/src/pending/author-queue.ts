import { type AccountId, type Amount, assert } from "@aethel/models";
import type { Lane, PendingProof } from "./pending.ts";

/** Proofs of one author by nonce, with the author's account in the state. */
export interface AuthorQueue {
  readonly id: AccountId;
  /**
   * Proofs, strictly ascending by nonce. An author has few, so an array takes less time and memory
   * than a map.
   */
  readonly proofs: PendingProof[];
  /** Sum of the fee limits of the proofs, in micro-tokens. */
  reserved: bigint;
  /** Next nonce of the author in the state. */
  nonce: number;
  balance: Amount;
  /**
   * Number of runnable proofs at the beginning of `proofs`: those that could be in the next block,
   * one after the other. Their nonces begin at `nonce` and have no gap. All other proofs wait.
   */
  runnable: number;
  /** Number of invokes among the runnable proofs. */
  invokes: number;
  /** Number of proofs in the queue that were judged or are being judged. */
  judged: number;
  /**
   * Sum of the kibibytes of the waiting proofs, each rounded up. A proof that the Judge is judging
   * does not count.
   */
  waitingPlaces: number;
  /**
   * Whether the Judge is judging a proof of the author. That proof may have left the mempool
   * already.
   */
  isJudging: boolean;
  /**
   * The author's proof that is evicted first, for each part of the mempool. Undefined if none of
   * the author's proofs there can be evicted.
   */
  readonly ends: Record<RoomName, End | undefined>;
  /**
   * Position in the queue of authors that wait for the Judge, or -1 if the author does not wait.
   */
  lineAt: number;
  /** Set of `MARK` bits: the kinds of updates that are due for this queue. */
  marks: number;
  /**
   * Whether the `floor` of a runnable proof is out of date. A floor is the lowest price among a
   * proof and its author's earlier proofs.
   */
  hasStaleFloors: boolean;
  /**
   * Proof that the author offers to the next block; undefined if it offers none. The heap of
   * authors of the proof's lane is ordered by these proofs. `laneAt` is this queue's position in
   * that heap, or -1.
   */
  offered: PendingProof | undefined;
  laneAt: number;
}

/** Creates a queue without proofs for an account with this nonce and balance. */
export function emptyQueue(about: Pick<AuthorQueue, "id" | "nonce" | "balance">): AuthorQueue {
  return {
    id: about.id,
    proofs: [],
    reserved: 0n,
    nonce: about.nonce,
    balance: about.balance,
    runnable: 0,
    invokes: 0,
    judged: 0,
    waitingPlaces: 0,
    isJudging: false,
    ends: { invoke: undefined, judged: undefined, waiting: undefined },
    lineAt: -1,
    marks: 0,
    hasStaleFloors: false,
    offered: undefined,
    laneAt: -1,
  };
}

/** Returns the proof with a nonce, or undefined if there is none. */
export function proofAt({ proofs }: AuthorQueue, nonce: number): PendingProof | undefined {
  const found = proofs[placeOf(proofs, nonce)];
  return found?.nonce === nonce ? found : undefined;
}

/**
 * Returns the index of the first proof whose nonce is `nonce` or higher, or the number of proofs if
 * there is none.
 */
export function placeOf(proofs: readonly PendingProof[], nonce: number): number {
  const last = proofs[proofs.length - 1];
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
  assert(at >= queue.runnable, "no nonce is free among those that could run");
  if (at === proofs.length) proofs.push(pending);
  else proofs.splice(at, 0, pending);
  queue.reserved += pending.proof.body.feeLimit;
}

/** Removes a proof. */
export function dequeue(queue: AuthorQueue, pending: PendingProof): void {
  const { proofs } = queue;
  const at = placeOf(proofs, pending.nonce);
  assert(proofs[at] === pending, "only what is in a queue is taken out of it");
  if (at === 0) proofs.shift();
  else proofs.splice(at, 1);
  queue.reserved -= pending.proof.body.feeLimit;
}

/**
 * Returns the first waiting proof if its nonce is the one after the runnable proofs, else
 * undefined.
 */
export function nextInLine({ proofs, runnable, nonce }: AuthorQueue): PendingProof | undefined {
  const next = proofs[runnable];
  return next?.nonce === nonce + runnable ? next : undefined;
}

/**
 * Returns the lowest nonce, at or above `from`, that no proof of the author in the queue has.
 * `from` MUST NOT be below the author's next nonce in the state.
 */
export function freeNonce({ proofs, nonce }: AuthorQueue, from: number): number {
  let free = from;
  for (let at = placeOf(proofs, from); proofs[at]?.nonce === free; at++) free += 1;
  return Math.max(free, nonce);
}

/**
 * Name of a part of the mempool that has its own bounds: the runnable proofs of one lane, or all
 * waiting proofs.
 */
export type RoomName = Lane | "waiting";

/**
 * The author's proof that is evicted first from a part of the mempool. It is the author's last
 * proof there.
 */
export interface End {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
  /** Index of `pending` in its author's queue. */
  readonly at: number;
  /**
   * First criterion of the eviction order. For runnable proofs it is the price that
   * `createLaneRoom` explains, and the lowest is evicted first. For waiting proofs it is the
   * kibibytes of the author's waiting proofs, and the highest is evicted first.
   */
  readonly measure: number;
  /** Second criterion: `waitingSince` of `pending` if it waits, 0 if it is runnable. */
  readonly since: number;
}
