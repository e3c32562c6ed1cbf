import {
  blockDigest,
  type ConsensusMessage,
  type Evidence,
  equalBytes,
  toHex,
  toSequence,
  toView,
} from "@aethel/models";
import {
  authenticate,
  createConfig,
  decodeSigningLog,
  type Effect,
  leaderOf,
  type Occurrence,
  recover,
  SigningRecord,
  type State,
  type Statement,
  sequenceOf,
  signStatement,
  step,
  type TimerName,
} from "../src/index.ts";
import { type ClusterOptions, type CrashPoint, parameters } from "./cluster-options.ts";
import type { ClusterNode, ClusterView } from "./cluster-view.ts";
import { Counter } from "./counter.ts";
import { createEventQueue } from "./event-queue.ts";
import { createHonestyCheck } from "./honesty.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";
import {
  askHead,
  askSignedHeads,
  fetchBlock,
  fetchBlocks,
  shareEvidence,
  tellHead,
} from "./peers.ts";
import { createRandom } from "./random.ts";

/** Thrown inside `perform` to stop a node between two effects. */
class Crash extends Error {}

/**
 * Replicas on one queue of virtual time, deterministic in the seed. Checks after every message that
 * no honest node contradicts itself or signs before it persists, after every block that all agree.
 */
export class Cluster implements ClusterView {
  readonly options: ClusterOptions;
  readonly membership: Membership;
  readonly nodes: readonly ClusterNode[];
  readonly random: () => number;
  now = 1_000;
  /** Milliseconds by which a node's time of day is off. All nodes' timers are right. */
  clockError: (node: number) => number = () => 0;
  /** Whether messages from one node reach another now. */
  connected: (from: number, to: number) => boolean = () => true;
  /** The next crash; when it has happened, the first of `laterCrashes` takes its place. */
  crashAt: CrashPoint | undefined;
  laterCrashes: readonly CrashPoint[] = [];
  crashes = 0;
  loss: number;
  readonly evidence: Evidence[] = [];
  readonly viewChanges: { node: number; view: number; sequence: number; cause: string }[] = [];
  readonly diverged: number[] = [];
  readonly finalizedAt = new Map<number, number>();
  messages = 0;
  /** Nodes in whose name a test signs contradictions itself. */
  readonly framed = new Set<number>();
  readonly #queue = createEventQueue();
  #generations = 0;
  readonly #final = new Map<number, string>();
  readonly #honesty = createHonestyCheck();

  constructor(options: ClusterOptions = {}) {
    this.options = options;
    this.loss = options.loss ?? 0;
    this.random = createRandom(options.seed ?? 1);
    this.membership = createMembership(options.powers ?? [1, 1, 1, 1], options.scheme);
    const merged = { ...parameters, ...options.parameters };
    this.nodes = this.membership.members.map(({ id }) => ({
      config: createConfig({ genesis: GENESIS, id, parameters: merged }),
      app: new Counter(GENESIS, this.membership.set),
      log: [],
      state: undefined,
      life: 0,
      timers: new Map(),
      performed: 0,
      kinds: [],
    }));
  }

  startAll(): this {
    this.nodes.forEach((_, node) => this.start(node));
    return this;
  }

  start(index: number): void {
    const node = this.node(index);
    node.life += 1;
    node.timers = new Map();
    const entries = decodeSigningLog(node.log);
    const { config, app } = node;
    const hasWork = app.pending > 0;
    const { asksFirst = false } = this.options;
    const times = this.#times(index);
    const first = recover({ config, head: app.head, entries, hasWork, ...times, asksFirst });
    node.state = first.state;
    this.#guarded(index, () => this.#performAll(index, first.effects));
  }

  #times(index: number): { readonly now: number; readonly elapsed: number } {
    return { now: this.now + this.clockError(index), elapsed: this.now };
  }

  crash(index: number): void {
    const node = this.node(index);
    node.life += 1;
    node.state = undefined;
    node.timers = new Map();
  }

  node(index: number): ClusterNode {
    const found = this.nodes[index];
    if (found === undefined) throw new Error(`no node ${index}`);
    return found;
  }

  state(index: number): State {
    const { state } = this.node(index);
    if (state === undefined) throw new Error(`node ${index} is down`);
    return state;
  }

  leader(sequence: number, view: number): number {
    return leaderOf(this.membership.set, toSequence(sequence), toView(view));
  }

  height(index: number): number {
    return this.node(index).app.head.header.sequence;
  }

  heights(): readonly number[] {
    return this.nodes.map((_, index) => this.height(index));
  }

  honest(): readonly number[] {
    return this.nodes.flatMap((_, index) => (this.options.byzantine?.has(index) ? [] : [index]));
  }

  /** Gives work to nodes, as a mempool that gossips would. */
  work(indices: readonly number[] = this.nodes.map((_, index) => index)): void {
    for (const index of indices) {
      const node = this.node(index);
      node.app.pending += 1;
      if (node.state !== undefined) this.input(index, { type: "work", pending: true });
    }
  }

  /** Runs until `done`, or the time is over. True if it is done. */
  run(options: { readonly forMs: number; readonly until?: () => boolean }): boolean {
    const end = this.now + options.forMs;
    const done = options.until ?? (() => false);
    for (let steps = 0; !done(); steps++) {
      if (steps > 2_000_000) throw new Error("the cluster does not come to rest");
      const next = this.#queue.pop(end);
      if (next === undefined) {
        this.now = end;
        return done();
      }
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    return true;
  }

  input(index: number, occurrence: Occurrence): void {
    const node = this.node(index);
    if (node.state === undefined) return;
    const { state, effects } = step(node.config, node.state, {
      ...occurrence,
      ...this.#times(index),
    });
    node.state = state;
    this.options.onStep?.(index, occurrence, effects);
    this.#guarded(index, () => this.#performAll(index, effects));
  }

  /** Delivers a message as if it came from the network. */
  receive(index: number, message: ConsensusMessage, from: number): void {
    const { state } = this.node(index);
    if (state === undefined) return;
    const at = sequenceOf(message);
    const sender = this.membership.members[from]?.id;
    // Of the head's sequence votes and proposals still convict.
    const convicts = message.type !== "view-change" && message.type !== "new-view";
    const isLate = convicts && at === state.sequence - 1;
    if (isLate || at === state.sequence || at === state.sequence + 1) {
      const { validators, previousValidators } = state.head;
      const set = isLate ? previousValidators : validators;
      const previousSet = at <= state.sequence ? previousValidators : validators;
      const { verify } = this.membership;
      const defect = authenticate(message, { genesis: GENESIS, set, previousSet, verify });
      if (defect !== undefined) return;
    }
    this.input(index, { type: "message", message, from: sender });
  }

  send(from: number, to: number, message: ConsensusMessage): void {
    this.messages += 1;
    const [min, max] = this.options.latency ?? [10, 10];
    const copies = this.random() < (this.options.duplication ?? 0) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.random() < this.loss || !this.connected(from, to)) continue;
      const delay = min + Math.floor(this.random() * (max - min + 1));
      this.delay(delay, () => this.receive(to, message, from));
    }
  }

  sign(index: number, statement: Statement): ConsensusMessage {
    const signer = this.membership.members[index]?.signer;
    if (signer === undefined) throw new Error(`no signer ${index}`);
    return signStatement({ statement, genesis: GENESIS, signer });
  }

  #performAll(index: number, effects: readonly Effect[]): void {
    const node = this.node(index);
    const { life } = node;
    for (const effect of effects) {
      if (node.life !== life) return;
      const { crashAt } = this;
      if (crashAt?.node === index && crashAt.effect === node.performed) {
        this.#sendToSome(index, effect, crashAt.reaching ?? 0);
        throw new Crash();
      }
      node.performed += 1;
      node.kinds.push(effect.type);
      this.#perform(index, effect);
    }
  }

  #guarded(index: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      [this.crashAt, ...this.laterCrashes] = this.laterCrashes;
      this.crashes += 1;
      this.crash(index);
    }
  }

  #perform(index: number, effect: Effect): void {
    const node = this.node(index);
    const { app } = node;
    const validationMs = this.options.validationMs ?? 1;
    switch (effect.type) {
      case "persist":
        node.log.push(SigningRecord.encode({ entries: effect.entries }));
        return;
      case "forget":
        if (this.options.keepsLogs) return;
        node.log = effect.entries.map((entry) => SigningRecord.encode({ entries: [entry] }));
        return;
      case "sign-and-send": {
        const message = this.#say(index, effect.statement);
        const from = this.membership.members[index]?.id;
        return this.later(index, 0, () => this.input(index, { type: "message", message, from }));
      }
      case "send": {
        const to = this.nodes.findIndex(({ config }) => equalBytes(config.id, effect.to));
        return this.send(index, to, effect.message);
      }
      case "share-evidence":
        return this.nodes.forEach((_, peer) => shareEvidence(this, index, peer, effect.evidence));
      case "broadcast":
        return this.#broadcast(index, effect.message);
      case "reconsider":
        for (const message of effect.messages) {
          this.later(index, 0, () => this.receive(index, message, index));
        }
        return;
      case "propose": {
        const { sequence, view } = effect;
        return this.later(index, validationMs, () => {
          const block = app.propose({ ...effect, proposer: node.config.id });
          this.input(index, { type: "proposed", sequence, view, block });
        });
      }
      case "verify": {
        const { block, digest, patience } = effect;
        const takesMs = this.options.validationFor?.(block, index) ?? validationMs;
        return this.later(index, takesMs, () => {
          if (this.state(index).sequence !== block.header.sequence) return;
          const verdict = app.verify(block, patience);
          this.input(index, { type: "verdict", digest, verdict });
        });
      }
      case "find-claim": {
        const { block, digest } = effect;
        return this.later(index, app.searchMs, () => {
          this.input(index, { type: "claim", digest, claim: app.shownOf?.(block) });
        });
      }
      case "commit":
        return this.later(index, 1, () => this.#commit(index, effect));
      case "fetch-block":
        return fetchBlock(this, index, effect);
      case "fetch-blocks":
        return fetchBlocks(this, index, effect.from);
      case "ask-signed-heads":
        return askSignedHeads(this, index, effect);
      case "ask-heads":
        return this.nodes.forEach((_, peer) => askHead(this, index, peer));
      case "tell-head":
        return tellHead(this, { from: index, to: effect.to, known: effect.known });
      case "start-timer":
        return this.#startTimer(index, effect.timer, effect.delayMs);
      case "stop-timer":
        node.timers.delete(effect.timer);
        return;
      case "diverge":
        this.diverged.push(index);
        return;
      case "report":
        if (effect.event.type === "evidence") this.#checkAccused(effect.event.evidence);
        if (effect.event.type === "view-changed") {
          const { view, sequence, cause } = effect.event;
          this.viewChanges.push({ node: index, view, sequence, cause });
        }
        return;
      case "discard":
        return;
    }
  }

  /** Whatever the network does, no honest node is ever accused. */
  #checkAccused(evidence: Evidence): void {
    const accused = this.nodes.findIndex(({ config }) => equalBytes(config.id, evidence.validator));
    const guilty = this.options.byzantine?.has(accused) || this.framed.has(accused);
    if (!guilty) throw new Error(`HONEST ACCUSED: ${accused} of ${evidence.type}`);
    this.evidence.push(evidence);
  }

  #sendToSome(index: number, effect: Effect, reaching: number): void {
    if (reaching === 0) return;
    if (effect.type === "broadcast") return this.#broadcast(index, effect.message, reaching);
    if (effect.type === "sign-and-send") this.#say(index, effect.statement, reaching);
  }

  #say(index: number, statement: Statement, reaching?: number): ConsensusMessage {
    const message = this.sign(index, statement);
    const isHonest = !this.options.byzantine?.has(index);
    if (isHonest) this.#honesty(index, message, this.node(index).log);
    this.#broadcast(index, message, reaching);
    return message;
  }

  #broadcast(from: number, message: ConsensusMessage, reaching = Number.POSITIVE_INFINITY): void {
    const strategy = this.options.byzantine?.get(from);
    let reached = 0;
    this.nodes.forEach((_, to) => {
      if (to === from || reached >= reaching) return;
      reached += 1;
      const messages = strategy === undefined ? [message] : strategy(this, from, message, to);
      for (const each of messages) this.send(from, to, each);
    });
  }

  #commit(index: number, effect: Extract<Effect, { type: "commit" }>): void {
    const { app } = this.node(index);
    const { block } = effect.finalized;
    const { sequence } = block.header;
    const digest = toHex(blockDigest(block.header));
    let head: Counter["head"];
    try {
      head = app.commit(effect.finalized, effect.leadership);
    } catch (error) {
      return this.input(index, { type: "contradicted", reason: String(error) });
    }
    if (!this.options.byzantine?.has(index)) {
      const known = this.#final.get(sequence);
      if (known !== undefined && known !== digest) throw new Error(`FORK at ${sequence}`);
      this.#final.set(sequence, digest);
      if (!this.finalizedAt.has(sequence)) this.finalizedAt.set(sequence, this.now);
    }
    this.input(index, { type: "committed", head, hasWork: app.pending > 0 });
  }

  #startTimer(index: number, timer: TimerName, ms: number): void {
    const node = this.node(index);
    const generation = (this.#generations += 1);
    node.timers.set(timer, generation);
    this.later(index, ms, () => {
      if (node.timers.get(timer) !== generation) return;
      node.timers.delete(timer);
      this.input(index, { type: "timeout", timer });
    });
  }

  /** Like `schedule`, but void once the node has crashed. */
  later(index: number, delayMs: number, run: () => void): void {
    const { life } = this.node(index);
    this.delay(delayMs, () => {
      if (this.node(index).life === life) run();
    });
  }

  /** Runs after a while of virtual time, whoever crashes meanwhile. */
  delay(delayMs: number, run: () => void): void {
    this.#queue.push(this.now + delayMs, run);
  }
}
