import type { AccountId, Digest, Sequence, Signer } from "@aethel/models";
import type { ApplicationHead, RememberingVerify, Transport } from "@aethel/pbft";
import type { BanStore, OperatorBans } from "./bans/ban.ts";
import type { DiscoveryOptions } from "./discovery/options.ts";
import type { PeerEvent } from "./events.ts";
import type { PeerLimits } from "./limits.ts";
import type { TransportMetrics } from "./metrics/transport-metrics.ts";
import type { PeerRole, PeerVersions } from "./peers/versions.ts";

/**
 * Head of an application: its sequence, the set that votes on the next sequence, and the set that
 * voted on the head.
 */
export interface RelayHead extends Pick<ApplicationHead, "validators" | "previousValidators"> {
  readonly header: Pick<ApplicationHead["header"], "sequence">;
}

/** Options of a peer transport. */
export interface PeerTransportOptions {
  /** Genesis hash. Peers with another one are refused. */
  readonly genesis: Digest;
  /** Ed25519 seed of the peer id, 32 bytes. MUST NOT be the seed of the consensus key. */
  readonly networkKey: Uint8Array;
  /**
   * Identity of a validator; undefined on a node that only follows. `signers`: further keys of a
   * validator that rotates its key. The list is read at each handshake, so it may grow. The
   * handshake proves the key that the validator set names for the id. If the set names none of the
   * keys, it proves the key of `signer`.
   */
  readonly validator?: {
    readonly id: AccountId;
    readonly signer: Signer;
    readonly signers?: readonly Signer[];
  };
  /**
   * Role that this node tells its peers. Default: `validator` with a validator, otherwise
   * `observer`.
   */
  readonly role?: PeerRole;
  /**
   * Multiaddresses of this validator's own sentries, each with its peer id. If there is one, this
   * validator is private: it dials and accepts these peers only, instead of `bootstrap`, and its
   * addresses are told to nobody. Default: none.
   */
  readonly sentries?: readonly string[];
  /**
   * Peer ids of the private validators behind this sentry. They always find a place, requests are
   * passed on to and from them, and their addresses are told to nobody. Default: none.
   */
  readonly privatePeers?: readonly string[];
  /**
   * Multiaddresses, each with its peer id, that the signed record of this validator tells. Default:
   * those of its sentries, or else those on which it listens.
   */
  readonly recordAddresses?: readonly string[];
  /** Versions that peers must share with this node. Default: no Judge, application 0. */
  readonly versions?: PeerVersions;
  /**
   * Returns the application's head. It determines which validator identities count as proven, and
   * against which sets relayed messages are checked. It is called often. As long as the sets are
   * the same, it should return the same objects.
   */
  head(): RelayHead;
  /** Multiaddrs to listen on, such as `/ip4/127.0.0.1/tcp/0`. If empty, the node only dials. */
  readonly listen: readonly string[];
  /** Multiaddrs to which the node stays connected. This node's own address may be among them. */
  readonly bootstrap: readonly string[];
  /** Finds further peers. Undefined: the node knows only the peers of `bootstrap`. */
  readonly discovery?: DiscoveryOptions;
  readonly limits?: Partial<PeerLimits>;
  /**
   * Verifies the signatures of relayed messages. If the replica's `verify` is the same function,
   * each signature is checked only once. Default: a new one.
   */
  readonly verify?: RememberingVerify;
  /**
   * Returns the cost of checking a gossiped item, as a number of signature checks. Undefined for
   * bytes that are no item, which count against their sender. The cost is charged to the sender's
   * budget before the handler of `onItem` is called. This function MUST be cheap and not throw.
   * Default: 1 for any bytes.
   */
  itemCost?(bytes: Uint8Array): number | undefined;
  /** Storage of bans. Undefined: they last until the transport stops. */
  readonly banStore?: BanStore;
  /** Called with events about connections. Must not throw. */
  onEvent?(event: PeerEvent): void;
}

/** Peer that relayed an item. Each has a budget of its own for signature checks. */
export interface ItemSource {
  /** Peer id as text. */
  readonly peer: string;
  readonly validator: AccountId | undefined;
}

/**
 * Answer of a handler about an item. `accept`: keep and relay it. `ignore`: drop it. `later`: ask
 * again soon, for example because too many wait; meanwhile another peer may bring it. `reject`:
 * drop it and count it against its sender.
 */
export type ItemVerdict = "accept" | "ignore" | "later" | "reject";

/** A connected peer. */
export interface PeerConnection extends ItemSource {
  readonly address: string;
  readonly direction: "inbound" | "outbound";
  readonly openedAt: number;
  /** Role that the peer has stated. Only a proven `validator` makes it more than a claim. */
  readonly role: PeerRole;
  /** Last final sequence that the peer stated when it connected. It proves nothing. */
  readonly head: Sequence;
}

/**
 * Running libp2p node as the transport of a replica, with gossip for the items that wait to be
 * ordered. `peers` and `connected` use the ids of validators that have proven them. They also use
 * aliases, after these ids, for peers that can only be asked. Behind each alias is a peer that
 * claims to be a validator of which no session is proven.
 */
export interface PeerTransport extends Transport, AsyncDisposable {
  /** Peer id of this node as text. */
  readonly peer: string;
  /** Returns the multiaddrs under which this node can be dialed. Each includes the peer id. */
  addresses(): readonly string[];
  /**
   * Sends an item to all peers without a guarantee. Returns false if there is no peer, so that the
   * caller should try again. The same bytes are sent at most once in 8 s.
   * @throws P2pError `OVERSIZE`
   */
  publishItem(bytes: Uint8Array): boolean;
  /**
   * Returns whether the queues to the peers have room for more items. While they have none, the
   * caller should take no new items: what is published then may not reach everyone. True without
   * peers.
   */
  takesItems(): boolean;
  /**
   * Sets the handler of items from peers, in place of an earlier one. It makes the application's
   * own check. `accept` relays the item. `reject` counts against the sender, so it must be given
   * only for items that no honest peer relays, such as those with a bad signature.
   */
  onItem(
    handler: (bytes: Uint8Array, from: ItemSource) => ItemVerdict | Promise<ItemVerdict>,
  ): void;
  /** Returns the connections that have passed the handshake, oldest first. */
  connections(): readonly PeerConnection[];
  /** Returns the figures of this transport. The maps in them go on counting. */
  metrics(): TransportMetrics;
  /** Bans of peers and hosts. */
  readonly bans: OperatorBans;
  /** Closes every socket, server and stream. May be called more than once. */
  stop(): Promise<void>;
}
