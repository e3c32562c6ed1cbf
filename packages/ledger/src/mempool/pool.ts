import {
  type AccountId,
  assert,
  type Digest,
  type Proof,
  type ProofBody,
  type Sequence,
  type StateChange,
  toAmount,
  toNonce,
  toSequence,
} from "@aethel/models";
import { accountCoding } from "../account-coding.ts";
import { measureProof, refuseExpired, refuseMalformed } from "../admission.ts";
import { createDraft, type Draft } from "../draft.ts";
import { findCalled } from "../invoke.ts";
import type { Judgement } from "../ports.ts";
import { refusal } from "../refusal.ts";
import type { LedgerState } from "../state.ts";
import { type Account, KEY_KIND, stateKey } from "../state-layout.ts";
import {
  type AuthorQueue,
  dequeue,
  emptyQueue,
  enqueue,
  headOf,
  nextToJudge,
  proofAt,
} from "./author-queue.ts";
import { createCosignerIndex } from "./cosigner-index.ts";
import { createDigestTable } from "./digest-table.ts";
import { createEviction, type Eviction, type Wanted } from "./eviction.ts";
import { createExpiryIndex, type ExpiryIndex } from "./expiry-index.ts";
import { createJudgingLine } from "./judging-line.ts";
import type { Added, createMempool, Dropped, Mempool, SubmitRefusal } from "./mempool.ts";
import { createPending, heldBytes, type PendingProof } from "./pending.ts";
import { createReadyHeads } from "./ready-heads.ts";
import { refusalOf, unaffordable } from "./refusals.ts";
import { type Serving, serve } from "./serving.ts";
import { createUnpaidJudgings, wasJudged } from "./unpaid-judgings.ts";

const ABSTENTIONS_MAX = 3;

type Options = Parameters<typeof createMempool>[0];

/** What `createMempool` gives. Everything in it is bounded by the proofs that wait. @internal */
export class Pool implements Mempool {
  readonly #options: Options;
  readonly #byHash = createDigestTable<PendingProof>(({ hash }) => hash);
  /** Of authors with something that waits, or is with the Judge. */
  readonly #queues = createDigestTable<AuthorQueue>(({ id }) => id);
  readonly #toJudge = createJudgingLine();
  readonly #ready = createReadyHeads();
  /** Authors whose head a leader could not include on this state. */
  readonly #stuck = new Set<AuthorQueue>();
  readonly #cosigned = createCosignerIndex();
  readonly #unpaid = createUnpaidJudgings();
  readonly #expiries: ExpiryIndex;
  readonly #eviction: Eviction;
  #state: LedgerState;
  #next: Sequence;
  /** Intents of the state, decoded once. */
  #view: Draft;
  #bytes = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#state = options.state;
    this.#next = toSequence(options.state.header.sequence + 1);
    this.#view = createDraft(options.state.tree);
    const count = (): number => this.#byHash.size;
    this.#expiries = createExpiryIndex(count);
    const queueOf = (pending: PendingProof): AuthorQueue | undefined =>
      this.#queues.get(pending.proof.body.author);
    this.#eviction = createEviction({ queueOf, count });
  }

  get count(): number {
    return this.#byHash.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(hash: Digest): PendingProof | undefined {
    return this.#byHash.get(hash);
  }

  hasReady(): boolean {
    this.#rest();
    return this.#ready.size > 0;
  }

  add(proof: Proof): Added {
    const sized = measureProof(proof);
    const { hash } = sized;
    if (this.get(hash) !== undefined) return refused("duplicate", "the same proof waits already");
    const malformed =
      refuseMalformed(sized, this.#state, this.#options.checkProof) ??
      refuseExpired(proof.body, this.#next);
    if (malformed !== undefined) return { type: "refused", ...malformed };

    const { author } = proof.body;
    const queue = this.#queues.get(author) ?? this.#newQueue(author);
    const replaced = proofAt(queue, proof.body.nonce);
    const unwelcome =
      this.#refuseOnAccount(proof, queue, replaced) ??
      this.#refuseOnQuota(proof.body, queue, replaced);
    if (unwelcome !== undefined) return { type: "refused", ...unwelcome };

    const pending = createPending(sized);
    const evicted = this.#makeRoom(pending, queue, replaced);
    if (evicted === undefined) {
      return refused("pool-full", `${this.count} proofs, ${this.#bytes} bytes wait`);
    }
    if (replaced !== undefined) {
      if (wasJudged(replaced)) this.#unpaid.note(author);
      this.#remove(replaced, queue);
    }
    this.#insert(pending, queue);
    return { type: "accepted", hash, replaced: replaced?.hash, evicted };
  }

  takeToJudge(): PendingProof | undefined {
    for (let queue = this.#toJudge.take(); queue !== undefined; queue = this.#toJudge.take()) {
      const pending = nextToJudge(queue);
      if (pending === undefined) continue;
      pending.status = "judging";
      queue.isJudging = true;
      return pending;
    }
    return undefined;
  }

  settle(pending: PendingProof, judgement: Judgement): readonly Dropped[] {
    if (judgement.type === "rejected") this.#unpaid.note(pending.proof.body.author);
    const queue = this.#queues.get(pending.proof.body.author);
    if (queue === undefined) return [];
    queue.isJudging = false;
    const dropped = this.#settled(pending, queue, judgement);
    this.#refresh(queue);
    return dropped;
  }

  serve(): Serving {
    this.#rest();
    return serve({
      heads: this.#ready,
      parameters: this.#state.parameters,
      isServable: (pending) => this.#isServable(pending),
      onSkipped: (queue, pending) => {
        pending.stuckAt = this.#state.header.sequence;
        this.#stuck.add(queue);
      },
    });
  }

  update(state: LedgerState, changes?: readonly StateChange[]): readonly Dropped[] {
    this.#state = state;
    this.#next = toSequence(state.header.sequence + 1);
    this.#view = createDraft(state.tree);
    this.#unpaid.forget();
    const { touched, doubtful } =
      changes === undefined
        ? { touched: [], doubtful: new Set(this.#queues.values()) }
        : this.#touchedBy(changes);
    const dropped: Dropped[] = [];
    for (const queue of new Set([...touched, ...doubtful, ...this.#stuck])) {
      const { nonce, balance } = this.#account(queue.id);
      queue.nonce = nonce;
      queue.balance = balance;
      this.#dropUsed(queue, dropped);
      if (doubtful.has(queue) || queue.reserved > balance) this.#dropFrom(queue, dropped);
      this.#refresh(queue);
    }
    this.#stuck.clear();
    return dropped;
  }

  /** Authors whose account a block changed; and those with something expired, or cosigned by one. */
  #touchedBy(changes: readonly StateChange[]): {
    readonly touched: readonly AuthorQueue[];
    readonly doubtful: ReadonlySet<AuthorQueue>;
  } {
    const touched: AuthorQueue[] = [];
    const doubtful = new Set<AuthorQueue>();
    for (const { key } of changes) {
      if (key[0] !== KEY_KIND.account) continue;
      const account = key.subarray(1);
      const queue = this.#queues.get(account);
      if (queue !== undefined) touched.push(queue);
      for (const pending of this.#cosigned.cosignedBy(account))
        doubtful.add(this.#queueOf(pending));
    }
    for (const pending of this.#expiries.expiredAt(this.#next)) {
      doubtful.add(this.#queueOf(pending));
    }
    return { touched, doubtful };
  }

  /** What a block has used stands in front; what comes after need not be looked at for it. */
  #dropUsed(queue: AuthorQueue, dropped: Dropped[]): void {
    const { proofs, nonce } = queue;
    for (let [first] = proofs; first !== undefined && first.nonce < nonce; [first] = proofs) {
      const { body } = first.proof;
      const reason = refuseExpired(body, this.#next) ?? this.#refuseOnNonces(body, nonce);
      assert(reason !== undefined, "a used nonce is refused");
      this.#remove(first, queue);
      dropped.push({ hash: first.hash, refusal: reason });
    }
  }

  /** What expired, what a cosigner used up, and what the balance does not reach to. */
  #dropFrom(queue: AuthorQueue, dropped: Dropped[]): void {
    let reserved = 0n;
    for (const pending of queue.proofs.slice()) {
      const { body } = pending.proof;
      const needed = reserved + body.feeLimit;
      const reason =
        refuseExpired(body, this.#next) ??
        this.#refuseOnNonces(body, queue.nonce) ??
        (needed > queue.balance ? unaffordable(queue.balance, needed) : undefined);
      if (reason === undefined) {
        reserved = needed;
        continue;
      }
      this.#remove(pending, queue);
      dropped.push({ hash: pending.hash, refusal: reason });
    }
  }

  #settled(pending: PendingProof, queue: AuthorQueue, judgement: Judgement): readonly Dropped[] {
    // It may have been replaced, or have come in with a block, while the Judge was at it.
    if (pending.isGone) return [];
    if (judgement.type === "judged") {
      pending.status = "ready";
      this.#bytes -= heldBytes(pending);
      pending.judgement = judgement;
      this.#bytes += heldBytes(pending);
      return this.#fit(pending, queue);
    }
    pending.abstentions += judgement.type === "abstained" ? 1 : 0;
    pending.status = "waiting";
    if (judgement.type === "abstained" && pending.abstentions < ABSTENTIONS_MAX) return [];
    this.#remove(pending, queue);
    return [{ hash: pending.hash, refusal: refusalOf(judgement) }];
  }

  /** A certificate waits with its proof: where there is no room for it, what pays less goes. */
  #fit(pending: PendingProof, queue: AuthorQueue): readonly Dropped[] {
    const bytes = this.#bytes - this.#options.limits.bytesMax;
    if (bytes <= 0) return [];
    const reason = refusal("pool-full", `${heldBytes(pending)} bytes of proof and certificate`);
    const gone = this.#giveUp({ newcomer: pending, queue, spared: pending, count: 0, bytes });
    if (gone !== undefined) return gone.map((hash) => ({ hash, refusal: reason }));
    this.#unpaid.note(queue.id);
    this.#remove(pending, queue);
    return [{ hash: pending.hash, refusal: reason }];
  }

  /** In the order of DESIGN §4: balance, then nonces; what an invoke calls comes last. */
  #refuseOnAccount(
    { body }: Proof,
    queue: AuthorQueue,
    replaced: PendingProof | undefined,
  ): SubmitRefusal | undefined {
    const needed = queue.reserved - (replaced?.proof.body.feeLimit ?? 0n) + body.feeLimit;
    if (queue.balance < needed) return unaffordable(queue.balance, needed);
    const onNonces = this.#refuseOnNonces(body, queue.nonce);
    if (onNonces !== undefined) return onNonces;
    if (body.nonce >= queue.nonce + this.#options.limits.perAuthorMax) {
      return refusal("nonce-gap", `the nonce ${body.nonce} is too far from ${queue.nonce}`);
    }
    if (body.type !== "invoke") return undefined;
    const called = findCalled(body, this.#view, this.#options.programs);
    if (!("code" in called)) return undefined;
    // What was looked for in vain is not remembered: anybody could fill the memory with it.
    if (called.code === "unknown-intent") this.#view = createDraft(this.#state.tree);
    return called;
  }

  #refuseOnNonces(body: ProofBody, nonce: number): SubmitRefusal | undefined {
    if (body.nonce < nonce) {
      return refusal("nonce-used", `the nonce ${body.nonce} is used, the next is ${nonce}`);
    }
    if (body.type !== "invoke") return undefined;
    const used = body.cosigners.find((one) => one.nonce < this.#account(one.account).nonce);
    if (used === undefined) return undefined;
    return refusal("cosigner-nonce", `the cosigner's nonce ${used.nonce} is used`);
  }

  #refuseOnQuota(
    body: ProofBody,
    queue: AuthorQueue,
    replaced: PendingProof | undefined,
  ): SubmitRefusal | undefined {
    const { limits } = this.#options;
    const isWork = body.type !== "invoke" || (replaced !== undefined && wasJudged(replaced));
    const unpaid = this.#unpaid.of(body.author);
    if (isWork && unpaid >= limits.rejectedMax) {
      return refusal("too-many-rejected", `${unpaid} judgings of the author were for nothing`);
    }
    if (replaced === undefined) {
      const own = queue.proofs.length;
      if (own < limits.perAuthorMax) return undefined;
      return refusal("author-quota", `the author has ${own} proofs waiting`);
    }
    const old = replaced.proof.body.feeLimit;
    if (body.feeLimit * 10n >= old * 11n) return undefined;
    return refusal("replacement-fee", `${body.feeLimit} is not a tenth above ${old}`);
  }

  /** Gives up what pays less. Undefined: nothing does, and nothing was given up. */
  #makeRoom(
    pending: PendingProof,
    queue: AuthorQueue,
    replaced: PendingProof | undefined,
  ): readonly Digest[] | undefined {
    const { countMax, bytesMax } = this.#options.limits;
    const count = this.count + (replaced === undefined ? 1 : 0) - countMax;
    const freed = replaced === undefined ? 0 : heldBytes(replaced);
    const bytes = this.#bytes + pending.bytes - freed - bytesMax;
    if (count <= 0 && bytes <= 0) return [];
    return this.#giveUp({ newcomer: pending, queue, spared: replaced, count, bytes });
  }

  #giveUp(wanted: Wanted): readonly Digest[] | undefined {
    return this.#eviction.victims(wanted)?.map((victim) => {
      const its = this.#queueOf(victim);
      this.#remove(victim, its);
      this.#refresh(its);
      return victim.hash;
    });
  }

  #newQueue(id: AccountId): AuthorQueue {
    const { nonce, balance } = this.#account(id);
    return emptyQueue({ id, nonce, balance });
  }

  #queueOf(pending: PendingProof): AuthorQueue {
    const queue = this.#queues.get(pending.proof.body.author);
    assert(queue !== undefined, "a pending proof has its author's queue");
    return queue;
  }

  #insert(pending: PendingProof, queue: AuthorQueue): void {
    if (queue.proofs.length === 0) this.#queues.put(queue);
    enqueue(queue, pending);
    this.#byHash.put(pending);
    this.#bytes += pending.bytes;
    this.#expiries.note(pending);
    this.#eviction.note(pending);
    this.#cosigned.add(pending);
    this.#refresh(queue);
  }

  /** Refresh the queue afterwards. */
  #remove(pending: PendingProof, queue: AuthorQueue): void {
    dequeue(queue, pending);
    pending.isGone = true;
    this.#byHash.delete(pending.hash);
    this.#bytes -= heldBytes(pending);
    this.#cosigned.remove(pending);
  }

  /** After any change of an author's queue. */
  #refresh(queue: AuthorQueue): void {
    if (!queue.isJudging && nextToJudge(queue) !== undefined) this.#toJudge.join(queue);
    else this.#toJudge.leave(queue);
    const head = headOf(queue);
    this.#ready.offer(queue, head !== undefined && this.#isServable(head) ? head : undefined);
    if (queue.proofs.length > 0 || queue.isJudging) return;
    this.#stuck.delete(queue);
    this.#queues.delete(queue.id);
  }

  /** What could not be included stays out of the lanes from when they are not walked along. */
  #rest(): void {
    for (const queue of this.#stuck) this.#refresh(queue);
  }

  #isServable(pending: PendingProof): boolean {
    if (pending.status !== "ready" || pending.stuckAt === this.#state.header.sequence) return false;
    return (pending.judgement?.milliseconds ?? 0) <= this.#options.limits.proposableMs;
  }

  #account(id: AccountId): Account {
    const bytes = this.#state.tree.get(stateKey.account(id));
    return bytes === undefined ? NOBODY : accountCoding.decode(bytes);
  }
}

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

function refused(code: SubmitRefusal["code"], message: string): Added {
  return { type: "refused", code, message };
}
