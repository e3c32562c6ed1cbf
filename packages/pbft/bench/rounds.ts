import { type AccountId, equalBytes, toHex } from "@aethel/models";
import {
  type Application,
  type Clock,
  createReplica,
  type PacingParameters,
  type Transport,
  type TransportHandlers,
} from "../src/index.ts";
import { Counter } from "../test/counter.ts";
import { asApplication, createLog } from "../test/hub.ts";
import { createMembership, GENESIS } from "../test/keys.ts";

const parameters: PacingParameters = {
  minBlockIntervalMs: 0,
  heartbeatIntervalMs: 0,
  maxDriftMs: 3_600_000,
  viewTimeoutMs: 60_000,
  viewTimeoutMaxMs: 600_000,
  judgingBoundMs: 1_000,
  disseminationBoundMs: 1_000,
  networkDelayMs: 100,
};

/** Whole replicas, signing with Ed25519 and verifying each signature once each, on one thread. */
export async function runRounds(options: {
  readonly n: number;
  readonly blocks: number;
}): Promise<void> {
  const { n, blocks } = options;
  const membership = createMembership(
    Array.from({ length: n }, () => 1),
    "ed25519",
  );
  const connect = createNetwork();
  let behind = n;
  const done = Promise.withResolvers<void>();
  const replicas = membership.members.map(({ id, signer }) => {
    const counter = new Counter(GENESIS, membership.set);
    const application: Application = {
      ...asApplication(counter),
      hasWork: () => counter.head.header.sequence < blocks,
      propose: async (request) => counter.propose({ ...request, reason: "heartbeat" }),
    };
    return createReplica({
      genesis: GENESIS,
      parameters,
      signer,
      id,
      application,
      transport: connect(id),
      clock: steadyClock(),
      signingLog: createLog(),
      onEvent: (event) => {
        if (event.type !== "finalized" || event.sequence !== blocks) return;
        behind -= 1;
        if (behind === 0) done.resolve();
      },
    });
  });
  await Promise.all(replicas.map((replica) => replica.start()));
  await done.promise;
  await Promise.all(replicas.map((replica) => replica.stop()));
}

/** Real time; what is due at once comes in the next turn of the event loop. */
function steadyClock(): Clock {
  return {
    now: () => Date.now(),
    schedule(delayMs, action) {
      if (delayMs === 0) {
        const immediate = setImmediate(action);
        return () => clearImmediate(immediate);
      }
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

/** Delivers in the next turn of the event loop, without a wire in between. */
function createNetwork(): (id: AccountId) => Transport {
  const members = new Map<string, { id: AccountId; handlers: TransportHandlers }>();
  return (id) => {
    const others = () => [...members.values()].filter((other) => !equalBytes(other.id, id));
    return {
      attach: (handlers) => members.set(toHex(id), { id, handlers }),
      peers: () => others().map((other) => other.id),
      send: () => {},
      broadcast(message) {
        setImmediate(() => {
          for (const { handlers } of others()) handlers.message(message, id);
        });
      },
      request: async (to, request) => {
        const other = members.get(toHex(to));
        if (other === undefined) throw new Error("no such peer");
        return other.handlers.request(request, id);
      },
    };
  };
}
