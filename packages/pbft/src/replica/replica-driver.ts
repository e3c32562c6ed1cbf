import { type AccountId, type ConsensusMessage, toHex } from "@aethel/models";
import { neededBlocks } from "../blocks.ts";
import { type Config, createConfig } from "../config.ts";
import type { Effect } from "../effect.ts";
import { PbftError } from "../errors.ts";
import { createCountingVerify } from "../inbox/counting-verify.ts";
import { createInbox, type Inbox } from "../inbox/inbox.ts";
import type { Delivery } from "../inbox/input-queue.ts";
import type { Occurrence } from "../input.ts";
import type { Replica } from "../interface/replica.ts";
import { finalizedEvent, type ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { ReplicaStatus } from "../interface/replica-status.ts";
import { Joining } from "../joining/joining.ts";
import { memberNames } from "../joining/members.ts";
import { signersOf, withKeysOf } from "../own-key.ts";
import { pause } from "../peers/pause.ts";
import { type SteadyClock, steadyClock } from "../peers/steady-clock.ts";
import type { ApplicationHead } from "../ports.ts";
import { recover } from "../recover.ts";
import type { State } from "../state.ts";
import { step, type Transition } from "../step.ts";
import { type ApplicationCalls, createApplicationCalls } from "./application-calls.ts";
import { offerEvidence } from "./evidence-exchange.ts";
import { guardTransport } from "./guarded-transport.ts";
import { checkLogAge } from "./log-age.ts";
import { createPeerSide, type PeerSide } from "./peer-side.ts";
import { createSigning, type Signing } from "./signing.ts";
import { statusOf } from "./status.ts";
import { createTimers, type Firing, type Timers } from "./timers.ts";

/** Inputs handled in a row before the event loop runs: sockets and timers wait meanwhile. */
const INPUTS_AT_ONCE = 64;

type Task =
  | { readonly type: "input"; readonly occurrence: Occurrence }
  | { readonly type: "firing"; readonly firing: Firing }
  | { readonly type: "retry-signing" }
  | { readonly type: "message"; readonly message: ConsensusMessage }
  | { readonly type: "held"; readonly delivery: Delivery };

/**
 * Only mutable part of a replica. Takes inputs one at a time, steps the engine, and performs its
 * effects in order. Its own inputs go before messages from outside, whose queue is bounded.
 */
export class ReplicaDriver implements Replica {
  readonly #options: ReplicaOptions & { readonly clock: SteadyClock };
  #config: Config;
  readonly #inbox: Inbox;
  readonly #signing: Signing;
  readonly #timers: Timers;
  readonly #calls: ApplicationCalls;
  readonly #transport: ReturnType<typeof guardTransport>;
  readonly #peers: PeerSide;
  #tasks: Task[] = [];
  #state: State | undefined;
  #joining: Joining | undefined;
  #starting: Promise<void> | undefined;
  #halted = false;
  readonly #halting = new AbortController();
  /** Names of the validators of the current sequence. Their messages are handled first. */
  #validators: ReadonlySet<string> = new Set();
  #pumping: Promise<void> | undefined;
  #firstProposalAt: number | undefined;
  readonly #coalesced = new Set<Occurrence["type"]>();

  constructor(options: ReplicaOptions) {
    const { genesis, id, parameters, transport, application } = options;
    const clock = steadyClock(options.clock);
    const verifying = createCountingVerify(options.verify);
    this.#transport = guardTransport(transport, (call, error) =>
      this.#emit({ type: "transport-failed", call, error }),
    );
    this.#options = { ...options, verify: verifying.verify, clock };
    const config = createConfig({ genesis, id, parameters });
    this.#config = withKeysOf(config, signersOf(options));
    this.#inbox = createInbox({
      config,
      options,
      verifying,
      elapsed: () => clock.elapsed(),
      state: () => this.#state,
      isValidator: (name) => this.#validators.has(name),
      input: (occurrence) => this.#input(occurrence),
      emit: (event) => this.#emit(event),
    });
    this.#signing = createSigning({
      log: options.signingLog,
      clock,
      options: this.#options,
      state: () => this.#state,
      transport: this.#transport,
      receive: (message) => this.#push({ type: "message", message }),
      input: (occurrence) => this.#input(occurrence),
      emit: (event) => this.#emit(event),
      onRetry: () => this.#push({ type: "retry-signing" }),
    });
    this.#timers = createTimers(clock, (firing) => this.#push({ type: "firing", firing }));
    this.#calls = createApplicationCalls({
      application,
      clock,
      answer: (occurrence) => this.#input(occurrence),
      onFailure: (call, error) => this.#emit({ type: "application-failed", call, error }),
      onCommitFailure: (sequence, error) => this.#emit({ type: "commit-failed", sequence, error }),
    });
    this.#peers = createPeerSide({
      config: this.#config,
      options: this.#options,
      transport: this.#transport,
      clock,
      state: () => (this.#halted ? undefined : this.#state),
      admit: (finalized, head) => this.#joining?.admit(finalized, head) ?? "go",
      afford: (...asked) => this.#inbox.afford(...asked),
      receive: (message) => this.#push({ type: "message", message }),
      input: (occurrence) => this.#input(occurrence),
      emit: (event) => this.#emit(event),
      onBroken: (error) => this.#fail(error),
    });
  }

  start(): Promise<void> {
    if (this.#starting !== undefined || this.#halted) {
      return Promise.reject(new PbftError({ code: "STOPPED" }));
    }
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { application, transport, clock, id } = this.#options;
    const entries = await this.#signing.load();
    const head = application.head();
    const { keys = [] } = this.#config;
    await checkLogAge({ entries, application, head, id, keys });
    if (this.#halted) return;
    this.#joining = this.#join(head);
    // Its first question may have called back into the host.
    if (this.#halted) return;
    this.#validators = memberNames(head.validators);
    transport.attach({
      message: (message, from) => this.#deliver(message, from),
      request: (request, from) => this.#peers.answering.answer(request, from),
      connected: (peer) => this.#peers.connected(peer),
    });
    const hasWork = this.#calls.hasWork();
    const config = this.#config;
    const { ignoresOwnSignatures = false } = this.#options;
    const asked = { hasWork, asksFirst: true, ignoresOwnSignatures };
    const first = recover({ config, head, entries, ...asked, ...clock.times() });
    this.#state = first.state;
    this.#pumping = this.#settle(first)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#pumped());
    await this.#pumping;
  }

  #join(head: ApplicationHead): Joining {
    const { genesis, verify, clock, joining = {} } = this.#options;
    return new Joining({
      options: joining,
      genesis,
      verify,
      head,
      transport: this.#transport,
      clock,
      config: this.#config,
      emit: (event) => this.#emit(event),
      onBroken: (error) => this.#fail(error),
      onChange: () => this.#peers.fetcher.moved(),
    });
  }

  async stop(): Promise<void> {
    this.#halt();
    await Promise.all([this.#calls.stop(), this.#peers.stop()]);
    await this.#joining?.stop();
    // Whoever started it hears why that failed.
    await this.#starting?.catch(() => {});
    await this.#pumping;
    await this.#peers.answering.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  notifyWork(): void {
    if (this.#state === undefined || this.#halted) return;
    const pending = this.#calls.hasWork();
    if (pending !== this.#state.work) this.#input({ type: "work", pending });
  }

  status(): ReplicaStatus {
    if (this.#state === undefined) throw new PbftError({ code: "STOPPED" });
    const trouble = this.#signing.failure() ?? this.#calls.failure();
    const now = this.#options.clock.now();
    const [config, state, isHalted] = [this.#config, this.#state, this.#halted];
    const joining = this.#joining?.stopped;
    return statusOf({ config, state, now, isHalted, trouble, joining });
  }

  #deliver(message: ConsensusMessage, from: AccountId | undefined): void {
    if (this.#halted) return;
    if (this.#inbox.deliver(message, from)) this.#pump();
  }

  #input(occurrence: Occurrence): void {
    // Others cause these as often as they like; one that waits says as much as a thousand.
    if (occurrence.type === "ahead" || occurrence.type === "work") {
      if (this.#coalesced.has(occurrence.type)) return;
      this.#coalesced.add(occurrence.type);
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
    if (this.#tasks.length > 0 || this.#inbox.size() > 0) this.#pump();
  }

  async #run(): Promise<void> {
    for (let inputs = 1; !this.#halted; inputs++) {
      if (inputs % INPUTS_AT_ONCE === 0) {
        await pause(this.#options.clock, 0, this.#halting.signal);
        if (this.#halted) return;
      }
      const task = this.#tasks.shift();
      const delivery = task === undefined ? this.#inbox.shift() : undefined;
      if (task !== undefined) await this.#work(task);
      else if (delivery !== undefined) await this.#receive(delivery);
      else return;
    }
  }

  async #work(task: Task): Promise<void> {
    switch (task.type) {
      case "input":
        this.#coalesced.delete(task.occurrence.type);
        return this.#advance(upToDate(task.occurrence, this.#calls));
      case "message":
        return this.#receive({ message: task.message, from: undefined }, "owed");
      case "held":
        return this.#receive(task.delivery);
      case "retry-signing":
        return this.#signing.retry();
      case "firing":
        if (!this.#timers.claim(task.firing)) return;
        return this.#advance({ type: "timeout", timer: task.firing.timer });
    }
  }

  async #receive(delivery: Delivery, owed?: "owed"): Promise<void> {
    const occurrence = this.#inbox.validate(delivery, owed);
    if (occurrence !== undefined) await this.#advance(occurrence);
  }

  async #advance(occurrence: Occurrence): Promise<void> {
    if (this.#state === undefined) return;
    const before = this.#state;
    this.#config = withKeysOf(this.#config, signersOf(this.#options));
    const input = { ...occurrence, ...this.#options.clock.times() };
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
    switch (effect.type) {
      case "persist":
        return this.#signing.persist(effect.entries);
      case "forget":
        return this.#signing.forget(effect.entries);
      case "sign-and-send":
        return this.#signing.say(effect.statement);
      case "send":
        return this.#transport.send(effect.to, effect.message);
      case "share-evidence":
        return offerEvidence(this.#transport, effect.evidence, this.#halting.signal);
      case "broadcast":
        return this.#transport.broadcast(effect.message);
      case "reconsider":
        for (const message of effect.messages) this.#push({ type: "message", message });
        return;
      case "propose":
        return this.#calls.propose(effect, this.#options.id);
      case "verify":
        return this.#calls.verify(effect);
      case "find-claim":
        return this.#calls.findClaim(effect);
      case "commit":
        this.#peers.fetcher.cancelBlocks();
        return this.#pass(effect);
      case "fetch-block":
        return this.#peers.fetcher.fetchBlock(effect, neededBlocks(this.#state));
      case "fetch-blocks":
        return this.#peers.fetcher.fetchBlocks(effect.hint);
      case "ask-signed-heads":
        return this.#peers.questions.ask(effect);
      case "ask-heads":
        return this.#peers.fetcher.askHeads(effect.known);
      case "tell-head":
        return this.#peers.fetcher.askHeads(effect.known, effect.to);
      case "start-timer":
        return this.#timers.start(effect.timer, effect.delayMs);
      case "stop-timer":
        return this.#timers.stop(effect.timer);
      case "diverge":
        return this.#diverge(effect);
      case "report":
        if (effect.event.type === "proposal-accepted") {
          this.#firstProposalAt ??= this.#options.clock.elapsed();
        }
        return this.#emit(effect.event);
      case "discard":
        return this.#emit({ ...effect, type: "discarded", from: undefined });
    }
  }

  #finalized(before: State): void {
    const state = this.#state;
    if (state === undefined) return;
    const hasChanged = state.head.validators !== before.head.validators;
    if (hasChanged) this.#validators = memberNames(state.head.validators);
    for (const delivery of this.#inbox.crossBoundary(hasChanged)) {
      this.#push({ type: "held", delivery });
    }
    const since = this.#firstProposalAt;
    this.#firstProposalAt = undefined;
    const milliseconds = since === undefined ? undefined : this.#options.clock.elapsed() - since;
    const event = finalizedEvent({ before, head: state.head, milliseconds });
    if (event !== undefined) this.#emit(event);
    this.#peers.fetcher.moved();
  }

  /** Applies a final block, as soon as joining allows it. */
  #pass(effect: Extract<Effect, { type: "commit" }>): void {
    const { head } = this.#state ?? {};
    if (this.#joining === undefined || head === undefined) return this.#calls.commit(effect);
    this.#joining.pass(effect.finalized, head, () => this.#calls.commit(effect));
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
    this.#halting.abort();
    this.#tasks = [];
    this.#inbox.clear();
    this.#timers.stopAll();
    this.#signing.stop();
    void this.#peers.stop();
  }

  #emit(event: ReplicaEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch {
      // A listener is no part of the protocol: what it throws must not stop a replica half way.
    }
  }
}

/** Updates a `work` input, because later ones were dropped while it waited in the queue. */
function upToDate(occurrence: Occurrence, calls: Pick<ApplicationCalls, "hasWork">): Occurrence {
  return occurrence.type === "work" ? { type: "work", pending: calls.hasWork() } : occurrence;
}
