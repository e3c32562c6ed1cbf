import { type AccountId, assert, type Digest, type Proof } from "@aethel/models";
import { refuseSignatures, type SizedProof, sizedProof } from "../admission/admission.ts";
import { floorsOf } from "../fees/price.ts";
import type { Reckoned } from "../fees/whole-limit.ts";
import { type BlockRoom, untouchedRoom } from "../metering/block-room.ts";
import { type AuthorQueue, freeNonce, nextInLine, proofAt } from "../pending/author-queue.ts";
import { Contents } from "../pending/contents.ts";
import { createJudgingLine } from "../pending/judging-line.ts";
import {
  createPending,
  inherit,
  laneOf,
  type PendingProof,
  wasJudged,
} from "../pending/pending.ts";
import { createStateView, type StateView } from "../pending/state-view.ts";
import { createUnpaidJudgings } from "../pending/unpaid-judgings.ts";
import type { Judgement } from "../programs/judge-port.ts";
import { refusal } from "../results/refusal.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { findAffected } from "./affected.ts";
import {
  type AtDoor,
  readOffer,
  refuseAfterBlock,
  refuseOnAccount,
  refuseOnSpace,
  refuseOnWork,
} from "./door.ts";
import type { Added, BlockEffects, Dropped, Mempool, MempoolOptions } from "./mempool.ts";
import { createPlacement, type Placement } from "./placement.ts";
import { refusalOf, waitedTooLong } from "./refusals.ts";
import { findSeat, type Seat } from "./seat.ts";
import { type Serving, serve } from "./serving.ts";
import type { SubmitRefusal } from "./submit-refusal.ts";
import { costOfChecks, noteSigners, reckonUnsigned } from "./unsigned.ts";

const ABSTENTIONS_MAX = 3;

const NOTHING: readonly never[] = [];

/** Proof that is refused for nothing but perhaps its signatures, its program or its price. */
interface Unsigned {
  readonly reckoned: Reckoned;
  readonly queue: AuthorQueue;
  readonly replaced: PendingProof | undefined;
}

/**
 * Mempool that `createMempool` creates. Its memory is proportional to the proofs that it holds.
 * @internal
 */
export class Pool implements Mempool {
  readonly #options: MempoolOptions;
  readonly #contents: Contents;
  readonly #placement: Placement;
  readonly #toJudge = createJudgingLine();
  readonly #unpaid = createUnpaidJudgings();
  /** Authors whose first proof failed on the current state when a leader tried to include it. */
  readonly #stuck = new Set<AuthorQueue>();
  #view: StateView;
  /** Proofs that were dropped during the current method call. */
  #dropped: Dropped[] = [];

  constructor(options: MempoolOptions) {
    this.#options = options;
    this.#view = createStateView(options.state);
    const view = (): StateView => this.#view;
    this.#contents = new Contents(view);
    this.#placement = createPlacement({
      contents: this.#contents,
      view,
      limits: options.limits,
      onNoRoom: (pending) =>
        this.#drop(
          pending,
          refusal("pool-full", "the mempool has no room for it, and all others pay more"),
        ),
    });
  }

  get count(): number {
    return this.#contents.byHash.size;
  }

  get waiting(): number {
    return this.#contents.rooms.waiting.count;
  }

  get bytes(): number {
    return this.#contents.bytes;
  }

  get(hash: Digest): PendingProof | undefined {
    return this.#contents.byHash.get(hash);
  }

  hasReady(): boolean {
    this.#rest();
    return this.#contents.heads.size > 0;
  }

  hasPriced(): boolean {
    const { baseFees } = this.#view;
    const floors = floorsOf(this.#options.state.parameters);
    const isAbove = baseFees.invoke > floors.invoke || baseFees.judged > floors.judged;
    return isAbove && this.#contents.priced.all.length > 0;
  }

  pendingNonce(account: AccountId): number {
    const { nonce } = this.#view.account(account);
    const isClaimed = this.#contents.cosigned.claimOn(account) !== undefined;
    const from = isClaimed ? nonce + 1 : nonce;
    const queue = this.#contents.queues.get(account);
    return queue === undefined ? from : freeNonce(queue, from);
  }

  hashes(most: number): readonly Digest[] {
    return this.#contents.byHash.some(most).map(({ hash }) => hash);
  }

  submitCost(proof: Proof): number {
    const checked = this.#checkUnsigned(sizedProof(proof));
    if ("code" in checked) return 0;
    return costOfChecks(proof, this.#view, this.#options.programs);
  }

  add(proof: Proof): Added {
    const sized = sizedProof(proof);
    const { hash } = sized;
    const checked = this.#checkUnsigned(sized);
    if ("code" in checked) return { type: "refused", ...checked };
    noteSigners(proof, this.#view);
    const { reckoned, queue, replaced } = checked;
    const { limits, programs, checkProof } = this.#options;
    const early =
      refuseSignatures(sized, checkProof) ??
      refuseOnSpace({ proof, queue, replaced }, this.#view, limits);
    if (early !== undefined) return { type: "refused", ...early };
    const offer = readOffer(reckoned, this.#view, programs);
    if ("code" in offer) return { type: "refused", ...offer };
    const pending = inherit(createPending(sized, offer), replaced);
    const door = { pending, queue, replaced };
    const unpaid = refuseOnWork(door, limits, this.#unpaid.of(queue.id));
    if (unpaid !== undefined) return { type: "refused", ...unpaid };
    const [contents, placement] = [this.#contents, this.#placement];
    const seat = findSeat(door, { contents, placement, limits });
    if (seat.type === "refused") return seat;
    this.#take(door, seat);
    const dropped = this.#finish();
    const evicted = dropped.length === 0 ? NOTHING : dropped.map((one) => one.hash);
    return { type: "accepted", hash, replaced: replaced?.hash, evicted, dropped };
  }

  /**
   * Makes the checks that need no signature. They only compare the proof with the state and with
   * the proofs of the mempool, and store nothing: nobody has proven yet who the author is.
   */
  #checkUnsigned(sized: SizedProof): SubmitRefusal | Unsigned {
    const { proof, hash } = sized;
    if (this.get(hash) !== undefined) return refusal("duplicate", "the same proof waits already");
    const reckoned = reckonUnsigned(sized, this.#view);
    if ("code" in reckoned) return reckoned;
    const queue = this.#contents.queueFor(proof.body.author);
    const replaced = proofAt(queue, proof.body.nonce);
    const account = { proof, queue, replaced };
    const unpayable = refuseOnAccount(account, this.#view, this.#options.limits);
    return unpayable ?? { reckoned, queue, replaced };
  }

  takeToJudge(): PendingProof | undefined {
    for (let queue = this.#toJudge.take(); queue !== undefined; queue = this.#toJudge.take()) {
      const pending = this.#nextToJudge(queue);
      if (pending === undefined) {
        this.#refresh(queue);
        continue;
      }
      queue.isJudging = true;
      this.#contents.alter(pending, queue, () => {
        pending.status = "judging";
      });
      this.#finish();
      return pending;
    }
    return undefined;
  }

  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[] {
    const queue = this.#contents.queues.get(pending.proof.body.author);
    if (queue === undefined) return [];
    queue.isJudging = false;
    this.#contents.touched.add(queue);
    // It may have left, with a block or its time, while the Judge was at it.
    if (!pending.isGone) this.#settled(pending, queue, judgement);
    this.#contents.contend(queue.id);
    return this.#finish();
  }

  serve(room: BlockRoom = untouchedRoom(this.#view.state.parameters)): Serving {
    this.#rest();
    return serve({
      heads: this.#contents.heads,
      room,
      isServable: (pending) => this.#isServable(pending),
      onSkipped: (queue, pending) => {
        pending.stuckAt = this.#view.state.header.sequence;
        this.#stuck.add(queue);
      },
    });
  }

  update(state: LedgerState, block?: BlockEffects): readonly Dropped[] {
    this.#view = createStateView(state);
    this.#unpaid.tick();
    const isPaid = block?.includes ?? ((): boolean => true);
    const { touched, doubtful } = findAffected(this.#contents, this.#view.next, block?.changes);
    for (const queue of new Set([...touched, ...doubtful])) {
      const { nonce, balance } = this.#view.account(queue.id);
      queue.nonce = nonce;
      queue.balance = balance;
      this.#contents.touched.add(queue);
      this.#contents.contended.add(queue);
      this.#dropUsed(queue, isPaid);
      if (doubtful.has(queue) || queue.reserved > balance) this.#dropRefused(queue);
    }
    this.#moveWithBaseFees();
    this.#dropImpatient();
    for (const queue of this.#stuck) this.#contents.touched.add(queue);
    this.#stuck.clear();
    return this.#finish();
  }

  /**
   * Drops an author's proofs if a block has used their nonces. They are the first ones of the
   * queue.
   */
  #dropUsed(queue: AuthorQueue, isPaid: (hash: Digest) => boolean): void {
    const { proofs, nonce } = queue;
    for (let [first] = proofs; first !== undefined && first.nonce < nonce; [first] = proofs) {
      const reason = refuseAfterBlock(first, queue, this.#view, 0n);
      assert(reason !== undefined, "a used nonce is refused");
      if (!wasJudged(first)) this.#drop(first, reason);
      else if (isPaid(first.hash)) {
        this.#unpaid.pay(queue.id);
        this.#contents.remove(first, queue);
        this.#dropped.push({ hash: first.hash, refusal: reason });
      } else this.#drop(first, reason);
    }
  }

  /**
   * Drops an author's proofs that no block can include any more: the proof expired, a cosigner's
   * nonce in it was used, or the balance does not cover its fee limit together with those of the
   * earlier proofs.
   */
  #dropRefused(queue: AuthorQueue): void {
    let reserved = 0n;
    for (const pending of queue.proofs.slice()) {
      const reason = refuseAfterBlock(pending, queue, this.#view, reserved);
      if (reason === undefined) reserved += pending.proof.body.feeLimit;
      else this.#drop(pending, reason);
    }
  }

  /**
   * Makes runnable proofs wait that pay less than the base fee. Marks the authors of proofs that
   * wait for a lower base fee, so that these proofs are tried again.
   */
  #moveWithBaseFees(): void {
    const { baseFees, priced, contended } = this.#contents;
    for (const lane of ["invoke", "judged"] as const) {
      for (const pending of baseFees[lane].under(this.#view.baseFees[lane])) {
        if (pending.place === "waiting") continue;
        const queue = this.#contents.queueOf(pending);
        this.#contents.demote(queue, queue.proofs.indexOf(pending));
      }
    }
    for (const queue of priced.all)
      if (this.#contents.queues.get(queue.id) === queue) contended.add(queue);
    priced.clear();
  }

  /**
   * Drops proofs that have waited too long. Restarts the waiting time of proofs that the Judge is
   * judging.
   */
  #dropImpatient(): void {
    const { waitingBlocksMax } = this.#options.limits;
    for (const pending of this.#contents.patience.since(this.#view.next - waitingBlocksMax)) {
      if (pending.status === "judging") this.#contents.renew(pending);
      else {
        const { nonce, runnable } = this.#contents.queueOf(pending);
        const [at, blocks] = [nonce + runnable, waitingBlocksMax];
        this.#drop(pending, waitedTooLong(pending, { next: at, blocks, view: this.#view }));
      }
    }
  }

  #settled(pending: PendingProof, queue: AuthorQueue, judgement: Judgement): void {
    const isJudged = judgement.type === "judged";
    this.#contents.alter(pending, queue, () => {
      pending.status = isJudged ? "ready" : "waiting";
      if (isJudged) pending.judgement = judgement;
    });
    if (isJudged) return;
    // Whatever the Judge did, no block will charge for it.
    this.#unpaid.note(queue.id);
    pending.abstentions += judgement.type === "abstained" ? 1 : 0;
    if (judgement.type === "abstained" && pending.abstentions < ABSTENTIONS_MAX) return;
    this.#drop(pending, refusalOf(judgement));
  }

  #take({ pending, queue, replaced }: AtDoor, seat: Exclude<Seat, { type: "refused" }>): void {
    const contents = this.#contents;
    if (seat.type === "runnable") {
      for (const rival of seat.rivals) {
        this.#drop(rival, refusal("displaced", "another proof uses the same nonce and pays more"));
      }
    }
    const isWasted = replaced !== undefined && wasJudged(replaced) && !wasJudged(pending);
    if (isWasted) this.#unpaid.note(queue.id);
    if (replaced?.place === "runnable") contents.exchange(replaced, pending, queue);
    else {
      if (replaced !== undefined) contents.remove(replaced, queue);
      if (seat.type === "runnable") contents.admit(pending, queue);
      else contents.insert(pending, queue);
    }
    const room = refusal("pool-full", "another proof pays more");
    for (const end of seat.room) if (!end.pending.isGone) this.#drop(end.pending, room);
  }

  /**
   * Drops a proof for which no block has charged. If it was judged, counts an unpaid judgement of
   * its author.
   */
  #drop(pending: PendingProof, reason: SubmitRefusal): void {
    const queue = this.#contents.queueOf(pending);
    if (wasJudged(pending)) this.#unpaid.note(queue.id);
    this.#contents.remove(pending, queue);
    this.#dropped.push({ hash: pending.hash, refusal: reason });
  }

  /**
   * Ends a method call: makes proofs runnable and updates the indices. Returns the dropped proofs.
   */
  #finish(): readonly Dropped[] {
    this.#placement.settle();
    this.#contents.tidyEnds();
    for (const queue of this.#contents.touched.all) this.#refresh(queue);
    this.#contents.touched.clear();
    if (this.#dropped.length === 0) return NOTHING;
    const dropped = this.#dropped;
    this.#dropped = [];
    return dropped;
  }

  #refresh(queue: AuthorQueue): void {
    if (this.#nextToJudge(queue) === undefined) this.#toJudge.leave(queue);
    else this.#toJudge.join(queue);
    const [head] = queue.proofs;
    const isOffered = head?.place === "runnable" && this.#isServable(head);
    this.#contents.heads.offer(queue, isOffered ? head : undefined);
    if (queue.proofs.length > 0 || queue.isJudging) return;
    this.#stuck.delete(queue);
    this.#contents.queues.delete(queue.id);
  }

  /**
   * Returns the next proof of an author for the Judge: the first waiting proof, if every nonce
   * before it is present and judged. Returns undefined if there is none. The Judge must not work on
   * a proof for which perhaps no block can charge. There are three kinds of such proofs: those
   * after a missing nonce, those after an invoke (which may spend the balance), and those whose
   * nonce is used by a runnable proof that the author cosigned.
   */
  #nextToJudge(queue: AuthorQueue): PendingProof | undefined {
    if (queue.isJudging || queue.invokes > 0) return undefined;
    if (queue.judged >= this.#options.limits.judgedMax) return undefined;
    const next = nextInLine(queue);
    if (next?.status !== "waiting" || laneOf(next) === "invoke") return undefined;
    if (!this.#view.paysBase(next)) {
      this.#contents.priced.add(queue);
      return undefined;
    }
    const isClaimed =
      queue.runnable === 0 && this.#contents.cosigned.claimOn(queue.id) !== undefined;
    return isClaimed ? undefined : next;
  }

  /**
   * Takes the proofs that a leader could not include out of the lanes. Called only when no block is
   * being served, since the lanes must not change meanwhile.
   */
  #rest(): void {
    for (const queue of this.#stuck) this.#refresh(queue);
  }

  #isServable(pending: PendingProof): boolean {
    return pending.place === "runnable" && pending.stuckAt !== this.#view.state.header.sequence;
  }
}
