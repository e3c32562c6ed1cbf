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
   * Number of the first proofs that could be in the next block, one after the other: their nonces
   * begin at `nonce` and have no gap. All other proofs wait.
   */
  runnable: number;
  /** Number of runnable invokes. */
  invokes: number;
  /** Number of proofs that the Judge has judged or is judging. */
  judged: number;
  /** Kibibytes of the waiting proofs, except one under judgement. */
  waitingPlaces: number;
  /** Whether the Judge is at work on a proof of the author, which may have left the mempool. */
  isJudging: boolean;
  /** Proof of the author that is evicted first, for each room (part of the mempool). */
  readonly ends: Record<RoomName, End | undefined>;
  /** Position in the judging line, or -1. */
  lineAt: number;
  /** Set of `MARK` bits: the pending updates of this queue. */
  marks: number;
  /** Whether the floors of its runnable proofs are out of date. */
  hasStaleFloors: boolean;
  /** First proof as its lane has it, or undefined, and the position in the lane, or -1. */
  offered: PendingProof | undefined;
  laneAt: number;
}

/** Creates a queue without proofs. */
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

/** Returns the proof with a nonce. */
export function proofAt({ proofs }: AuthorQueue, nonce: number): PendingProof | undefined {
  const found = proofs[placeOf(proofs, nonce)];
  return found?.nonce === nonce ? found : undefined;
}

/** Index of the first proof whose nonce is not below this one. */
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

/** Takes a proof out. */
export function dequeue(queue: AuthorQueue, pending: PendingProof): void {
  const { proofs } = queue;
  const at = placeOf(proofs, pending.nonce);
  assert(proofs[at] === pending, "only what is in a queue is taken out of it");
  if (at === 0) proofs.shift();
  else proofs.splice(at, 1);
  queue.reserved -= pending.proof.body.feeLimit;
}

/** Returns the first waiting proof, if its nonce follows on the runnable ones. */
export function nextInLine({ proofs, runnable, nonce }: AuthorQueue): PendingProof | undefined {
  const next = proofs[runnable];
  return next?.nonce === nonce + runnable ? next : undefined;
}

/** Returns the lowest nonce, from `from` on, that no proof of the author has. */
export function freeNonce({ proofs, nonce }: AuthorQueue, from: number): number {
  let free = from;
  for (let at = placeOf(proofs, from); proofs[at]?.nonce === free; at++) free += 1;
  return Math.max(free, nonce);
}

/**
 * Name of a set of proofs with common bounds: the runnable proofs of a lane, or all waiting proofs.
 */
export type RoomName = Lane | "waiting";

/** Last proof of an author in a room, which gives way before the author's others. */
export interface End {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
  /** Its index in the queue. */
  readonly at: number;
  /** Measure that decides which end gives way first. */
  readonly measure: number;
  /** Next sequence at the time when it began to wait. */
  readonly since: number;
}
