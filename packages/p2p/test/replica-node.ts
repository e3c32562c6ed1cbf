import {
  type Clock,
  createApplication,
  createMemoryChainStore,
  createRememberingVerify,
  createReplica,
  type Replica,
  type SigningLog,
} from "@aethel/pbft";
import {
  createPeerTransport,
  type PeerEvent,
  type PeerTransport,
  type PeerTransportOptions,
} from "../src/index.ts";
import { genesis, type Identity, type setOf } from "./localnet.ts";

/** Parameters of a chain whose blocks come fast. */
export const parameters = {
  minBlockIntervalMs: 20,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 3_000,
  viewTimeoutMaxMs: 20_000,
  judgingBoundMs: 1_000,
  disseminationBoundMs: 1_000,
  networkDelayMs: 100,
};
/** Signing log that keeps nothing. */
export const forgetful: SigningLog = {
  load: async () => [],
  append: async () => {},
  compact: async () => {},
};
/** Clock of this machine. */
export const clock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A replica over its own libp2p node, with an application that counts items. */
export interface ReplicaNode {
  readonly identity: Identity;
  readonly transport: PeerTransport;
  readonly replica: Replica;
  readonly events: PeerEvent[];
  readonly height: () => number;
  readonly submit: (bytes: Uint8Array) => void;
  stop(): Promise<void>;
}

/** Starts a transport and a replica that is not started yet. Without `validator` it follows. */
export async function createReplicaNode(
  who: Identity,
  validators: ReturnType<typeof setOf>,
  options: Partial<PeerTransportOptions>,
): Promise<ReplicaNode> {
  const events: PeerEvent[] = [];
  const verify = createRememberingVerify();
  const application = await createApplication<number>({
    genesis,
    validators,
    store: createMemoryChainStore(),
    initial: 0,
    apply: (count) => count + 1,
    root: (count) => Uint8Array.of(count),
  });
  const { id, signer, networkKey } = who;
  const transport = await createPeerTransport({
    genesis,
    networkKey,
    head: () => application.head(),
    verify,
    listen: ["/ip4/127.0.0.1/tcp/0"],
    bootstrap: [],
    onEvent: (event) => events.push(event),
    ...options,
  });
  const world = { parameters, application, transport, clock, signingLog: forgetful, verify };
  const replica = createReplica({ genesis, id, signer, ...world });
  return {
    identity: who,
    transport,
    replica,
    events,
    height: () => application.head().header.sequence,
    submit(bytes) {
      application.submit(bytes);
      replica.notifyWork();
    },
    async stop() {
      await replica[Symbol.asyncDispose]();
      await transport.stop();
    },
  };
}
