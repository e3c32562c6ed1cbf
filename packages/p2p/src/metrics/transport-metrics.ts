import type { AccountId } from "@aethel/models";
import type { PeerTraffic, TotalTraffic } from "./traffic.ts";

/** Figures about one connected peer. */
export interface PeerMetrics extends PeerTraffic {
  /** Peer id as text. */
  readonly peer: string;
  readonly validator: AccountId | undefined;
  /** Milliseconds of the last ping, there and back. Undefined before the first. */
  readonly pingMs: number | undefined;
  /** Score that gossip gives the peer. It is 0 for a peer that did nothing wrong. */
  readonly score: number;
  /** Number of violations so far. At `faultsMax` the peer is refused. */
  readonly faults: number;
  /** Bytes of items that wait to be sent to the peer. */
  readonly unsentItemBytes: number;
}

/** Figures about a transport: of all peers together since it started, and of each connected one. */
export interface TransportMetrics {
  readonly total: TotalTraffic;
  readonly peers: readonly PeerMetrics[];
  /** Number of open sockets with a finished Noise handshake. */
  readonly connections: number;
}
