import { assert, type ConsensusMessage, type SyncRequest, toHex } from "@aethel/models";
import type { PeerName, Transport, TransportHandlers } from "@aethel/pbft";
import { TestkitError } from "../errors.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";
import type { Ambush } from "./ambush.ts";
import { bytesOfMessage, bytesOfResponse, REQUEST_BYTES } from "./message-size.ts";

/** An event on the network, for traces. */
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

/** One incarnation of a node (from a start to the next crash) on the network. */
export interface Endpoint {
  readonly process: VirtualProcess;
  handlers: TransportHandlers | undefined;
}

/**
 * Sends something over a link, and returns whether it is on its way. `arrive` runs when it arrives:
 * never if it is lost, twice if it is repeated.
 */
export type Send = (
  crossing: { readonly from: number; readonly to: number; readonly bytes: () => number },
  arrive: (endpoint: Endpoint) => void,
) => boolean;

/** Links and rules of the network that an endpoint uses. */
export interface EndpointOptions {
  readonly node: number;
  readonly endpoint: Endpoint;
  readonly names: readonly PeerName[];
  readonly requestTimeoutMs?: number;
  readonly onEvent?: (event: NetworkEvent) => void;
  readonly cross: Send;
  readonly meet: (left: number, right: number) => void;
  readonly swallows: Ambush;
  readonly isReachable: (other: number) => boolean;
  readonly isCurrent: () => boolean;
}

/** Creates the transport of one incarnation of a node (from a start to the next crash). */
export function createEndpoint(options: EndpointOptions): Transport {
  const { node, endpoint, names, cross, meet, isReachable, isCurrent } = options;
  const onEvent = options.onEvent ?? ((): void => undefined);
  const others = [...names.keys()].filter((other) => other !== node);
  const own = toHex(nameAt(names, node));
  // A name that two nodes have, twins, reaches both; a request goes to one that is reachable.
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
      // For the asker a peer that fails to answer is the same as a silent one.
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

/** Returns the name (the validator's id) of a node. */
export function nameAt(names: readonly PeerName[], node: number): PeerName {
  const name = names[node];
  assert(name !== undefined, "every node has a name");
  return name;
}
