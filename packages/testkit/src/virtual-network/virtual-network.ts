import { assert, type ConsensusMessage, type SyncRequest, toHex } from "@aethel/models";
import type { PeerName, Transport, TransportHandlers } from "@aethel/pbft";
import { TestkitError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import { type Ambush, type AmbushConfig, createAmbush } from "./ambush.ts";
import { createLinks } from "./links.ts";
import { bytesOfMessage, bytesOfResponse, REQUEST_BYTES } from "./message-size.ts";
import type { NetworkConfig, PartitionWindow } from "./network-config.ts";

/** Something that passed over a link, or did not. */
export type NetworkEvent =
  | {
      readonly type: "sent" | "lost" | "delivered";
      readonly from: number;
      readonly to: number;
      readonly message: ConsensusMessage;
    }
  | {
      readonly type: "requested" | "answered";
      readonly from: number;
      readonly to: number;
      readonly request: SyncRequest["type"];
    };

/** All nodes' links. Nodes are numbers here and names towards replicas. */
export interface VirtualNetwork {
  /** The endpoint of one incarnation of a node; it takes the place of an earlier one. */
  connect(node: number, process: VirtualProcess): Transport;
  /** A partition from now on or later, as its window says. */
  partition(window: PartitionWindow): void;
  /** Ends all partitions; from now on nothing is lost, repeated or held back. */
  heal(): void;
  /** As gossip does: tries again and again while it is wanted, until `arrive` says that it is done. */
  bring(options: {
    readonly from: number;
    readonly to: number;
    readonly wanted: () => boolean;
    readonly arrive: () => boolean;
  }): void;
}

interface Endpoint {
  readonly process: VirtualProcess;
  handlers: TransportHandlers | undefined;
}

const RETRY_MS = 500;

/** Links between the named nodes; every choice is drawn from `random` in the order of events. */
export function createVirtualNetwork(options: {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly config: NetworkConfig;
  /** Name of each node. */
  readonly names: readonly PeerName[];
  /** How long a request waits for its answer. */
  readonly requestTimeoutMs?: number;
  /** A network that plays against the protocol. */
  readonly ambush?: AmbushConfig;
  readonly onEvent?: (event: NetworkEvent) => void;
}): VirtualNetwork {
  const { scheduler, config, names } = options;
  const links = createLinks({ ...options, nodeCount: names.length });
  const endpoints: (Endpoint | undefined)[] = names.map(() => undefined);
  let healed = false;
  const swallows: Ambush =
    options.ambush === undefined
      ? () => false
      : createAmbush({
          ...options,
          config: options.ambush,
          links,
          honest: honestOf(names, config.byzantineIds),
          isOver: () => healed,
        });

  const endpointOf = (node: number): Endpoint | undefined => {
    const endpoint = endpoints[node];
    return endpoint?.process.state === "crashed" ? undefined : endpoint;
  };
  const cross: Crossing = ({ from, to, bytes }, arrive) => {
    const delays = links.cross({ from, to, bytes });
    for (const delay of delays) {
      scheduler.at(scheduler.nowMs + delay, () => {
        const endpoint = endpointOf(to);
        if (endpoint === undefined || links.isCut(from, to)) return;
        endpoint.process.run(() => arrive(endpoint));
      });
    }
    return delays.length > 0;
  };
  const introduce = (to: number, peer: number): void => {
    scheduler.at(scheduler.nowMs + config.latencyMs, () => {
      const endpoint = endpointOf(to);
      if (endpoint === undefined || endpointOf(peer) === undefined || links.isCut(peer, to)) return;
      endpoint.process.run(() => endpoint.handlers?.connected(nameAt(names, peer)));
    });
  };
  const meet = (left: number, right: number): void => {
    introduce(left, right);
    introduce(right, left);
  };
  links.onReunion(meet);

  return {
    partition: (window) => links.partition(window),
    heal: () => {
      healed = true;
      links.heal();
    },
    connect(node, process) {
      const endpoint: Endpoint = { process, handlers: undefined };
      endpoints[node] = endpoint;
      const isReachable = (other: number): boolean =>
        endpointOf(other) !== undefined && !links.isCut(node, other);
      const isCurrent = (): boolean => endpointOf(node) === endpoint;
      return createEndpoint({
        ...options,
        node,
        endpoint,
        cross,
        meet,
        swallows,
        isReachable,
        isCurrent,
      });
    },
    bring({ from, to, wanted, arrive }) {
      let arrived = false;
      const attempt = (): void => {
        if (arrived || !wanted()) return;
        cross({ from, to, bytes: () => REQUEST_BYTES }, () => {
          arrived ||= arrive();
        });
        scheduler.at(scheduler.nowMs + RETRY_MS + links.delayMs(), attempt);
      };
      attempt();
    },
  };
}

/** Twins of Byzantine nodes have their names, and are not honest either. */
function honestOf(names: readonly PeerName[], byzantineIds: readonly number[]): readonly number[] {
  const byzantine = new Set(byzantineIds.map((node) => toHex(nameAt(names, node))));
  return [...names.keys()].filter((node) => !byzantine.has(toHex(nameAt(names, node))));
}

type Crossing = (
  crossing: { readonly from: number; readonly to: number; readonly bytes: () => number },
  arrive: (endpoint: Endpoint) => void,
) => boolean;

interface EndpointOptions {
  readonly node: number;
  readonly endpoint: Endpoint;
  readonly names: readonly PeerName[];
  readonly requestTimeoutMs?: number;
  readonly onEvent?: (event: NetworkEvent) => void;
  readonly cross: Crossing;
  readonly meet: (left: number, right: number) => void;
  readonly swallows: Ambush;
  readonly isReachable: (other: number) => boolean;
  readonly isCurrent: () => boolean;
}

function createEndpoint(options: EndpointOptions): Transport {
  const { node, endpoint, names, cross, meet, isReachable, isCurrent } = options;
  const onEvent = options.onEvent ?? ((): void => undefined);
  const others = [...names.keys()].filter((other) => other !== node);
  const own = toHex(nameAt(names, node));
  // A name that two nodes answer to, twins, is reached at both; a request goes to whoever is there.
  const instances = (name: PeerName): readonly number[] =>
    others.filter((other) => toHex(nameAt(names, other)) === toHex(name));
  const instanceOf = (name: PeerName): number | undefined => {
    const all = instances(name);
    return all.find(isReachable) ?? all[0];
  };
  const post = (to: number, message: ConsensusMessage): void => {
    onEvent({ type: "sent", from: node, to, message });
    const swallowed = options.swallows({ message, from: node, to });
    const bytes = (): number => bytesOfMessage(message);
    const leaves =
      !swallowed &&
      cross({ from: node, to, bytes }, ({ handlers }) => {
        onEvent({ type: "delivered", from: node, to, message });
        handlers?.message(message, nameAt(names, node));
      });
    if (!leaves) onEvent({ type: "lost", from: node, to, message });
  };
  return {
    broadcast(message) {
      if (isCurrent()) for (const to of others) post(to, message);
    },
    send(to, message) {
      if (isCurrent()) for (const index of instances(to)) post(index, message);
    },
    request: (to, request, signal) => ask({ ...options, to: instanceOf(to) }, request, signal),
    peers: () => {
      const reachable = others.filter(isReachable).map((other) => nameAt(names, other));
      const named = new Map(reachable.map((name) => [toHex(name), name]));
      named.delete(own);
      return [...named.values()];
    },
    attach(handlers) {
      endpoint.handlers = handlers;
      for (const other of others) if (isReachable(other)) meet(node, other);
    },
  };
}

function ask(
  options: EndpointOptions & { readonly to: number | undefined },
  request: SyncRequest,
  signal: AbortSignal,
): ReturnType<Transport["request"]> {
  const { node, endpoint, names, to, cross, requestTimeoutMs = 2_000 } = options;
  return new Promise((resolve, reject) => {
    const refuse = (reason: "lost" | "aborted" | "no-peer"): void =>
      reject(new TestkitError({ code: "NO_ANSWER", reason }));
    if (to === undefined || to === node) return refuse("no-peer");
    if (signal.aborted) return refuse("aborted");
    options.onEvent?.({ type: "requested", from: node, to, request: request.type });
    const cancel = endpoint.process.after(requestTimeoutMs, () => refuse("lost"));
    signal.addEventListener("abort", () => {
      cancel();
      endpoint.process.run(() => refuse("aborted"));
    });
    cross({ from: node, to, bytes: () => REQUEST_BYTES }, ({ handlers }) => {
      const answer = handlers?.request(request, nameAt(names, node));
      // A peer that fails to answer is for the asker the same as one that is silent.
      answer?.then(
        (response) =>
          cross({ from: to, to: node, bytes: () => bytesOfResponse(response) }, (back) => {
            if (back !== endpoint) return;
            cancel();
            options.onEvent?.({ type: "answered", from: to, to: node, request: request.type });
            resolve(response);
          }),
        () => undefined,
      );
    });
    return undefined;
  });
}

function nameAt(names: readonly PeerName[], node: number): PeerName {
  const name = names[node];
  assert(name !== undefined, "every node has a name");
  return name;
}
