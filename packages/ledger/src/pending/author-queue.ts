import { type AccountId, type Amount, assert } from "@aethel/models";
import type { Lane, PendingProof } from "./pending.ts";

/** The proofs of one author, by nonce, and what the state says of the author. */
export interface AuthorQueue {
  readonly id: AccountId;
  /** Strictly ascending by nonce. An author has few, so an array beats a map in time and room. */
  readonly proofs: PendingProof[];
  /** Sum of their fee limits. */
  reserved: bigint;
  /** Next nonce that a block can take. */
  nonce: number;
  balance: Amount;
  /**
   * How many of the first proofs could be in the next block, one after the other; the nonce of the
   * first of them is `nonce`, and none is missing between. All others wait.
   */
  runnable: number;
  /** How many of the runnable ones are invokes. */
  invokes: number;
  /** Proofs that the Judge has judged or is at. */
  judged: number;
  /** Places of those that wait and are not with the Judge. */
  waitingPlaces: number;
  /** A proof of the author is with the Judge, be it that it has left since. */
  isJudging: boolean;
  /** In each room the proof that would give way first. */
  readonly ends: Record<RoomName, End | undefined>;
  /** Where it stands in the line for the Judge, or -1. */
  lineAt: number;
  /** Bits of `MARK`: what is to be done about it. */
  marks: number;
  /** Whether the floors of its runnable proofs are to be found anew. */
  hasStaleFloors: boolean;
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

/** The proof with a nonce. */
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

/** The first proof that waits, if it is the one that comes next after those that could run. */
export function nextInLine({ proofs, runnable, nonce }: AuthorQueue): PendingProof | undefined {
  const next = proofs[runnable];
  return next?.nonce === nonce + runnable ? next : undefined;
}

/** The least nonce from the state's on that no proof of the author has. */
export function freeNonce({ proofs, nonce }: AuthorQueue, from: number): number {
  let free = from;
  for (let at = placeOf(proofs, from); proofs[at]?.nonce === free; at++) free += 1;
  return Math.max(free, nonce);
}

/** Proofs that share bounds: the runnable ones of a lane, or all that wait. */
export type RoomName = Lane | "waiting";

/** The last proof of an author in a room: of each author it gives way first. */
export interface End {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
  /** Its index in the queue. */
  readonly at: number;
  /** Decides which of the ends gives way first. */
  readonly measure: number;
  /** Next sequence when it came to wait. */
  readonly since: number;
}
