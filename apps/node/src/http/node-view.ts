import type { Ledger } from "@aethel/ledger";
import type { AccountId, Genesis, Proof, PublicKey } from "@aethel/models";
import type { PeerTransport } from "@aethel/p2p";
import type { ReplicaStatus } from "@aethel/pbft";
import type { Finding } from "../health/finding.ts";
import type { DiskStore } from "../storage/ledger-store.ts";
import type { EventHub } from "./event-hub.ts";
import type { Refusals } from "./refusals.ts";

/** Answer to a client whose proof was not looked at because something is full. */
export interface Busy {
  readonly type: "busy";
  readonly reason: string;
}

/** Parts of the node that the API reads. */
export interface NodeView {
  readonly genesis: Genesis;
  readonly version: string;
  readonly role: "validator" | "sentry" | "observer";
  readonly validator: AccountId | undefined;
  readonly ledger: Ledger;
  readonly refusals: Refusals;
  readonly events: EventHub;
  /** Reads slashes, oldest first. */
  readonly slashes: DiskStore["slashes"];
  /** Status of the replica; undefined until it runs. */
  readonly consensus: () => ReplicaStatus | undefined;
  /** Reasons why this node finalizes no blocks, the most serious first. */
  readonly findings: () => readonly Finding[];
  /** Milliseconds since this node finalized its last block, or since the node's start. */
  readonly quietMs: () => number;
  /** Consensus keys that this node holds, oldest first. */
  readonly keys: () => readonly PublicKey[];
  /** Transport of this node; undefined until it runs. */
  readonly transport: () => PeerTransport | undefined;
  /** Token by which the API knows this node's operator. */
  readonly operatorToken: string;
  /** Number of connected peers. */
  readonly peers: () => number;
  readonly uptimeMs: () => number;
  /**
   * Adds a proof to the mempool. If the mempool accepts it, gossips it to the peers. `busy`: this
   * node takes no proof now, for the reason that is given; the client should try again.
   */
  readonly submit: (proof: Proof) => Promise<ReturnType<Ledger["submit"]> | Busy>;
}
