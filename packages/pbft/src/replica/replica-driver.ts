import {
  type AccountId,
  type ConsensusMessage,
  equalBytes,
  indexOfValidator,
  type SyncRequest,
  type SyncResponse,
  signersOfCertificate,
  toHex,
  toSequence,
  validatorAt,
} from "@aethel/models";
import { type AuthenticationContext, authenticate } from "../authenticate.ts";
import { type Config, createConfig } from "../config.ts";
import type { Effect } from "../effect.ts";
import { PbftError } from "../errors.ts";
import type { Occurrence } from "../input.ts";
import { leaderOf } from "../leader/leader.ts";
import { decodeSigningLog, type SigningEntry, SigningRecord } from "../record.ts";
import { recover } from "../recover.ts";
import type { State } from "../state.ts";
import { type Statement, sequenceOf, signStatement } from "../statement.ts";
import { step, type Transition } from "../step.ts";
import { type ApplicationCalls, createApplicationCalls } from "./application-calls.ts";
import { CatchUpStash } from "./catch-up-stash.ts";
import { createFetcher, type Fetcher } from "./fetcher.ts";
import { createInputQueue } from "./input-queue.ts";
import { createRememberingVerify } from "./remembering-verify.ts";
import { isRepeated } from "./repeated.ts";
import type { Replica, ReplicaOptions, ReplicaStatus } from "./replica.ts";
import type { ReplicaEvent } from "./replica-event.ts";
import { answerRequest } from "./serve.ts";
import { createTimers, type Firing, type Timers } from "./timers.ts";

/** A log is compacted when it is worth it: this many bytes, or records, since the last time. */
const COMPACT_BYTES = 1_048_576;
const COMPACT_RECORDS = 256;

type Task =
  | { readonly type: "input"; readonly occurrence: Occurrence }
  | { readonly type: "firing"; readonly firing: Firing }
  | { readonly type: "early"; readonly message: ConsensusMessage };

/**
 * The only mutable part of a replica: takes inputs one at a time, steps the engine, performs its
 * effects in order. Own answers go before messages from outside, which are bounded.
 */
export class ReplicaDriver implements Replica {
  readonly #options: ReplicaOptions;
  readonly #config: Config;
  readonly #deliveries = createInputQueue();
  readonly #timers: Timers;
  readonly #calls: ApplicationCalls;
  readonly #fetcher: Fetcher;
  readonly #stash: CatchUpStash;
  #tasks: Task[] = [];
  #state: State | undefined;
  #started = false;
  #halted = false;
  #pumping: Promise<void> | undefined;
  #logged = { bytes: 0, records: 0 };
  #firstProposalAt: number | undefined;
  #hintWaits = false;

  constructor(options: ReplicaOptions) {
    const { genesis, id, parameters, clock, transport, application } = options;
    const { verify = createRememberingVerify() } = options;
    this.#options = { ...options, verify };
    this.#config = createConfig({ genesis, id, parameters });
    this.#timers = createTimers(clock, (firing) => this.#push({ type: "firing", firing }));
    this.#calls = createApplicationCalls({
      application,
      answer: (occurrence) => this.#input(occurrence),
      onFailure: (call, error) => this.#emit({ type: "application-failed", call, error }),
    });
    this.#stash = new CatchUpStash({
      options: this.#options,
      state: () => this.#state,
      input: (occurrence) => this.#input(occurrence),
      emit: (event) => this.#emit(event),
    });
    const pauseMs = this.#config.resendIntervalMs;
    this.#fetcher = createFetcher({ transport, clock, pauseMs, results: this.#stash });
  }

  async start(): Promise<void> {
    const { application, signingLog, transport, clock, signer, id } = this.#options;
    if (this.#started) throw new PbftError({ code: "STOPPED" });
    this.#started = true;
    const records = await signingLog.load();
    const entries = decodeSigningLog(records);
    const head = application.head();
    const me = indexOfValidator(head.validators, id);
    const key = me === undefined ? undefined : validatorAt(head.validators, me)?.key;
    if (key !== undefined && !equalBytes(key, signer.publicKey)) {
      const problems = [`the signer's key is not that of validator ${toHex(id)}`];
      throw new PbftError({ code: "CONFIG", problems });
    }
    if (this.#halted) return;
    this.#logged = { bytes: COMPACT_BYTES, records: records.length };
    transport.attach({
      message: (message, from) => this.#deliver(message, from),
      request: (request, from) => this.#answer(request, from),
      connected: (peer) => {
        if (this.#state !== undefined && !this.#halted) {
          this.#fetcher.askHeads(this.#state.head.header.sequence, peer);
        }
      },
    });
    const hasWork = application.hasWork();
    const config = this.#config;
    const first = recover({ config, head, entries, hasWork, now: clock.now() });
    this.#state = first.state;
    this.#pumping = this.#settle(first)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#pumped());
    await this.#pumping;
  }

  async stop(): Promise<void> {
    this.#halt();
    await this.#calls.stop();
    await this.#pumping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  notifyWork(): void {
    if (this.#state === undefined || this.#halted) return;
    const pending = this.#options.application.hasWork();
    if (pending !== this.#state.work) this.#input({ type: "work", pending });
  }

  status(): ReplicaStatus {
    if (this.#state === undefined) throw new PbftError({ code: "STOPPED" });
    const { head, sequence, view, phase, me, stopped } = this.#state;
    const leader = validatorAt(head.validators, leaderOf(head.validators, sequence, view))?.id;
    const running = !this.#halted && !stopped;
    return { head, sequence, view, phase, leader, validator: me !== undefined, running };
  }

  #deliver(message: ConsensusMessage, from: AccountId | undefined): void {
    if (this.#halted) return;
    if (this.#deliveries.push({ message, from })) return this.#pump();
    this.#emit({ type: "discarded", input: message.type, reason: "queue-full", from });
  }

  async #answer(request: SyncRequest, from: AccountId | undefined): Promise<SyncResponse> {
    const state = this.#state;
    if (state === undefined || this.#halted) return { type: "absent", head: toSequence(0) };
    if (request.type === "head" && request.known > state.head.header.sequence) {
      this.#input({ type: "ahead", sequence: request.known, peer: from });
    }
    return answerRequest({ request, state, application: this.#options.application });
  }

  #input(occurrence: Occurrence): void {
    // Peers cause these with requests of theirs; one that waits says as much as a thousand.
    if (occurrence.type === "ahead") {
      if (this.#hintWaits) return;
      this.#hintWaits = true;
    }
    this.#push({ type: "input", occurrence });
  }

  #push(task: Task): void {
    if (this.#halted) return;
    this.#tasks.push(task);
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping !== undefined || this.#state === undefined || this.#halted) return;
    this.#pumping = this.#run()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#pumped());
  }

  #pumped(): void {
    this.#pumping = undefined;
    // What came in between the last look at the queues and here.
    if (this.#tasks.length > 0 || this.#deliveries.size() > 0) this.#pump();
  }

  async #run(): Promise<void> {
    while (!this.#halted) {
      const task = this.#tasks.shift();
      const delivery = task === undefined ? this.#deliveries.shift() : undefined;
      if (task !== undefined) await this.#work(task);
      else if (delivery !== undefined) await this.#receive(delivery.message, delivery.from);
      else return;
    }
  }

  async #work(task: Task): Promise<void> {
    switch (task.type) {
      case "input":
        if (task.occurrence.type === "ahead") this.#hintWaits = false;
        return this.#advance(task.occurrence);
      case "early":
        return this.#receive(task.message, undefined);
      case "firing":
        if (!this.#timers.claim(task.firing)) return;
        return this.#advance({ type: "timeout", timer: task.firing.timer });
    }
  }

  async #receive(message: ConsensusMessage, from: AccountId | undefined): Promise<void> {
    const state = this.#state;
    if (state === undefined || isRepeated(state, message)) return;
    const at = sequenceOf(message);
    const { sequence } = state;
    // Of these the engine uses nothing but the hint that someone is behind or ahead.
    const isLateVote =
      at === sequence - 1 && (message.type === "prepare" || message.type === "commit");
    const near = isLateVote || at === sequence || at === sequence + 1;
    if (!near) return this.#advance({ type: "message", message, from });
    const defect = authenticate(message, this.#context(state, at));
    if (defect === undefined) return this.#advance({ type: "message", message, from });
    this.#emit({ type: "discarded", input: message.type, reason: defect, from });
    // The set may change with the block in hand; then the message proves nothing yet.
    if (at > sequence) {
      return this.#advance({ type: "ahead", sequence: toSequence(at - 1), peer: from });
    }
  }

  #context(state: State, at: number): AuthenticationContext {
    const { genesis, verify } = this.#options;
    const { validators, previousValidators } = state.head;
    // Of the head's own sequence only votes are looked at, which need no set before theirs.
    const set = at < state.sequence ? previousValidators : validators;
    const previousSet = at <= state.sequence ? previousValidators : validators;
    return { genesis, set, previousSet, ...(verify === undefined ? {} : { verify }) };
  }

  async #advance(occurrence: Occurrence): Promise<void> {
    if (this.#state === undefined) return;
    const before = this.#state;
    const input = { ...occurrence, now: this.#options.clock.now() };
    await this.#settle(step(this.#config, before, input));
    if (occurrence.type === "committed") this.#finalized(before);
  }

  async #settle(transition: Transition): Promise<void> {
    this.#state = transition.state;
    for (const effect of transition.effects) {
      if (this.#halted) return;
      await this.#perform(effect);
    }
  }

  async #perform(effect: Effect): Promise<void> {
    const { transport } = this.#options;
    switch (effect.type) {
      case "persist":
        return this.#persist(effect.entries);
      case "forget":
        return this.#forget(effect.entries);
      case "sign-and-send":
        return this.#say(effect.statement);
      case "broadcast":
        return transport.broadcast(effect.message);
      case "reconsider":
        for (const message of effect.messages) this.#push({ type: "early", message });
        return;
      case "propose":
        return this.#calls.propose(effect, this.#options.id);
      case "verify":
        return this.#calls.verify(effect);
      case "commit":
        this.#fetcher.cancelBlocks();
        return this.#calls.commit(effect);
      case "fetch-block":
        return this.#fetcher.fetchBlock(effect.digest, effect.hint);
      case "fetch-blocks":
        if (!this.#stash.feed()) this.#fetcher.fetchBlocks(effect.from, effect.hint);
        return;
      case "ask-heads":
        return this.#fetcher.askHeads(effect.known);
      case "tell-head":
        return this.#fetcher.askHeads(effect.known, effect.to);
      case "start-timer":
        return this.#timers.start(effect.timer, effect.delayMs);
      case "stop-timer":
        return this.#timers.stop(effect.timer);
      case "diverge":
        return this.#diverge(effect);
      case "report":
        if (effect.event.type === "proposal-accepted") {
          this.#firstProposalAt ??= this.#options.clock.now();
        }
        return this.#emit(effect.event);
      case "discard":
        return this.#emit({ ...effect, type: "discarded", from: undefined });
    }
  }

  async #persist(entries: readonly SigningEntry[]): Promise<void> {
    const bytes = SigningRecord.encode({ entries });
    await this.#options.signingLog.append(bytes);
    const { bytes: total, records } = this.#logged;
    this.#logged = { bytes: total + bytes.length, records: records + 1 };
  }

  async #forget(entries: readonly SigningEntry[]): Promise<void> {
    const { bytes, records } = this.#logged;
    // A log without records stays empty: an observer signs nothing.
    if (records === 0 || (bytes < COMPACT_BYTES && records < COMPACT_RECORDS)) return;
    await this.#options.signingLog.compact([SigningRecord.encode({ entries })]);
    this.#logged = { bytes: 0, records: 1 };
  }

  #say(statement: Statement): void {
    const { genesis, signer, transport, id } = this.#options;
    const message = signStatement({ statement, genesis, signer });
    transport.broadcast(message);
    if (message.type === "pre-prepare" || message.type === "new-view") {
      const { sequence, view, digest } = message.proposal;
      this.#emit({ type: "proposed", sequence, view, digest });
    }
    this.#input({ type: "message", message, from: id });
  }

  #finalized(before: State): void {
    const certificate = before.committed;
    const now = this.#options.clock.now();
    if (certificate !== undefined && this.#state !== undefined) {
      const { header } = this.#state.head;
      const since = this.#firstProposalAt;
      this.#emit({
        type: "finalized",
        sequence: header.sequence,
        view: certificate.view,
        digest: certificate.digest,
        milliseconds: since === undefined ? undefined : now - since,
        proofs: before.committing?.proofs.length ?? 0,
        difficulty: header.totalDifficulty,
        signers: signersOfCertificate(certificate).length,
      });
    }
    this.#firstProposalAt = undefined;
    this.#stash.feed();
  }

  #diverge(effect: Extract<Effect, { type: "diverge" }>): void {
    const { sequence, digest, reason } = effect;
    const fault = { code: "JUDGE_DIVERGENCE", sequence, digest: toHex(digest), reason } as const;
    this.#halt();
    this.#emit({ type: "diverged", error: new PbftError(fault) });
  }

  #fail(error: unknown): void {
    this.#halt();
    this.#emit({ type: "failed", error });
  }

  #halt(): void {
    this.#halted = true;
    this.#tasks = [];
    this.#deliveries.clear();
    this.#timers.stopAll();
    this.#fetcher.stop();
  }

  #emit(event: ReplicaEvent): void {
    this.#options.onEvent?.(event);
  }
}
