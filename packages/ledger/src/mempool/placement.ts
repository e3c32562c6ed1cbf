import { createHeap, type Heap } from "../collections/heap.ts";
import { type AuthorQueue, type End, nextInLine } from "../pending/author-queue.ts";
import { type Contents, isReserved } from "../pending/contents.ts";
import { cosignersOf } from "../pending/cosigner-index.ts";
import { heldBytes, invokeFirst, laneOf, type PendingProof, placesOf } from "../pending/pending.ts";
import { givesWay, mayDriveOut, type Newcomer, paysForAll } from "../pending/rooms.ts";
import type { StateView } from "../pending/state-view.ts";
import type { MempoolLimits } from "./limits.ts";

/** Options of a placement. */
export interface PlacementOptions {
  readonly contents: Contents;
  readonly view: () => StateView;
  readonly limits: MempoolLimits;
  /** Removes a proof from the mempool because the mempool is full. */
  readonly onNoRoom: (pending: PendingProof) => void;
}

/** Rules that decide which proofs are runnable, and which are evicted when the mempool is full. */
export interface Placement {
  /**
   * Whether a proof could be in the next block if the block also includes its author's earlier
   * proofs.
   */
  isReady(pending: PendingProof): boolean;
  /**
   * Returns the runnable proofs of other authors that use a nonce which this proof needs too. `at`
   * is the index of the proof in its author's queue. Returns undefined if a proof under judgement
   * reserves such a nonce, or another proof of the same author uses it.
   */
  rivals(
    pending: PendingProof,
    queue: AuthorQueue,
    at: number,
  ): readonly PendingProof[] | undefined;
  /**
   * Chooses proofs to evict so that a newcomer can become runnable. Returns undefined if too few
   * may be evicted. `leaving`: proofs that leave anyway.
   */
  roomInLane(newcomer: Newcomer, leaving: readonly PendingProof[]): readonly End[] | undefined;
  /**
   * Chooses proofs to evict so that a proof can wait. Returns undefined if too few may be evicted.
   * `replaced`: the author's proof with the same nonce, which leaves anyway.
   */
  roomToWait(
    pending: PendingProof,
    queue: AuthorQueue,
    replaced: PendingProof | undefined,
  ): readonly End[] | undefined;
  /**
   * Makes waiting proofs runnable, the highest price first. Then drops waiting proofs beyond the
   * bounds.
   */
  settle(): void;
}

/** Creates the rules of placement. Decision record 028 explains them. */
export function createPlacement(options: PlacementOptions): Placement {
  const { contents, view, limits } = options;
  const isReady = (pending: PendingProof): boolean =>
    pending.status === "ready" &&
    view().paysBase(pending) &&
    (pending.judgement?.milliseconds ?? 0) <= limits.proposableMs &&
    cosignersOf(pending).every(({ account, nonce }) => view().account(account).nonce === nonce);
  const rivals: Placement["rivals"] = (pending, queue, at) =>
    findRivals(contents, pending, queue, at);
  const roomInLane: Placement["roomInLane"] = (newcomer, leaving) => {
    const { pending } = newcomer;
    const room = contents.rooms[laneOf(pending)];
    const hasRoom =
      room.count < limits.countMax && room.size + heldBytes(pending) <= limits.bytesMax;
    if (hasRoom) return NOBODY;
    const own = leaving.filter(
      (one) => one.place === "runnable" && laneOf(one) === laneOf(pending),
    );
    const freed = own.reduce((sum, one) => sum + heldBytes(one), 0);
    const count = room.count + 1 - own.length - limits.countMax;
    const size = room.size + heldBytes(pending) - freed - limits.bytesMax;
    if (count <= 0 && size <= 0) return [];
    if (!mayDriveOut(newcomer, view())) return undefined;
    contents.trueEnds();
    const mayTake = (end: End): boolean => givesWay(end, newcomer);
    const chosen = room.choose({ count, size, mayTake, leaving });
    return chosen !== undefined && paysForAll(newcomer, chosen) ? chosen : undefined;
  };
  const rules = { isReady, roomInLane };
  return {
    isReady,
    rivals,
    roomInLane,
    roomToWait: (pending, queue, replaced) => {
      const freed = replaced === undefined ? 0 : placesOf(replaced);
      const room = contents.rooms.waiting;
      const size = room.size + placesOf(pending) - freed - limits.waitingMax;
      if (size <= 0) return [];
      contents.trueEnds();
      const held = queue.waitingPlaces - freed + placesOf(pending);
      // The author's own hold less than they and the newcomer together, and so never give way.
      const mayTake = ({ measure }: End): boolean => measure >= held;
      return room.choose({ count: 0, size, mayTake, leaving: queue.proofs });
    },
    settle: () => {
      promoteAll(options, rules);
      giveUp(options);
    },
  };
}

const NOBODY: readonly never[] = [];

function findRivals(
  contents: Contents,
  pending: PendingProof,
  queue: AuthorQueue,
  at: number,
): readonly PendingProof[] | undefined {
  const own = at === 0 ? contents.cosigned.claimOn(queue.id) : undefined;
  const cosigners = cosignersOf(pending);
  if (own === undefined && cosigners.length === 0) return NOBODY;
  const rivals = new Set<PendingProof>();
  if (own !== undefined) rivals.add(own);
  for (const { account } of cosigners) {
    const claim = contents.cosigned.claimOn(account);
    if (claim !== undefined) rivals.add(claim);
    const its = contents.queues.get(account);
    const [head] = its?.proofs ?? [];
    if (its === undefined || head === undefined) continue;
    if (isReserved(its)) return undefined;
    if (its.runnable > 0) rivals.add(head);
  }
  // What the author's nonce replaces is no rival; another of its proofs would have to go first.
  rivals.delete(queue.proofs[at] ?? pending);
  for (const rival of rivals) if (queue.proofs.includes(rival)) return undefined;
  return [...rivals];
}

function promoteAll(options: PlacementOptions, { isReady, roomInLane }: Rules): void {
  const { contents, onNoRoom } = options;
  if (contents.contended.all.length === 0) return;
  const candidates = gather(options, isReady, undefined);
  if (candidates === undefined) return;
  for (let next = candidates.pop(); next !== undefined; next = candidates.pop()) {
    const queue = next.isGone ? undefined : contents.queueOf(next);
    if (queue === undefined || nextInLine(queue) !== next) continue;
    if (findRivals(contents, next, queue, queue.runnable)?.length !== 0) continue;
    const at = queue.runnable;
    const room = roomInLane(
      { pending: next, queue, at, floor: contents.floorAt(next, queue, at) },
      [],
    );
    if (room === undefined) onNoRoom(next);
    for (const { pending } of room ?? []) onNoRoom(pending);
    if (room !== undefined) contents.promote(queue);
    gather(options, isReady, candidates);
  }
}

type Rules = Pick<Placement, "isReady" | "roomInLane">;

/**
 * Adds the next proof of each author in `contended` to the heap of candidates, if the proof is
 * ready. Creates the heap for the first candidate. Returns undefined if there is no candidate.
 */
function gather(
  { contents, view }: PlacementOptions,
  isReady: Placement["isReady"],
  candidates: Heap<PendingProof> | undefined,
): Heap<PendingProof> | undefined {
  let gathered = candidates;
  for (const queue of contents.contended.all) {
    contents.touched.add(queue);
    const next = nextInLine(queue);
    if (next === undefined) continue;
    if (isReady(next)) {
      gathered ??= createHeap(invokeFirst);
      gathered.push(next);
    } else if (!view().paysBase(next)) contents.priced.add(queue);
  }
  contents.contended.clear();
  return gathered;
}

/**
 * Drops waiting proofs beyond the bounds. An author with too many loses those with the highest
 * nonces. If all authors together have too many, the author with the most kibibytes of waiting
 * proofs loses some.
 */
function giveUp({ contents, limits, onNoRoom }: PlacementOptions): void {
  for (const queue of contents.demoted.all) {
    const { proofs } = queue;
    while (proofs.length - queue.runnable > limits.waitingPerAuthorMax) {
      const last = proofs.findLast(({ status }) => status !== "judging");
      if (last === undefined || last.place === "runnable") break;
      onNoRoom(last);
    }
  }
  contents.demoted.clear();
  const room = contents.rooms.waiting;
  for (let over = room.size - limits.waitingMax; over > 0; over = room.size - limits.waitingMax) {
    contents.trueEnds();
    const size = Math.min(over, 64);
    const chosen = room.choose({ count: 0, size, mayTake: () => true, leaving: [] });
    if (chosen === undefined) return;
    for (const { pending } of chosen) onNoRoom(pending);
  }
}
