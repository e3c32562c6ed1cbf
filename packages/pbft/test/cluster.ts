import {
  blockDigest,
  type ConsensusMessage,
  type Digest,
  type Evidence,
  equalBytes,
  toHex,
  toSequence,
  toView,
} from "@aethel/models";
import {
  authenticate,
  type Config,
  createConfig,
  decodeSigningLog,
  type Effect,
  findBlockDefect,
  findFinalizedDefect,
  leaderOf,
  type Occurrence,
  type PacingParameters,
  recover,
  type SigningEntry,
  SigningRecord,
  type State,
  type Statement,
  sequenceOf,
  signStatement,
  step,
} from "../src/index.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";
import { createRandom } from "./random.ts";

export const parameters: PacingParameters = {
  minBlockIntervalMs: 100,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 1_000,
  viewTimeoutMaxMs: 8_000,
  judgingBoundMs: 500,
  disseminationBoundMs: 500,
  networkDelayMs: 100,
};

export interface ClusterOptions {
  readonly powers?: readonly number[];
  readonly seed?: number;
  readonly scheme?: "hashed" | "ed25519";
  readonly parameters?: Partial<PacingParameters>;
  /** One-way delay of a message, milliseconds. */
  readonly latency?: readonly [min: number, max: number];
  readonly loss?: number;
  readonly duplication?: number;
  readonly judgingMs?: number;
  /** What a Byzantine node sends instead of `message` to node `to`; honest nodes are not in it. */
  readonly byzantine?: ReadonlyMap<number, Strategy>;
  /** A line for each step, for golden traces. */
  readonly onStep?: (node: number, occurrence: Occurrence, effects: readonly Effect[]) => void;
}

export type Strategy = (
  cluster: Cluster,
  from: number,
  message: ConsensusMessage,
  to: number,
) => readonly ConsensusMessage[];

interface Node {
  readonly config: Config;
  readonly app: Counter;
  log: Uint8Array[];
  state: State | undefined;
  /** Grows with each start and crash: what was scheduled before is void. */
  life: number;
  timers: Map<string, number>;
  performed: number;
}

/** Thrown inside `perform` to stop a node between two effects. */
class Crash extends Error {}

/**
 * Replicas on one queue of virtual time, deterministic in the seed. Checks after every message that
 * no honest node contradicts itself or signs before it persists, after every block that all agree.
 */
export class Cluster {
  readonly options: ClusterOptions;
  readonly membership: Membership;
  readonly nodes: readonly Node[];
  readonly random: () => number;
  now = 1_000;
  /** Whether messages from one node reach another now. */
  connected: (from: number, to: number) => boolean = () => true;
  /** Crashes a node before it performs its n-th effect (counted from 0). */
  crashAt: { readonly node: number; readonly effect: number } | undefined;
  loss: number;
  readonly evidence: Evidence[] = [];
  readonly viewChanges: { node: number; view: number; sequence: number; cause: string }[] = [];
  readonly diverged: number[] = [];
  readonly finalizedAt = new Map<number, number>();
  messages = 0;
  /** Nodes in whose name a test signs contradictions itself. */
  readonly framed = new Set<number>();
  #queue: { at: number; order: number; run: () => void }[] = [];
  #order = 0;
  readonly #final = new Map<number, string>();
  readonly #statements = new Map<string, string>();
  readonly #asked = new Map<string, number>();

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
    const first = recover({ config, head: app.head, entries, hasWork, now: this.now });
    node.state = first.state;
    this.#guarded(index, () => this.#performAll(index, first.effects));
  }

  crash(index: number): void {
    const node = this.node(index);
    node.life += 1;
    node.state = undefined;
    node.timers = new Map();
  }

  node(index: number): Node {
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
      const next = this.#pop(end);
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
    const { state, effects } = step(node.config, node.state, { ...occurrence, now: this.now });
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
    const isVote = message.type === "prepare" || message.type === "commit";
    const isLate = isVote && at === state.sequence - 1;
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
      this.#schedule(delay, () => this.receive(to, message, from));
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
      if (crashAt?.node === index && crashAt.effect === node.performed) throw new Crash();
      node.performed += 1;
      this.#perform(index, effect);
    }
  }

  #guarded(index: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crashAt = undefined;
      this.crash(index);
    }
  }

  #perform(index: number, effect: Effect): void {
    const node = this.node(index);
    const { app } = node;
    const judgingMs = this.options.judgingMs ?? 1;
    switch (effect.type) {
      case "persist":
        node.log.push(SigningRecord.encode({ entries: effect.entries }));
        return;
      case "forget":
        node.log = [SigningRecord.encode({ entries: effect.entries })];
        return;
      case "sign-and-send": {
        const message = this.sign(index, effect.statement);
        this.#checkStatement(index, message);
        this.#broadcast(index, message);
        const from = this.membership.members[index]?.id;
        return this.#later(index, 0, () => this.input(index, { type: "message", message, from }));
      }
      case "broadcast":
        return this.#broadcast(index, effect.message);
      case "reconsider":
        for (const message of effect.messages) {
          this.#later(index, 0, () => this.receive(index, message, index));
        }
        return;
      case "propose": {
        const { sequence, view } = effect;
        return this.#later(index, judgingMs, () => {
          const block = app.propose({ ...effect, proposer: node.config.id });
          this.input(index, { type: "proposed", sequence, view, block });
        });
      }
      case "verify": {
        const { block, digest, patience } = effect;
        return this.#later(index, judgingMs, () => {
          if (this.state(index).sequence !== block.header.sequence) return;
          const verdict = app.verify(block, patience);
          this.input(index, { type: "verdict", digest, verdict });
        });
      }
      case "commit":
        return this.#later(index, 1, () => this.#commit(index, effect));
      case "fetch-block":
        return this.#fetchBlock(index, effect.digest, this.state(index).sequence, 0);
      case "fetch-blocks":
        return this.#fetchBlocks(index, effect.from, 0);
      case "ask-heads":
        return this.nodes.forEach((_, peer) => this.#askHead(index, peer));
      case "tell-head":
        return this.#tellHead(index, effect.to, effect.known);
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

  #broadcast(from: number, message: ConsensusMessage): void {
    const strategy = this.options.byzantine?.get(from);
    this.nodes.forEach((_, to) => {
      if (to === from) return;
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
      head = app.commit(effect.finalized);
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

  /** No contradiction, ever, and nothing signed that the log does not hold. */
  #checkStatement(index: number, message: ConsensusMessage): void {
    if (this.options.byzantine?.has(index)) return;
    const { log } = this.node(index);
    const entries = decodeSigningLog(log);
    const sequence = sequenceOf(message);
    const unique = (kind: string, view: number, digest: Digest): void => {
      const key = `${index}/${kind}/${sequence}/${view}`;
      const known = this.#statements.get(key);
      const value = toHex(digest);
      if (known !== undefined && known !== value) throw new Error(`CONTRADICTION ${key}`);
      this.#statements.set(key, value);
      const asked = this.#asked.get(`${index}/${sequence}`) ?? 0;
      if (known === undefined && view < asked) throw new Error(`BELOW A REQUEST ${key} < ${asked}`);
    };
    const durable = entries.some((entry) => isRecordOf(entry, message));
    if (!durable) throw new Error(`NOT DURABLE: ${message.type} of node ${index}`);
    switch (message.type) {
      case "prepare":
      case "commit":
        return unique(message.type, message.view, message.digest);
      case "pre-prepare":
      case "new-view":
        return unique("proposal", message.proposal.view, message.proposal.digest);
      case "view-change": {
        const key = `${index}/${sequence}`;
        this.#asked.set(key, Math.max(this.#asked.get(key) ?? 0, message.body.newView));
      }
    }
  }

  #fetchBlock(index: number, digest: Digest, sequence: number, attempt: number): void {
    this.#later(index, 5, () => {
      const state = this.state(index);
      if (state.sequence !== sequence || attempt > 1_000) return;
      const peer = (index + 1 + attempt) % this.nodes.length;
      const found = this.nodes[peer]?.state?.blocks.find((known) =>
        equalBytes(known.digest, digest),
      );
      const reachable = this.connected(index, peer) && this.connected(peer, index);
      if (found === undefined || !reachable || peer === index) {
        return this.#fetchBlock(index, digest, sequence, attempt + 1);
      }
      const previousSet = state.head.previousValidators;
      const { verify } = this.membership;
      const { block } = found;
      const defect = findBlockDefect({ block, digest }, { genesis: GENESIS, previousSet, verify });
      if (defect === undefined) this.input(index, { type: "block", digest, block });
    });
  }

  #fetchBlocks(index: number, from: number, attempt: number): void {
    this.#later(index, 20, () => {
      const { sequence, head } = this.state(index);
      if (sequence !== from || attempt > this.nodes.length) return;
      const peer = (index + 1 + attempt) % this.nodes.length;
      const finalized = this.nodes[peer]?.app.blocks[from - 1];
      const up = this.nodes[peer]?.state !== undefined && peer !== index;
      const reachable = this.connected(index, peer) && this.connected(peer, index);
      if (finalized === undefined || !up || !reachable) {
        return this.#fetchBlocks(index, from, attempt + 1);
      }
      const { validators: set, previousValidators: previousSet } = head;
      const { verify } = this.membership;
      const context = { genesis: GENESIS, set, previousSet, verify };
      const defect = findFinalizedDefect(finalized, context);
      if (defect === undefined) this.input(index, { type: "finalized", finalized });
    });
  }

  #askHead(index: number, peer: number): void {
    if (peer === index) return;
    this.#later(index, 20, () => {
      const up = this.nodes[peer]?.state !== undefined;
      if (!up || !this.connected(index, peer) || !this.connected(peer, index)) return;
      const sequence = toSequence(this.height(peer));
      const id = this.membership.members[peer]?.id;
      if (sequence > this.height(index)) this.input(index, { type: "ahead", sequence, peer: id });
    });
  }

  #tellHead(index: number, to: Uint8Array, known: number): void {
    const peer = this.membership.members.findIndex(({ id }) => equalBytes(id, to));
    if (peer < 0 || !this.connected(index, peer)) return;
    const id = this.membership.members[index]?.id;
    this.#later(peer, 10, () =>
      this.input(peer, { type: "ahead", sequence: toSequence(known), peer: id }),
    );
  }

  #startTimer(index: number, timer: "view" | "propose" | "heartbeat" | "resend", ms: number): void {
    const node = this.node(index);
    const generation = (this.#order += 1);
    node.timers.set(timer, generation);
    this.#later(index, ms, () => {
      if (node.timers.get(timer) !== generation) return;
      node.timers.delete(timer);
      this.input(index, { type: "timeout", timer });
    });
  }

  /** Like `schedule`, but void once the node has crashed. */
  #later(index: number, delayMs: number, run: () => void): void {
    const { life } = this.node(index);
    this.#schedule(delayMs, () => {
      if (this.node(index).life === life) run();
    });
  }

  #schedule(delayMs: number, run: () => void): void {
    this.#order += 1;
    const entry = { at: this.now + delayMs, order: this.#order, run };
    const queue = this.#queue;
    let at = queue.length;
    queue.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = queue[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      queue[at] = above;
      at = parent;
    }
    queue[at] = entry;
  }

  #pop(end: number): { at: number; run: () => void } | undefined {
    const queue = this.#queue;
    const [first] = queue;
    if (first === undefined || first.at > end) return undefined;
    const last = queue.pop();
    if (last === undefined || queue.length === 0) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [queue[2 * at + 1], queue[2 * at + 2]];
      const smaller = right !== undefined && left !== undefined && isBefore(right, left);
      const child = smaller ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      queue[at] = child;
      at = smaller ? 2 * at + 2 : 2 * at + 1;
    }
    queue[at] = last;
    return first;
  }
}

function isBefore(
  left: { at: number; order: number },
  right: { at: number; order: number },
): boolean {
  return left.at === right.at ? left.order < right.order : left.at < right.at;
}

function isRecordOf(entry: SigningEntry, message: ConsensusMessage): boolean {
  switch (message.type) {
    case "prepare":
    case "commit":
      return (
        entry.type === "vote" &&
        entry.phase === message.type &&
        entry.sequence === message.sequence &&
        entry.view === message.view &&
        equalBytes(entry.digest, message.digest)
      );
    case "pre-prepare":
    case "new-view":
      return (
        entry.type === "proposal" &&
        entry.view === message.proposal.view &&
        equalBytes(entry.digest, message.proposal.digest)
      );
    case "view-change":
      return (
        entry.type === "view-change" &&
        entry.body.newView === message.body.newView &&
        entry.body.prepared?.view === message.body.prepared?.view
      );
  }
}
