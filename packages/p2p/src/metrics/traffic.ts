import type { DropReason, RefusalReason } from "../events.ts";

/** Direction of bytes and messages, as this node sees it. */
export type Direction = "in" | "out";

/** Bytes and messages in both directions. */
export interface Flow {
  bytesIn: number;
  bytesOut: number;
  messagesIn: number;
  messagesOut: number;
}

/** Requests of this node that were answered, and the time that they took together. */
export interface RoundTrips {
  count: number;
  sumMs: number;
  maxMs: number;
}

/** Counts of one peer since it connected: bytes, messages, and drops. */
export interface PeerTraffic {
  /** Bytes and messages of each protocol. */
  readonly protocols: ReadonlyMap<string, Readonly<Flow>>;
  /** Number of things that were dropped, for each reason. */
  readonly drops: ReadonlyMap<DropReason, number>;
  readonly roundTrips: Readonly<RoundTrips>;
}

/** Counts of all peers since this node started, including those that are gone. */
export interface TotalTraffic extends PeerTraffic {
  /** Number of refused connections, for each reason. */
  readonly refusals: ReadonlyMap<RefusalReason, number>;
}

/** Counters of what goes over the network. They hold one entry for each connected peer. */
export interface Traffic {
  bytes(peer: string | undefined, protocol: string, direction: Direction, count: number): void;
  message(peer: string, protocol: string, direction: Direction): void;
  dropped(peer: string, reason: DropReason): void;
  refused(reason: RefusalReason): void;
  /** Notes that a request of this node was answered after some milliseconds. */
  answered(peer: string, elapsedMs: number): void;
  /** Forgets a peer whose last connection was closed. The totals keep its counts. */
  forget(peer: string): void;
  ofPeer(peer: string): PeerTraffic;
  total(): TotalTraffic;
}

/** Most protocols that are counted by name. Further ones are counted together. */
const PROTOCOLS_MAX = 64;
/** Most peers that are counted. Further ones count in the totals only. */
const PEERS_MAX = 4_096;

interface Counts {
  readonly protocols: Map<string, Flow>;
  readonly drops: Map<DropReason, number>;
  readonly roundTrips: RoundTrips;
}

/** Creates counters that are all zero. */
export function createTraffic(): Traffic {
  const totals = { ...createCounts(), refusals: new Map<RefusalReason, number>() };
  const peers = new Map<string, Counts>();

  function countsOf(peer: string | undefined): readonly Counts[] {
    if (peer === undefined) return [totals];
    const known = peers.get(peer);
    if (known !== undefined) return [totals, known];
    if (peers.size >= PEERS_MAX) return [totals];
    const fresh = createCounts();
    peers.set(peer, fresh);
    return [totals, fresh];
  }

  return {
    bytes(peer, protocol, direction, count) {
      for (const counts of countsOf(peer)) {
        flowOf(counts, protocol)[direction === "in" ? "bytesIn" : "bytesOut"] += count;
      }
    },
    message(peer, protocol, direction) {
      for (const counts of countsOf(peer)) {
        flowOf(counts, protocol)[direction === "in" ? "messagesIn" : "messagesOut"] += 1;
      }
    },
    dropped(peer, reason) {
      for (const { drops } of countsOf(peer)) drops.set(reason, (drops.get(reason) ?? 0) + 1);
    },
    refused(reason) {
      totals.refusals.set(reason, (totals.refusals.get(reason) ?? 0) + 1);
    },
    answered(peer, elapsedMs) {
      for (const { roundTrips } of countsOf(peer)) {
        roundTrips.count += 1;
        roundTrips.sumMs += elapsedMs;
        roundTrips.maxMs = Math.max(roundTrips.maxMs, elapsedMs);
      }
    },
    forget: (peer) => void peers.delete(peer),
    ofPeer: (peer) => peers.get(peer) ?? createCounts(),
    total: () => totals,
  };
}

function createCounts(): Counts {
  return {
    protocols: new Map(),
    drops: new Map(),
    roundTrips: { count: 0, sumMs: 0, maxMs: 0 },
  };
}

function flowOf({ protocols }: Counts, protocol: string): Flow {
  const name = protocols.has(protocol) || protocols.size < PROTOCOLS_MAX ? protocol : "other";
  const flow = protocols.get(name) ?? { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  protocols.set(name, flow);
  return flow;
}
