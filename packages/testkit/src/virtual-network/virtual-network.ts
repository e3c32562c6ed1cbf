import { toHex } from "@aethel/models";
import type { PeerName, Transport } from "@aethel/pbft";
import type { Random } from "../random.ts";
import type { VirtualProcess } from "../virtual-time/process.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import { type Ambush, type AmbushConfig, createAmbush } from "./ambush.ts";
import { createEndpoint, type Endpoint, type NetworkEvent, nameAt } from "./endpoint.ts";
import { type Crossing, Links } from "./links.ts";
import { REQUEST_BYTES } from "./message-size.ts";
import type { NetworkConfig, PartitionWindow } from "./network-config.ts";

export type { NetworkEvent } from "./endpoint.ts";

/** Links of all nodes. Nodes are numbers here and names towards replicas. */
export interface VirtualNetwork {
  /** Connects one incarnation of a node; it replaces an earlier one. */
  connect(node: number, process: VirtualProcess): Transport;
  /** Adds a partition from now on or later, as its window says. */
  partition(window: PartitionWindow): void;
  /** Ends all partitions; from now on nothing is lost, repeated or held back. */
  heal(): void;
  /** Tries again and again, as gossip does, while it is wanted and until `arrive` returns true. */
  bring(options: {
    readonly from: number;
    readonly to: number;
    readonly wanted: () => boolean;
    readonly arrive: () => boolean;
  }): void;
}

const RETRY_MS = 500;

/** Names, faults and listeners of a virtual network. */
export interface VirtualNetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly config: NetworkConfig;
  /** Name of each node. */
  readonly names: readonly PeerName[];
  /** Time that a request waits for its answer. */
  readonly requestTimeoutMs?: number;
  /** Default: none. */
  readonly ambush?: AmbushConfig;
  readonly onEvent?: (event: NetworkEvent) => void;
}

/** Connects the named nodes; every choice is drawn from `random` in the order of events. */
export function createVirtualNetwork(options: VirtualNetworkOptions): VirtualNetwork {
  return new MemoryNetwork(options);
}

/** Endpoints in one process, and the links between them. */
class MemoryNetwork implements VirtualNetwork {
  readonly #options: VirtualNetworkOptions;
  readonly #links: Links;
  readonly #swallows: Ambush;
  readonly #endpoints: (Endpoint | undefined)[];
  #isHealed = false;

  constructor(options: VirtualNetworkOptions) {
    const { names, config, ambush } = options;
    this.#options = options;
    this.#endpoints = names.map(() => undefined);
    this.#links = new Links({ ...options, nodeCount: names.length });
    this.#links.onReunion((left, right) => this.#meet(left, right));
    this.#swallows =
      ambush === undefined
        ? () => false
        : createAmbush({
            ...options,
            config: ambush,
            links: this.#links,
            honest: honestOf(names, config.byzantineIds),
            isOver: () => this.#isHealed,
          });
  }

  connect(node: number, process: VirtualProcess): Transport {
    const endpoint: Endpoint = { process, handlers: undefined };
    this.#endpoints[node] = endpoint;
    return createEndpoint({
      ...this.#options,
      node,
      endpoint,
      cross: (crossing, arrive) => this.#cross(crossing, arrive),
      meet: (left, right) => this.#meet(left, right),
      swallows: this.#swallows,
      isReachable: (other) =>
        this.#endpointOf(other) !== undefined && !this.#links.isCut(node, other),
      isCurrent: () => this.#endpointOf(node) === endpoint,
    });
  }

  partition(window: PartitionWindow): void {
    this.#links.partition(window);
  }

  heal(): void {
    this.#isHealed = true;
    this.#links.heal();
  }

  bring({ from, to, wanted, arrive }: Parameters<VirtualNetwork["bring"]>[0]): void {
    const { scheduler } = this.#options;
    let arrived = false;
    const attempt = (): void => {
      if (arrived || !wanted()) return;
      this.#cross({ from, to, bytes: () => REQUEST_BYTES }, () => {
        arrived ||= arrive();
      });
      scheduler.at(scheduler.nowMs + RETRY_MS + this.#links.delayMs(), attempt);
    };
    attempt();
  }

  /** Returns the endpoint of a node unless its process is gone. */
  #endpointOf(node: number): Endpoint | undefined {
    const endpoint = this.#endpoints[node];
    return endpoint?.process.state === "crashed" ? undefined : endpoint;
  }

  #cross(crossing: Crossing, arrive: (endpoint: Endpoint) => void): boolean {
    const { scheduler } = this.#options;
    const { from, to } = crossing;
    const delays = this.#links.cross(crossing);
    for (const delay of delays) {
      scheduler.at(scheduler.nowMs + delay, () => {
        const endpoint = this.#endpointOf(to);
        if (endpoint === undefined || this.#links.isCut(from, to)) return;
        endpoint.process.run(() => arrive(endpoint));
      });
    }
    return delays.length > 0;
  }

  #meet(left: number, right: number): void {
    this.#introduce(left, right);
    this.#introduce(right, left);
  }

  #introduce(to: number, peer: number): void {
    const { scheduler, config, names } = this.#options;
    scheduler.at(scheduler.nowMs + config.latencyMs, () => {
      const endpoint = this.#endpointOf(to);
      if (endpoint === undefined || this.#endpointOf(peer) === undefined) return;
      if (this.#links.isCut(peer, to)) return;
      endpoint.process.run(() => endpoint.handlers?.connected(nameAt(names, peer)));
    });
  }
}

/** Returns the honest nodes; twins of Byzantine ones have their names and are left out too. */
function honestOf(names: readonly PeerName[], byzantineIds: readonly number[]): readonly number[] {
  const byzantine = new Set(byzantineIds.map((node) => toHex(nameAt(names, node))));
  return [...names.keys()].filter((node) => !byzantine.has(toHex(nameAt(names, node))));
}
