import {
  type AccountId,
  assert,
  type Digest,
  type Proof,
  type ProofBody,
  type StateChange,
  toAmount,
  toNonce,
  toSequence,
} from "@aethel/models";
import { refuseExpired, refuseMalformed, type SizedProof, sizedProof } from "./admission.ts";
import {
  type AuthorQueue,
  dequeue,
  emptyQueue,
  enqueue,
  headOf,
  inNonceOrder,
  nextToJudge,
} from "./author-queue.ts";
import { createDraft, type Draft } from "./draft.ts";
import { createEviction, type Eviction } from "./eviction.ts";
import { createExpiryIndex } from "./expiry-index.ts";
import { findCalled } from "./invoke.ts";
import { keyName } from "./key-name.ts";
import type { Added, createMempool, Dropped, Mempool, SubmitRefusal } from "./mempool.ts";
import { type PendingProof, paysTenthMore } from "./pending.ts";
import type { Judgement } from "./ports.ts";
import { refusal } from "./refusal.ts";
import { type Serving, serve } from "./serving.ts";
import type { LedgerState } from "./state.ts";
import { Account, KEY_KIND, stateKey } from "./state-layout.ts";

const ABSTENTIONS_MAX = 3;

type Options = Parameters<typeof createMempool>[0];

/** What `createMempool` gives. Every map is bounded by the proofs that wait. @internal */
export class Pool implements Mempool {
  readonly #options: Options;
  readonly #byName = new Map<string, PendingProof>();
  readonly #queues = new Map<string, AuthorQueue>();
  /** Authors whose next proof the Judge could take, in the order in which they came. */
  readonly #toJudge = new Set<string>();
  /** Authors of whom a proof is with the Judge, be it that another has replaced it since. */
  readonly #judging = new Set<string>();
  /** Authors whose head could be in the next block. */
  readonly #ready = new Set<string>();
  /** Authors whose head a leader could not include on this state. */
  readonly #stuck = new Set<string>();
  /** Proofs by each account that cosigns them. */
  readonly #cosigned = new Map<string, Set<PendingProof>>();
  /** How many proofs of an author the Judge rejected on this state. */
  readonly #rejected = new Map<string, number>();
  readonly #expiries = createExpiryIndex();
  readonly #eviction: Eviction;
  #state: LedgerState;
  /** Intents of the state, decoded once. */
  #view: Draft;
  #bytes = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#state = options.state;
    this.#view = createDraft(options.state.tree);
    this.#eviction = createEviction({
      isWaiting: (pending) => this.#byName.get(pending.name) === pending,
      queueOf: (pending) => this.#queues.get(pending.author),
      count: () => this.#byName.size,
    });
  }

  get count(): number {
    return this.#byName.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(hash: Digest): PendingProof | undefined {
    return this.#byName.get(keyName(hash));
  }

  hasReady(): boolean {
    return this.#ready.size > 0;
  }

  add(proof: Proof): Added {
    const sized = sizedProof(proof);
    const { hash, bytes } = sized;
    const name = keyName(hash);
    if (this.#byName.has(name)) return refused("duplicate", "the same proof waits already");
    const malformed =
      refuseMalformed(sized, this.#state, this.#options.checkProof) ??
      refuseExpired(proof.body, toSequence(this.#state.header.sequence + 1));
    if (malformed !== undefined) return { type: "refused", ...malformed };

    const author = keyName(proof.body.author);
    const queue = this.#queues.get(author) ?? this.#newQueue(author, proof.body.author);
    const replaced = queue.byNonce.get(proof.body.nonce);
    const unwelcome =
      this.#refuseOnAccount(proof, queue, replaced) ?? this.#refuseOnQuota(sized, queue, replaced);
    if (unwelcome !== undefined) return { type: "refused", ...unwelcome };

    const status = proof.body.type === "invoke" ? "ready" : "waiting";
    const fresh = { judgement: undefined, abstentions: 0, stuckAt: undefined };
    const pending: PendingProof = { proof, hash, name, author, bytes, status, ...fresh };
    const evicted = this.#makeRoom(pending, queue, replaced);
    if (evicted === undefined) {
      return refused("pool-full", `${this.count} proofs, ${this.#bytes} bytes wait`);
    }
    if (replaced !== undefined) this.#remove(replaced);
    this.#insert(pending, queue);
    const gone = evicted.map((one) => one.hash);
    return { type: "accepted", hash, replaced: replaced?.hash, evicted: gone };
  }

  takeToJudge(): PendingProof | undefined {
    for (const author of this.#toJudge) {
      this.#toJudge.delete(author);
      const queue = this.#queues.get(author);
      const pending = queue === undefined ? undefined : nextToJudge(queue);
      if (pending === undefined) continue;
      pending.status = "judging";
      this.#judging.add(author);
      return pending;
    }
    return undefined;
  }

  settle(pending: PendingProof, judgement: Judgement): SubmitRefusal | undefined {
    this.#judging.delete(pending.author);
    const dropped = this.#settled(pending, judgement);
    this.#refresh(pending.author);
    return dropped;
  }

  serve(): Serving {
    return serve({
      queues: [...this.#ready].flatMap((author) => this.#queues.get(author) ?? []),
      parameters: this.#state.parameters,
      isServable: (pending) => this.#isServable(pending),
      onSkipped: (pending) => {
        pending.stuckAt = this.#state.header.sequence;
        this.#stuck.add(pending.author);
        this.#refresh(pending.author);
      },
    });
  }

  update(state: LedgerState, changes?: readonly StateChange[]): readonly Dropped[] {
    this.#state = state;
    this.#view = createDraft(state.tree);
    this.#rejected.clear();
    const touched =
      changes === undefined ? new Set(this.#queues.keys()) : this.#touchedBy(changes, state);
    for (const author of this.#stuck) touched.add(author);
    this.#stuck.clear();
    const dropped: Dropped[] = [];
    for (const author of touched) {
      const queue = this.#queues.get(author);
      if (queue === undefined) continue;
      const { nonce, balance } = this.#account(queue.id);
      queue.nonce = nonce;
      queue.balance = balance;
      dropped.push(...this.#dropFrom(queue));
      this.#refresh(author);
    }
    return dropped;
  }

  /** Authors for whom a block can have changed something. */
  #touchedBy(changes: readonly StateChange[], state: LedgerState): Set<string> {
    const touched = new Set<string>();
    for (const { key } of changes) {
      if (key[0] !== KEY_KIND.account) continue;
      const name = keyName(key.subarray(1));
      if (this.#queues.has(name)) touched.add(name);
      for (const pending of this.#cosigned.get(name) ?? []) touched.add(pending.author);
    }
    const next = toSequence(state.header.sequence + 1);
    for (const pending of this.#expiries.expiredAt(next)) touched.add(pending.author);
    return touched;
  }

  #dropFrom(queue: AuthorQueue): readonly Dropped[] {
    const dropped: Dropped[] = [];
    const next = toSequence(this.#state.header.sequence + 1);
    let reserved = 0n;
    for (const pending of inNonceOrder(queue)) {
      const { body } = pending.proof;
      const needed = reserved + body.feeLimit;
      const reason =
        refuseExpired(body, next) ??
        this.#refuseOnNonces(body, queue.nonce) ??
        (needed > queue.balance ? unaffordable(queue.balance, needed) : undefined);
      if (reason === undefined) {
        reserved = needed;
        continue;
      }
      this.#remove(pending);
      dropped.push({ hash: pending.hash, refusal: reason });
    }
    return dropped;
  }

  #settled(pending: PendingProof, judgement: Judgement): SubmitRefusal | undefined {
    if (judgement.type === "rejected") {
      const { author } = pending;
      this.#rejected.set(author, (this.#rejected.get(author) ?? 0) + 1);
    }
    // It may have been replaced, or have come in with a block, while the Judge was at it.
    if (this.#byName.get(pending.name) !== pending) return undefined;
    if (judgement.type === "judged") {
      pending.status = "ready";
      pending.judgement = judgement;
      return undefined;
    }
    pending.abstentions += judgement.type === "abstained" ? 1 : 0;
    pending.status = "waiting";
    if (judgement.type === "abstained" && pending.abstentions < ABSTENTIONS_MAX) return undefined;
    this.#remove(pending);
    if (judgement.type === "abstained") {
      return refusal("abstained", `the Judge abstained: ${judgement.reason}`);
    }
    const [first] = judgement.diagnostics;
    const message = first === undefined ? "rejected" : `${first.code}: ${first.message}`;
    return refusal("rejected", message);
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
    { proof: { body } }: SizedProof,
    queue: AuthorQueue,
    replaced: PendingProof | undefined,
  ): SubmitRefusal | undefined {
    const { limits } = this.#options;
    const rejected = this.#rejected.get(queue.author) ?? 0;
    if (body.type !== "invoke" && rejected >= limits.rejectedMax) {
      return refusal("too-many-rejected", `${rejected} proofs of the author were rejected`);
    }
    if (replaced === undefined) {
      const own = queue.byNonce.size;
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
  ): readonly PendingProof[] | undefined {
    const { countMax, bytesMax } = this.#options.limits;
    const count = this.count + (replaced === undefined ? 1 : 0) - countMax;
    const bytes = this.#bytes + pending.bytes - (replaced?.bytes ?? 0) - bytesMax;
    if (count <= 0 && bytes <= 0) return [];
    // It cannot run before the author's earlier ones, so it counts as the cheapest of them.
    const newcomer = inNonceOrder(queue)
      .filter(({ proof }) => proof.body.nonce < pending.proof.body.nonce)
      .reduce((low, one) => (paysTenthMore(low, one) ? one : low), pending);
    const victims = this.#eviction.victims({ newcomer, count, bytes });
    for (const victim of victims ?? []) {
      this.#remove(victim);
      this.#refresh(victim.author);
    }
    return victims;
  }

  #newQueue(author: string, id: AccountId): AuthorQueue {
    const { nonce, balance } = this.#account(id);
    return emptyQueue({ author, id, nonce, balance });
  }

  #insert(pending: PendingProof, queue: AuthorQueue): void {
    this.#queues.set(pending.author, queue);
    enqueue(queue, pending);
    this.#byName.set(pending.name, pending);
    this.#bytes += pending.bytes;
    this.#expiries.add(pending);
    this.#eviction.note(pending);
    for (const cosigner of cosignersOf(pending)) {
      const known = this.#cosigned.get(cosigner) ?? new Set();
      this.#cosigned.set(cosigner, known.add(pending));
    }
    this.#refresh(pending.author);
  }

  #remove(pending: PendingProof): void {
    const queue = this.#queues.get(pending.author);
    assert(queue !== undefined, "a pending proof has its author's queue");
    dequeue(queue, pending);
    this.#byName.delete(pending.name);
    this.#bytes -= pending.bytes;
    this.#expiries.remove(pending);
    for (const cosigner of cosignersOf(pending)) {
      const known = this.#cosigned.get(cosigner);
      known?.delete(pending);
      if (known?.size === 0) this.#cosigned.delete(cosigner);
    }
    if (queue.byNonce.size === 0) this.#queues.delete(pending.author);
  }

  /** After any change of an author's queue. */
  #refresh(author: string): void {
    const queue = this.#queues.get(author);
    const isFree = queue !== undefined && !this.#judging.has(author);
    if (isFree && nextToJudge(queue) !== undefined) this.#toJudge.add(author);
    else this.#toJudge.delete(author);
    const head = queue === undefined ? undefined : headOf(queue);
    if (head !== undefined && this.#isServable(head)) this.#ready.add(author);
    else this.#ready.delete(author);
  }

  #isServable(pending: PendingProof): boolean {
    if (pending.status !== "ready" || pending.stuckAt === this.#state.header.sequence) return false;
    return (pending.judgement?.milliseconds ?? 0) <= this.#options.limits.proposableMs;
  }

  #account(id: AccountId): Account {
    const bytes = this.#state.tree.get(stateKey.account(id));
    return bytes === undefined ? NOBODY : Account.decode(bytes);
  }
}

const NOBODY: Account = { balance: toAmount(0n), nonce: toNonce(0) };

function cosignersOf({ proof: { body } }: PendingProof): readonly string[] {
  if (body.type !== "invoke" || body.cosigners.length === 0) return [];
  return body.cosigners.map(({ account }) => keyName(account));
}

function unaffordable(balance: bigint, needed: bigint): SubmitRefusal {
  return refusal("balance", `the author has ${balance} of ${needed} micro-tokens`);
}

function refused(code: SubmitRefusal["code"], message: string): Added {
  return { type: "refused", code, message };
}
