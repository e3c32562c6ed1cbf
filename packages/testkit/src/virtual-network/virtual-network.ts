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

/** A network in virtual time. Here nodes are numbers; replicas see their names. */
export interface VirtualNetwork {
  /**
   * Connects one incarnation of a node (from a start to the next crash). It replaces an earlier
   * incarnation.
   */
  connect(node: number, process: VirtualProcess): Transport;
  /** Adds a partition for the time of its window, which may lie in the future. */
  partition(window: PartitionWindow): void;
  /** Ends all partitions and attacks. From now on nothing is lost, repeated or delayed further. */
  heal(): void;
  /**
   * Sends something again and again, as gossip does, while `wanted` returns true and until `arrive`
   * has returned true.
   */
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
  /** Name of each node, by index. Twins of a Byzantine node have the same name. */
  readonly names: readonly PeerName[];
  /** Milliseconds after which a request without an answer fails. Default 2000. */
  readonly requestTimeoutMs?: number;
  /** Attack of the network on the protocol. Default: none. */
  readonly ambush?: AmbushConfig;
  readonly onEvent?: (event: NetworkEvent) => void;
}

/**
 * Creates a network of the named nodes. Every choice is drawn from `random` in the order of events.
 */
export function createVirtualNetwork(options: VirtualNetworkOptions): VirtualNetwork {
  return new MemoryNetwork(options);
}

/** A network within one process: the current endpoint of each node, and the links. */
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

  /**
   * Returns the endpoint of a node. Undefined if the node never started or its process has crashed.
   */
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

/**
 * Returns the honest nodes. Twins of Byzantine nodes have their names, so they are left out too.
 */
function honestOf(names: readonly PeerName[], byzantineIds: readonly number[]): readonly number[] {
  const byzantine = new Set(byzantineIds.map((node) => toHex(nameAt(names, node))));
  return [...names.keys()].filter((node) => !byzantine.has(toHex(nameAt(names, node))));
}
