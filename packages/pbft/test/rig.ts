import type { ConsensusMessage, SyncRequest, SyncResponse } from "@aethel/models";
import {
  type Application,
  createReplica,
  type PacingParameters,
  type PeerName,
  type Replica,
  type ReplicaEvent,
  type ReplicaOptions,
  type SigningLog,
  type TransportHandlers,
} from "../src/index.ts";
import { Counter } from "./counter.ts";
import { createEventQueue } from "./event-queue.ts";
import { asApplication, createLog } from "./hub.ts";
import { createMembership, GENESIS, type Membership } from "./keys.ts";

export const rigParameters: PacingParameters = {
  minBlockIntervalMs: 10,
  heartbeatIntervalMs: 0,
  maxDriftMs: 60_000,
  viewTimeoutMs: 400,
  viewTimeoutMaxMs: 2_000,
  judgingBoundMs: 100,
  disseminationBoundMs: 100,
  networkDelayMs: 20,
};

/** One replica whose whole world is the test: each call of a port is told to `onCall` first. */
export interface Rig {
  readonly replica: Replica;
  readonly counter: Counter;
  readonly membership: Membership;
  readonly events: ReplicaEvent[];
  readonly log: ReturnType<typeof createLog>;
  readonly sent: ConsensusMessage[];
  /** Names of all calls that the replica made, in order. */
  readonly calls: string[];
  /** Handlers that the replica gave to `attach`. */
  readonly handlers: () => TransportHandlers;
  /** Lets virtual time pass, and everything that follows from it happen. */
  readonly pass: (ms: number) => Promise<void>;
  /** Gives it something to do and waits until it has finalized, or throws. */
  readonly finalize: () => Promise<void>;
  /** Timers that are set. */
  readonly scheduled: () => number;
}

export interface RigOptions {
  /** Number of validators; the replica is the first, the others say what the test says. */
  readonly n?: number;
  /** Instead of `n` equal ones. */
  readonly membership?: Membership;
  readonly log?: ReturnType<typeof createLog>;
  readonly counter?: Counter;
  readonly application?: Partial<Application>;
  readonly signingLog?: Partial<SigningLog>;
  readonly peers?: () => readonly PeerName[];
  readonly answer?: (
    to: PeerName,
    request: SyncRequest,
    signal: AbortSignal,
  ) => Promise<SyncResponse>;
  readonly replica?: Partial<ReplicaOptions>;
  /** Sees each message that is broadcast, as it leaves. */
  readonly onSend?: (message: ConsensusMessage) => void;
  /** May throw in place of the call, or delay it. */
  readonly onCall?: (name: string) => Promise<void> | void;
}

export function createRig(options: RigOptions = {}): Rig {
  const { n = 1, log = createLog(), onCall } = options;
  const ones = Array.from({ length: n }, () => 1);
  const membership = options.membership ?? createMembership(ones, "ed25519");
  const [member] = membership.members;
  if (member === undefined) throw new Error("there is one");
  const counter = options.counter ?? new Counter(GENESIS, membership.set);
  const [events, sent, calls]: [ReplicaEvent[], ConsensusMessage[], string[]] = [[], [], []];
  const queue = createEventQueue();
  let [now, scheduled] = [1_000, 0];
  let attached: TransportHandlers | undefined;
  const called = (name: string): Promise<void> | void => {
    calls.push(name);
    return onCall?.(name);
  };
  const application = { ...asApplication(counter), ...options.application };
  const signingLog = { ...log, ...options.signingLog };
  const replica = createReplica({
    genesis: GENESIS,
    parameters: rigParameters,
    signer: member.signer,
    id: member.id,
    onEvent: (event) => events.push(event),
    clock: {
      now: () => now,
      schedule(delayMs, action) {
        void called("schedule");
        scheduled += 1;
        let open = true;
        const close = (): void => {
          if (open) scheduled -= 1;
          open = false;
        };
        queue.push(now + delayMs, () => {
          if (!open) return;
          close();
          action();
        });
        return close;
      },
    },
    signingLog: {
      load: async () => {
        await called("load");
        return signingLog.load();
      },
      append: async (record) => {
        await called("append");
        await signingLog.append(record);
      },
      compact: async (records) => {
        await called("compact");
        await signingLog.compact(records);
      },
    },
    application: {
      head: application.head,
      hasWork: application.hasWork,
      propose: async (request) => {
        await called("propose");
        return application.propose(request);
      },
      verify: async (request) => {
        await called("verify");
        return application.verify(request);
      },
      commit: async (...given) => {
        await called("commit");
        return application.commit(...given);
      },
      item: (hash) => application.item?.(hash),
      finalized: async (sequence) => {
        await called("finalized");
        return application.finalized(sequence);
      },
      header: application.header,
    },
    transport: {
      attach: (handlers) => {
        void called("attach");
        attached = handlers;
      },
      peers: options.peers ?? (() => []),
      send: () => {},
      broadcast: (message) => {
        void called("broadcast");
        sent.push(message);
        options.onSend?.(message);
      },
      request: async (to, request, signal) => {
        await called("request");
        if (options.answer === undefined) throw new Error("nobody answers");
        return options.answer(to, request, signal);
      },
    },
    ...options.replica,
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms;
    await settle();
    for (let next = queue.pop(end); next !== undefined; next = queue.pop(end)) {
      now = Math.max(now, next.at);
      next.run();
      await settle();
    }
    now = end;
  };
  const finalize = async (): Promise<void> => {
    const goal = counter.head.header.sequence + 1;
    counter.pending += 1;
    replica.notifyWork();
    for (let turn = 0; turn < 200 && counter.head.header.sequence < goal; turn++) await pass(50);
    if (counter.head.header.sequence < goal) throw new Error("not finalized");
    await pass(0);
  };
  const handlers = (): TransportHandlers => {
    if (attached === undefined) throw new Error("nothing attached");
    return attached;
  };
  const scheduledNow = (): number => scheduled;
  return {
    replica,
    counter,
    membership,
    events,
    log,
    sent,
    calls,
    handlers,
    pass,
    finalize,
    scheduled: scheduledNow,
  };
}

/** A promise that the test settles when it wants. */
export function createGate(): { readonly passed: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}
