import type { AccountId, Digest, Signer } from "@aethel/models";
import type { ApplicationHead, RememberingVerify, Transport } from "@aethel/pbft";
import type { PeerEvent } from "./events.ts";
import type { PeerLimits } from "./limits.ts";

/** The head of an application: its sequence, and the sets that vote on the next one and on it. */
export interface RelayHead extends Pick<ApplicationHead, "validators" | "previousValidators"> {
  readonly header: Pick<ApplicationHead["header"], "sequence">;
}

/** Options of a peer transport. */
export interface PeerTransportOptions {
  /** Hash of the genesis: peers with another one are refused. */
  readonly genesis: Digest;
  /** Ed25519 seed, 32 bytes, of the peer id. MUST NOT be that of the consensus key. */
  readonly networkKey: Uint8Array;
  /**
   * Identity of a validator; undefined on a node that only follows. `signers`: further keys of a
   * validator that changes its key. They are read at each handshake, so the list may grow. The
   * handshake proves the key that the set names, or that of `signer` if the set names none of them.
   */
  readonly validator?: {
    readonly id: AccountId;
    readonly signer: Signer;
    readonly signers?: readonly Signer[];
  };
  /**
   * Returns the application's head: whose names are proven, and what relayed messages are checked
   * against, follows from it. It is called often, so its sets should be the same objects while they
   * are the same.
   */
  head(): RelayHead;
  /** Multiaddrs to listen on, such as `/ip4/127.0.0.1/tcp/0`; none: dial only. */
  readonly listen: readonly string[];
  /** Multiaddrs to stay connected to; our own may be among them. */
  readonly bootstrap: readonly string[];
  readonly limits?: Partial<PeerLimits>;
  /**
   * Verifies the signatures of relayed messages. If it is the replica's `verify` too, each signature
   * is checked once. Default: one of its own.
   */
  readonly verify?: RememberingVerify;
  /**
   * Returns what the check of a gossiped item costs, in verified signatures; undefined for bytes
   * that are no item, which count against their sender. The cost is taken from the sender's budget
   * before the handler of `onItem` is asked. It MUST be cheap, and not throw. Default: 1 for any
   * bytes.
   */
  itemCost?(bytes: Uint8Array): number | undefined;
  /** Called with events of connections. Must not throw. */
  onEvent?(event: PeerEvent): void;
}

/** Peer that passed an item on. It has a verification budget of its own. */
export interface ItemSource {
  /** Peer id as text. */
  readonly peer: string;
  readonly validator: AccountId | undefined;
}

/**
 * Answer of a handler about an item: keep and relay it, drop it, or count it against its sender.
 */
export type ItemVerdict = "accept" | "ignore" | "reject";

/** A connected peer. */
export interface PeerConnection extends ItemSource {
  readonly address: string;
  readonly direction: "inbound" | "outbound";
  readonly openedAt: number;
}

/**
 * A running libp2p node as the transport of a replica, with gossip for the items that wait to be
 * ordered. `peers` and `connected` give the names of validators that proved them, and behind these
 * aliases of peers that can only be asked: each claims a validator that has no proven session.
 */
export interface PeerTransport extends Transport, AsyncDisposable {
  /** Our peer id as text. */
  readonly peer: string;
  /** Returns the multiaddrs under which this node can be dialed, peer id included. */
  addresses(): readonly string[];
  /**
   * Hands an item to all peers, best effort. False if there is no peer, so that it should be tried
   * again. The same bytes are passed on once in 8 s.
   *
   * @throws P2pError `OVERSIZE`
   */
  publishItem(bytes: Uint8Array): boolean;
  /**
   * Sets the handler of items from peers, in place of an earlier one. It is the application's own
   * check. `accept` relays the item. `reject` counts against the sender, so it is only for what no
   * honest peer would relay, such as a bad signature.
   */
  onItem(
    handler: (bytes: Uint8Array, from: ItemSource) => ItemVerdict | Promise<ItemVerdict>,
  ): void;
  /** Returns the connections that passed the handshake, oldest first. */
  connections(): readonly PeerConnection[];
  /** Closes every socket, server and stream. Idempotent. */
  stop(): Promise<void>;
}
