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
  /** Sum of the fee limits of the proofs. */
  reserved: bigint;
  /** Next nonce that a block can take. */
  nonce: number;
  balance: Amount;
  /**
   * Number of runnable proofs at the beginning of `proofs`: those that could be in the next block,
   * one after the other. Their nonces begin at `nonce` and have no gap. All other proofs wait.
   */
  runnable: number;
  /** Number of runnable invokes. */
  invokes: number;
  /** Number of proofs in the queue that were judged or are being judged. */
  judged: number;
  /** Kibibytes of the waiting proofs, each rounded up. A proof under judgement does not count. */
  waitingPlaces: number;
  /** Whether the Judge works on a proof of the author, even if the proof has left the mempool. */
  isJudging: boolean;
  /**
   * The author's first proof to be evicted, for each part of the mempool. Undefined if the author
   * has no evictable proof there.
   */
  readonly ends: Record<RoomName, End | undefined>;
  /** Position in the queue of authors for the Judge, or -1 if the author is not in it. */
  lineAt: number;
  /** Set of `MARK` bits: the kinds of updates that are due for this queue. */
  marks: number;
  /** Whether `floor` (the lowest price up to a proof) is out of date in the runnable proofs. */
  hasStaleFloors: boolean;
  /**
   * Proof that the author offers to the next block; undefined if none. The heap of the proof's lane
   * orders this queue by it. `laneAt` is the position in that heap, or -1.
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
 * Returns the lowest nonce, at or above `from`, that no proof of the author has. `from` MUST NOT be
 * below the next nonce of the state.
 */
export function freeNonce({ proofs, nonce }: AuthorQueue, from: number): number {
  let free = from;
  for (let at = placeOf(proofs, from); proofs[at]?.nonce === free; at++) free += 1;
  return Math.max(free, nonce);
}

/**
 * Name of a part of the mempool with its own bounds: the runnable proofs of a lane, or all waiting
 * proofs.
 */
export type RoomName = Lane | "waiting";

/** The author's first proof to be evicted from a part of the mempool: its last proof there. */
export interface End {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
  /** Index of `pending` in the queue. */
  readonly at: number;
  /**
   * First key of the eviction order. Runnable proofs: the price that `createLaneRoom` explains,
   * lowest first. Waiting proofs: the kibibytes of the author's waiting proofs, highest first.
   */
  readonly measure: number;
  /** `waitingSince` of `pending` if it waits; 0 in the parts for runnable proofs. */
  readonly since: number;
}
