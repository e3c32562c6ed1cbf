import { type ConsensusMessage, equalBytes, type Signer } from "@aethel/models";
import {
  createReplica,
  type PacingParameters,
  type Replica,
  type ReplicaEvent,
  type ReplicaOptions,
  type TransportHandlers,
} from "../src/index.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { createEventQueue } from "./event-queue.ts";
import { asApplication, createLog } from "./hub.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";
import { createRandom } from "./random.ts";

/** One replica of a virtual world. */
export interface WorldNode {
  replica: Replica | undefined;
  counter: Counter;
  log: ReturnType<typeof createLog>;
  /** Read by the replica at each use, as a node's list of keys is. */
  readonly signers: Signer[];
  readonly events: ReplicaEvent[];
  /** All that it ever said. */
  readonly sent: ConsensusMessage[];
}

/** Whole replicas, drivers and all, on one queue of virtual time. */
export class VirtualWorld {
  readonly membership: Membership;
  readonly nodes: readonly WorldNode[];
  readonly random: () => number;
  now = 1_000;
  /** Whether a message from one node reaches another now. */
  passes: (from: number, to: number, message: ConsensusMessage) => boolean = () => true;
  /** Whether a node's requests are answered now. */
  isAnswered: (index: number) => boolean = () => true;
  #queue = createEventQueue();
  readonly #handlers = new Map<number, TransportHandlers>();
  readonly #parameters: PacingParameters;
  readonly #latency: readonly [number, number];

  constructor(options: {
    readonly seed: number;
    readonly powers?: readonly number[];
    readonly latency?: readonly [number, number];
    readonly parameters?: Partial<PacingParameters>;
  }) {
    const { seed, powers = [1, 1, 1, 1], latency = [1, 40] } = options;
    this.random = createRandom(seed);
    this.membership = createMembership(powers, "ed25519");
    this.#parameters = { ...parameters, minBlockIntervalMs: 20, ...options.parameters };
    this.#latency = latency;
    this.nodes = this.membership.members.map(({ signer }) => ({
      replica: undefined,
      counter: new Counter(GENESIS, this.membership.set),
      log: createLog(),
      signers: [signer],
      events: [],
      sent: [],
    }));
  }

  /** Starts a replica on what its disk holds; `changes`: other options. */
  async start(index: number, changes: Partial<ReplicaOptions> = {}): Promise<void> {
    const node = this.node(index);
    const member = this.membership.members[index];
    if (member === undefined) throw new Error("no such member");
    const application = asApplication(node.counter);
    const life = { open: true };
    const after = (ms: number, run: () => void): (() => void) => {
      let isOpen = true;
      this.#queue.push(this.now + ms, () => {
        if (isOpen && life.open) run();
      });
      return () => {
        isOpen = false;
      };
    };
    node.replica = createReplica({
      genesis: GENESIS,
      parameters: this.#parameters,
      signer: node.signers[0] ?? member.signer,
      signers: node.signers,
      id: member.id,
      signingLog: node.log,
      verify: this.membership.verify,
      random: () => Uint8Array.from({ length: 32 }, () => Math.floor(this.random() * 256)),
      onEvent: (event) => node.events.push(event),
      application: {
        ...application,
        hasWork: () => true,
        propose: async (request) => {
          node.counter.pending = 1;
          return node.counter.propose(request);
        },
      },
      clock: { now: () => this.now, schedule: after },
      transport: {
        attach: (handlers) => this.#handlers.set(index, handlers),
        peers: () => this.membership.members.filter((_, at) => at !== index).map(({ id }) => id),
        send: (to, message) => this.#send(index, this.indexOf(to), message),
        broadcast: (message) => {
          node.sent.push(message);
          for (const to of this.nodes.keys()) if (to !== index) this.#send(index, to, message);
        },
        request: async (to, request) => {
          await this.#pass();
          const handlers = this.#handlers.get(this.indexOf(to));
          const isLost = handlers === undefined || !this.isAnswered(index);
          if (isLost) throw new Error("not reachable");
          const answer = await handlers.request(request, member.id);
          await this.#pass();
          return answer;
        },
      },
      ...changes,
    });
    await node.replica.start();
  }

  /** The process ends; what is on its disk stays. */
  async crash(index: number): Promise<void> {
    this.#handlers.delete(index);
    const { replica } = this.node(index);
    this.node(index).replica = undefined;
    await replica?.stop();
  }

  async startAll(): Promise<void> {
    for (const index of this.nodes.keys()) await this.start(index);
  }

  /** Runs until `done`, or the time is over. True if it is done. */
  async run(forMs: number, done: () => boolean = () => false): Promise<boolean> {
    const end = this.now + forMs;
    await settle();
    for (let next = this.#queue.pop(end); next !== undefined; next = this.#queue.pop(end)) {
      this.now = Math.max(this.now, next.at);
      next.run();
      await settle();
      if (done()) return true;
    }
    this.now = end;
    return done();
  }

  async stop(): Promise<void> {
    for (const { replica } of this.nodes) await replica?.stop();
  }

  node(index: number): WorldNode {
    const found = this.nodes[index];
    if (found === undefined) throw new Error(`no node ${index}`);
    return found;
  }

  height(index: number): number {
    return this.node(index).counter.head.header.sequence;
  }

  indexOf(id: Uint8Array): number {
    return this.membership.members.findIndex((member) => equalBytes(member.id, id));
  }

  #delay(): number {
    const [min, max] = this.#latency;
    return min + Math.floor(this.random() * (max - min + 1));
  }

  #pass(): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push(this.now + this.#delay(), resolve);
    });
  }

  /** Delivers a message at once, whoever has made it. */
  deliver(from: number, to: number, message: ConsensusMessage): void {
    this.#handlers.get(to)?.message(message, this.membership.members[from]?.id);
  }

  #send(from: number, to: number, message: ConsensusMessage): void {
    if (!this.passes(from, to, message)) return;
    const sender = this.membership.members[from]?.id;
    this.#queue.push(this.now + this.#delay(), () => {
      this.#handlers.get(to)?.message(message, sender);
    });
  }
}

/** Lets everything happen that follows from what has happened. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next));
}
