import {
  type AccountId,
  assert,
  type Digest,
  fromHex,
  type Proof,
  toAccountId,
  toAmount,
  toHex,
  toNonce,
  toSequence,
} from "@aethel/models";
import { type CheckProof, refuseExpired, refuseMalformed, sizedProof } from "./admission.ts";
import { type AuthorQueue, headOf, inNonceOrder, nextToJudge } from "./author-queue.ts";
import { createDraft } from "./draft.ts";
import { prepareInvoke } from "./invoke.ts";
import type { PendingProof } from "./pending.ts";
import type { Judgement } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { type Refusal, type RefusalCode, refusal } from "./refusal.ts";
import { type Serving, serve } from "./serving.ts";
import type { LedgerState } from "./state.ts";
import { Account, stateKey } from "./state-layout.ts";

/** Why the mempool does not take a proof; the codes of a block, and its own. */
export type SubmitRefusalCode =
  | RefusalCode
  /** The same proof waits already. */
  | "duplicate"
  /** As many proofs or bytes wait as this node holds. */
  | "pool-full"
  /** The author has as many proofs waiting as one may have. */
  | "author-quota"
  /** Another proof has this nonce, and the fee limit is not a tenth above its. */
  | "replacement-fee"
  /** The Judge abstained too often on this node. */
  | "abstained";

/** Why a proof was not taken, or was dropped later. */
export type SubmitRefusal = Refusal<SubmitRefusalCode>;

/** What came of adding a proof. */
export type Added =
  | { readonly type: "accepted"; readonly hash: Digest; readonly replaced: Digest | undefined }
  | ({ readonly type: "refused" } & SubmitRefusal);

/** Bounds of a mempool. They decide what this node holds, never what is valid. */
export interface MempoolLimits {
  readonly countMax: number;
  readonly bytesMax: number;
  readonly perAuthorMax: number;
  /** A leader leaves out what took its own Judge longer. */
  readonly proposableMs: number;
}

/** A proof that left the mempool without a block, and why. */
export interface Dropped {
  readonly hash: Digest;
  readonly refusal: SubmitRefusal;
}

/** Proofs that wait for a block: bounded, in nonce order for each author, in two lanes. */
export interface Mempool {
  /** Takes a proof, or says why not. Checks in the order of DESIGN §4. */
  add(proof: Proof): Added;
  /** The next proof for the Judge, from then on `judging`; at most one of each author at a time. */
  takeToJudge(): PendingProof | undefined;
  /** What the Judge said. `undefined`: it stays; else it was dropped, for this reason. */
  settle(pending: PendingProof, judgement: Judgement): SubmitRefusal | undefined;
  /** Proofs for a block in the order of serving. */
  serve(): Serving;
  /** Whether some proof could be in the next block. */
  hasReady(): boolean;
  /** After a block: drops what was used, expired, or can no longer be paid. */
  update(state: LedgerState): readonly Dropped[];
  /** A proof that waits, by its hash. */
  get(hash: Digest): PendingProof | undefined;
  readonly count: number;
  readonly bytes: number;
}

const ABSTENTIONS_MAX = 3;

/** An empty mempool on top of a state. */
export function createMempool(options: {
  readonly state: LedgerState;
  readonly programs: Programs;
  readonly checkProof: CheckProof;
  readonly limits: MempoolLimits;
}): Mempool {
  return new Pool(options);
}

type Options = Parameters<typeof createMempool>[0];

class Pool implements Mempool {
  readonly #options: Options;
  readonly #byName = new Map<string, PendingProof>();
  readonly #queues = new Map<string, AuthorQueue>();
  /** Authors whose next proof the Judge could take, in the order in which they came. */
  readonly #toJudge = new Set<string>();
  /** Authors whose head could be in the next block. */
  readonly #ready = new Set<string>();
  #state: LedgerState;
  #bytes = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#state = options.state;
  }

  get count(): number {
    return this.#byName.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(hash: Digest): PendingProof | undefined {
    return this.#byName.get(toHex(hash));
  }

  hasReady(): boolean {
    return this.#ready.size > 0;
  }

  add(proof: Proof): Added {
    const sized = sizedProof(proof);
    const { hash } = sized;
    const name = toHex(hash);
    if (this.#byName.has(name)) return refused("duplicate", "the same proof waits already");
    const author = toHex(proof.body.author);
    const known = this.#queues.get(author);
    const replaced = known?.byNonce.get(proof.body.nonce);
    const reserved = (known?.reserved ?? 0n) - (replaced?.proof.body.feeLimit ?? 0n);
    const refusal =
      refuseMalformed(sized, this.#state, this.#options.checkProof) ??
      refuseExpired(proof.body, toSequence(this.#state.header.sequence + 1)) ??
      this.#refuseOnAccount(proof, reserved) ??
      this.#refuseOnLimits(proof, sized.bytes, replaced);
    if (refusal !== undefined) return { type: "refused", ...refusal };

    if (replaced !== undefined) this.#remove(replaced);
    const status = proof.body.type === "invoke" ? "ready" : "waiting";
    const { bytes } = sized;
    const fresh = { judgement: undefined, abstentions: 0, stuckAt: undefined };
    this.#insert({ proof, hash, name, author, bytes, status, ...fresh });
    return { type: "accepted", hash, replaced: replaced?.hash };
  }

  takeToJudge(): PendingProof | undefined {
    for (const author of this.#toJudge) {
      this.#toJudge.delete(author);
      const queue = this.#queues.get(author);
      const pending = queue === undefined ? undefined : nextToJudge(queue);
      if (pending === undefined) continue;
      pending.status = "judging";
      return pending;
    }
    return undefined;
  }

  settle(pending: PendingProof, judgement: Judgement): SubmitRefusal | undefined {
    // It may have been replaced, or have come in with a block, while the Judge was at it.
    if (this.#byName.get(pending.name) !== pending) {
      this.#refresh(pending.author);
      return undefined;
    }
    if (judgement.type === "judged") {
      pending.status = "ready";
      pending.judgement = judgement;
      this.#refresh(pending.author);
      return undefined;
    }
    pending.abstentions += judgement.type === "abstained" ? 1 : 0;
    pending.status = "waiting";
    if (judgement.type === "abstained" && pending.abstentions < ABSTENTIONS_MAX) {
      this.#refresh(pending.author);
      return undefined;
    }
    this.#remove(pending);
    this.#refresh(pending.author);
    if (judgement.type === "abstained") {
      return refusal("abstained", `the Judge abstained: ${judgement.reason}`);
    }
    const [first] = judgement.diagnostics;
    return refusal(
      "rejected",
      first === undefined ? "rejected" : `${first.code}: ${first.message}`,
    );
  }

  serve(): Serving {
    return serve({
      queues: this.#queues.values(),
      parameters: this.#state.parameters,
      isServable: (pending) => this.#isServable(pending),
      onSkipped: (pending) => {
        pending.stuckAt = this.#state.header.sequence;
        this.#refresh(pending.author);
      },
    });
  }

  update(state: LedgerState): readonly Dropped[] {
    this.#state = state;
    const dropped: Dropped[] = [];
    for (const queue of this.#queues.values()) {
      const account = this.#account(toAccountId(fromHex(queue.author)));
      queue.nonce = account.nonce;
      let reserved = 0n;
      for (const pending of inNonceOrder(queue)) {
        const { body } = pending.proof;
        reserved += body.feeLimit;
        const reason =
          refuseExpired(body, toSequence(state.header.sequence + 1)) ??
          this.#refuseOnNonces(pending.proof, account.nonce) ??
          (reserved > account.balance ? unaffordable(account.balance, reserved) : undefined);
        if (reason === undefined) continue;
        reserved -= body.feeLimit;
        this.#remove(pending);
        dropped.push({ hash: pending.hash, refusal: reason });
      }
      this.#refresh(queue.author);
    }
    return dropped;
  }

  #refuseOnAccount(proof: Proof, reserved: bigint): SubmitRefusal | undefined {
    const { body } = proof;
    const account = this.#account(body.author);
    const needed = reserved + body.feeLimit;
    if (account.balance < needed) return unaffordable(account.balance, needed);
    const onNonces = this.#refuseOnNonces(proof, account.nonce);
    if (onNonces !== undefined) return onNonces;
    if (body.nonce >= account.nonce + this.#options.limits.perAuthorMax) {
      return refusal("nonce-gap", `the nonce ${body.nonce} is too far from ${account.nonce}`);
    }
    if (body.type !== "invoke") return undefined;
    const draft = createDraft(this.#state.tree);
    const prepared = prepareInvoke(body, draft, this.#options.programs);
    return "code" in prepared ? prepared : undefined;
  }

  #refuseOnNonces({ body }: Proof, nonce: number): SubmitRefusal | undefined {
    if (body.nonce < nonce) {
      return refusal("nonce-used", `the nonce ${body.nonce} is used, the next is ${nonce}`);
    }
    if (body.type !== "invoke") return undefined;
    const used = body.cosigners.find((one) => one.nonce < this.#account(one.account).nonce);
    if (used === undefined) return undefined;
    return refusal("cosigner-nonce", `the cosigner's nonce ${used.nonce} is used`);
  }

  #refuseOnLimits(
    { body }: Proof,
    bytes: number,
    replaced: PendingProof | undefined,
  ): SubmitRefusal | undefined {
    const { limits } = this.#options;
    if (replaced !== undefined) {
      const old = replaced.proof.body.feeLimit;
      if (body.feeLimit * 10n >= old * 11n) return undefined;
      return refusal("replacement-fee", `${body.feeLimit} is not a tenth above ${old}`);
    }
    const own = this.#queues.get(toHex(body.author))?.byNonce.size ?? 0;
    if (own >= limits.perAuthorMax) {
      return refusal("author-quota", `the author has ${own} proofs waiting`);
    }
    if (this.#byName.size >= limits.countMax || this.#bytes + bytes > limits.bytesMax) {
      return refusal("pool-full", `${this.#byName.size} proofs, ${this.#bytes} bytes wait`);
    }
    return undefined;
  }

  #insert(pending: PendingProof): void {
    const { author, proof } = pending;
    const nonce = this.#account(proof.body.author).nonce;
    const queue = this.#queues.get(author) ?? { author, byNonce: new Map(), reserved: 0n, nonce };
    this.#queues.set(author, queue);
    queue.byNonce.set(proof.body.nonce, pending);
    queue.reserved += proof.body.feeLimit;
    this.#byName.set(pending.name, pending);
    this.#bytes += pending.bytes;
    this.#refresh(author);
  }

  #remove(pending: PendingProof): void {
    const queue = this.#queues.get(pending.author);
    assert(queue !== undefined, "a pending proof has its author's queue");
    queue.byNonce.delete(pending.proof.body.nonce);
    queue.reserved -= pending.proof.body.feeLimit;
    this.#byName.delete(pending.name);
    this.#bytes -= pending.bytes;
    if (queue.byNonce.size === 0) this.#queues.delete(pending.author);
  }

  /** After any change of an author's queue. */
  #refresh(author: string): void {
    const queue = this.#queues.get(author);
    if (queue !== undefined && nextToJudge(queue) !== undefined) this.#toJudge.add(author);
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

function unaffordable(balance: bigint, needed: bigint): SubmitRefusal {
  return refusal("balance", `the author has ${balance} of ${needed} micro-tokens`);
}

function refused(code: SubmitRefusalCode, message: string): Added {
  return { type: "refused", code, message };
}
