import { type AccountId, assert } from "@aethel/models";
import { createDigestTable } from "../collections/digest-table.ts";
import {
  type AuthorQueue,
  dequeue,
  emptyQueue,
  enqueue,
  nextInLine,
  placeOf,
  type RoomName,
} from "./author-queue.ts";
import { type BaseFeeIndex, createBaseFeeIndex } from "./base-fee-index.ts";
import { cosignersOf, createCosignerIndex } from "./cosigner-index.ts";
import { createExpiryIndex } from "./expiry-index.ts";
import { createMarked, MARK } from "./marks.ts";
import { isAtLeast, type Price } from "./offer.ts";
import { createPatience } from "./patience.ts";
import { heldBytes, type Lane, laneOf, type PendingProof, placesOf, wasJudged } from "./pending.ts";
import { createReadyHeads } from "./ready-heads.ts";
import type { Room } from "./room.ts";
import { createLaneRoom, createWaitingRoom } from "./rooms.ts";
import type { StateView } from "./state-view.ts";

/**
 * Proofs of a mempool with all indices, which are kept consistent. Each proof is `runnable` or
 * `waiting`; the callers of this class decide which.
 */
export class Contents {
  readonly byHash = createDigestTable<PendingProof>(({ hash }) => hash);
  /** Authors with a proof in the mempool, or with a proof that the Judge is judging. */
  readonly queues = createDigestTable<AuthorQueue>(({ id }) => id);
  readonly cosigned = createCosignerIndex();
  readonly heads = createReadyHeads();
  readonly rooms: Readonly<Record<RoomName, Room>> = {
    invoke: createLaneRoom("invoke"),
    judged: createLaneRoom("judged"),
    waiting: createWaitingRoom(),
  };
  readonly expiries = createExpiryIndex(() => this.byHash.size);
  readonly baseFees: Readonly<Record<Lane, BaseFeeIndex>> = {
    invoke: createBaseFeeIndex(() => this.rooms.invoke.count),
    judged: createBaseFeeIndex(() => this.rooms.judged.count),
  };
  readonly patience = createPatience(() => this.rooms.waiting.count);
  /** Authors whose queue changed. The caller clears this set after reading it. */
  readonly touched = createMarked(MARK.touched);
  /** Authors whose next proof may have become runnable. */
  readonly contended = createMarked(MARK.contended);
  /** Authors whose next proof waits for a lower base fee. */
  readonly priced = createMarked(MARK.priced);
  /** Authors with a proof that was runnable and now waits. */
  readonly demoted = createMarked(MARK.demoted);
  readonly #view: () => StateView;
  /**
   * Authors whose entries in the eviction orders (`ends`) are out of date. All authors with
   * `hasStaleFloors` are among them.
   */
  readonly #staleEnds = createMarked(MARK.ends);
  #serial = 0;
  #bytes = 0;

  constructor(view: () => StateView) {
    this.#view = view;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Returns the queue of an account. For an unknown account returns a new queue, which is stored
   * when its first proof is added.
   */
  queueFor(id: AccountId): AuthorQueue {
    const known = this.queues.get(id);
    if (known !== undefined) return known;
    const { nonce, balance } = this.#view().account(id);
    return emptyQueue({ id, nonce, balance });
  }

  queueOf(pending: PendingProof): AuthorQueue {
    const queue = this.queues.get(pending.proof.body.author);
    assert(queue !== undefined, "a pending proof has its author's queue");
    return queue;
  }

  /** Adds a proof at a free nonce as a waiting proof. */
  insert(pending: PendingProof, queue: AuthorQueue): void {
    this.#enqueue(pending, queue);
    this.#beginWaiting(pending, queue);
    this.contended.add(queue);
    this.#change(queue);
  }

  /**
   * Adds a proof as a runnable one. Its nonce MUST be the one after its author's runnable proofs.
   */
  admit(pending: PendingProof, queue: AuthorQueue): void {
    this.#enqueue(pending, queue);
    this.#run(pending, queue);
  }

  /** Replaces a runnable proof by another one with the same nonce, which is runnable too. */
  exchange(old: PendingProof, fresh: PendingProof, queue: AuthorQueue): void {
    const at = placeOf(queue.proofs, old.nonce);
    assert(queue.proofs[at] === old && at < queue.runnable, "what is exchanged is runnable");
    this.#leaveLane(old, queue);
    this.#forget(old, queue);
    queue.proofs[at] = fresh;
    queue.reserved += fresh.proof.body.feeLimit - old.proof.body.feeLimit;
    this.#note(fresh, queue);
    this.#enterLane(fresh, queue);
    queue.hasStaleFloors = true;
    this.#change(queue);
  }

  /**
   * Removes a proof. If the proof was runnable and no block has used its nonce, the author's later
   * runnable proofs become waiting.
   */
  remove(pending: PendingProof, queue: AuthorQueue): void {
    const at = placeOf(queue.proofs, pending.nonce);
    if (pending.status === "judging") this.contend(queue.id);
    if (at >= queue.runnable) this.#endWaiting(pending, queue);
    else if (at === 0 && pending.nonce < queue.nonce) {
      this.#leaveLane(pending, queue);
      queue.runnable -= 1;
      queue.hasStaleFloors = true;
    } else {
      this.demote(queue, at);
      this.#endWaiting(pending, queue);
    }
    dequeue(queue, pending);
    this.#forget(pending, queue);
    this.#change(queue);
  }

  /** Makes the author's first waiting proof runnable. */
  promote(queue: AuthorQueue): void {
    const pending = nextInLine(queue);
    assert(pending?.status === "ready", "what is promoted is the next");
    this.#endWaiting(pending, queue);
    this.#run(pending, queue);
  }

  /**
   * Changes the status or judgement of a waiting proof by `change`, and updates all indices. If the
   * proof may be runnable now, the caller must also call `contend` for its author.
   */
  alter(pending: PendingProof, queue: AuthorQueue, change: () => void): void {
    assert(pending.place === "waiting", "what is judged waits");
    this.rooms.waiting.leave(pending);
    this.#bytes -= heldBytes(pending);
    this.#count(pending, queue, -1);
    change();
    this.rooms.waiting.enter(pending);
    this.#bytes += heldBytes(pending);
    this.#count(pending, queue, 1);
    this.#change(queue);
  }

  /** Restarts the waiting time of a proof. */
  renew(pending: PendingProof): void {
    this.#serial += 1;
    pending.waitingSince = this.#view().next;
    pending.waitingSerial = this.#serial;
    this.patience.note(pending);
    this.#change(this.queueOf(pending));
  }

  /**
   * Marks the authors whose next proof depends on the nonce of an account: the account itself, and
   * the authors of proofs that it cosigned.
   */
  contend(account: Uint8Array): void {
    const own = this.queues.get(account);
    if (own !== undefined) this.contended.add(own);
    for (const pending of this.cosigned.cosignedBy(account)) {
      this.contended.add(this.queueOf(pending));
    }
  }

  /**
   * Updates the eviction orders if those of too many authors are out of date. This bounds the
   * number of such authors even if nothing is evicted for a long time.
   */
  tidyEnds(): void {
    if (this.#staleEnds.all.length > STALE_MAX) this.trueEnds();
  }

  /**
   * Updates the floors of all proofs (lowest price among a proof and its author's earlier ones) and
   * all eviction orders. MUST be called before a proof to evict is chosen.
   */
  trueEnds(): void {
    const { invoke, judged, waiting } = this.rooms;
    for (const queue of this.#staleEnds.all) {
      if (queue.hasStaleFloors) trueFloors(queue);
      invoke.note(queue);
      judged.note(queue);
      waiting.note(queue);
    }
    this.#staleEnds.clear();
  }

  /**
   * Returns the floor of a proof: the lowest price among it and the proofs before index `at` of the
   * queue. Those proofs are runnable.
   */
  floorAt(pending: PendingProof, queue: AuthorQueue, at: number): Price {
    if (queue.hasStaleFloors) trueFloors(queue);
    return lesser(pending, at === 0 ? undefined : queue.proofs[at - 1]);
  }

  /**
   * Whether a proof of which this account is the author uses the account's next nonce. Only
   * runnable proofs and proofs that the Judge is judging count.
   */
  holdsOwnNonce(account: Uint8Array): boolean {
    const queue = this.queues.get(account);
    return queue !== undefined && (queue.runnable > 0 || isReserved(queue));
  }

  /** Makes all runnable proofs from index `from` on waiting. */
  demote(queue: AuthorQueue, from: number): void {
    const behind = queue.proofs.slice(from, queue.runnable);
    for (const pending of behind) this.#leaveLane(pending, queue);
    queue.runnable = from;
    for (const pending of behind) this.#beginWaiting(pending, queue);
    this.demoted.add(queue);
    this.contended.add(queue);
    if (from === 0) this.contend(queue.id);
    this.#change(queue);
  }

  #enqueue(pending: PendingProof, queue: AuthorQueue): void {
    if (queue.proofs.length === 0) this.queues.put(queue);
    enqueue(queue, pending);
    this.#note(pending, queue);
  }

  #run(pending: PendingProof, queue: AuthorQueue): void {
    assert(nextInLine(queue) === pending, "what runs is the next");
    pending.floor = this.floorAt(pending, queue, queue.runnable);
    queue.runnable += 1;
    this.#enterLane(pending, queue);
    if (nextInLine(queue) !== undefined) this.contended.add(queue);
    this.#change(queue);
  }

  #note(pending: PendingProof, queue: AuthorQueue): void {
    if (wasJudged(pending)) queue.judged += 1;
    this.byHash.put(pending);
    this.#bytes += heldBytes(pending);
    this.expiries.note(pending);
    this.cosigned.add(pending);
  }

  #forget(pending: PendingProof, queue: AuthorQueue): void {
    if (wasJudged(pending)) queue.judged -= 1;
    pending.isGone = true;
    this.byHash.delete(pending.hash);
    this.#bytes -= heldBytes(pending);
    this.cosigned.remove(pending);
  }

  #beginWaiting(pending: PendingProof, queue: AuthorQueue): void {
    this.#serial += 1;
    pending.place = "waiting";
    pending.waitingSince = this.#view().next;
    pending.waitingSerial = this.#serial;
    this.rooms.waiting.enter(pending);
    queue.waitingPlaces += placesOf(pending);
    this.patience.note(pending);
  }

  #endWaiting(pending: PendingProof, queue: AuthorQueue): void {
    this.rooms.waiting.leave(pending);
    if (pending.status !== "judging") queue.waitingPlaces -= placesOf(pending);
  }

  #enterLane(pending: PendingProof, queue: AuthorQueue): void {
    const lane = laneOf(pending);
    pending.place = "runnable";
    queue.invokes += isInvoke(lane);
    this.rooms[lane].enter(pending);
    this.baseFees[lane].note(pending);
    this.cosigned.claim(pending);
    for (const { account } of cosignersOf(pending)) {
      const own = this.queues.get(account);
      if (own !== undefined) this.touched.add(own);
    }
  }

  #leaveLane(pending: PendingProof, queue: AuthorQueue): void {
    const lane = laneOf(pending);
    queue.invokes -= isInvoke(lane);
    this.rooms[lane].leave(pending);
    this.cosigned.release(pending);
    for (const { account } of cosignersOf(pending)) this.contend(account);
  }

  /**
   * Adds a waiting proof to the counts of its queue (`judged` and `waitingPlaces`), or subtracts it
   * from them.
   */
  #count(pending: PendingProof, queue: AuthorQueue, sign: 1 | -1): void {
    if (wasJudged(pending)) queue.judged += sign;
    if (pending.status !== "judging") queue.waitingPlaces += sign * placesOf(pending);
  }

  #change(queue: AuthorQueue): void {
    this.touched.add(queue);
    this.#staleEnds.add(queue);
  }
}

/**
 * Most authors with outdated eviction orders. An update takes as long for an author that changed
 * often as for one that changed once.
 */
const STALE_MAX = 1_024;

/**
 * Whether the author's next nonce belongs to a proof that the Judge is judging. No block has
 * charged for this proof yet.
 */
export function isReserved({ proofs, nonce }: AuthorQueue): boolean {
  const [first] = proofs;
  return first?.status === "judging" && first.nonce === nonce;
}

function trueFloors(queue: AuthorQueue): void {
  let before: PendingProof | undefined;
  for (const pending of queue.proofs.slice(0, queue.runnable)) {
    pending.floor = lesser(pending, before);
    before = pending;
  }
  queue.hasStaleFloors = false;
}

function lesser({ offer: { price } }: PendingProof, before: PendingProof | undefined): Price {
  return before === undefined || isAtLeast(before.floor, price) ? price : before.floor;
}

function isInvoke(lane: Lane): 0 | 1 {
  return lane === "invoke" ? 1 : 0;
}
