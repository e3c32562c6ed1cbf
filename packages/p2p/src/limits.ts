import { BLOCK_BYTES_MAX } from "@aethel/models";
import { P2pError } from "./errors.ts";

const MIB = 1_048_576;

/** Bounds of the transport on everything that a peer can send. All are positive integers. */
export interface PeerLimits {
  /** Most connections in all, inbound and outbound. */
  readonly connectionsMax: number;
  /**
   * Most connections from peers that dialed this node and are no validators. So they cannot crowd
   * out validators, or the peers that this node dials.
   */
  readonly observersMax: number;
  /** Most connections of one peer. Two are normal if both sides dial at the same time. */
  readonly connectionsPerPeerMax: number;
  /** Most new inbound connections in a second from one host. */
  readonly inboundPerSecondMax: number;
  /** Most inbound connections that have not finished Noise and Yamux. */
  readonly pendingMax: number;
  /**
   * Most inbound connections whose peer has not sent its hello. When a new one comes, the oldest is
   * closed.
   */
  readonly greetingMax: number;
  /** Most streams that a peer may have open on one connection. */
  readonly streamsMax: number;
  /**
   * Most milliseconds from an open socket to a finished handshake. After that the connection is
   * closed.
   */
  readonly handshakeTimeoutMs: number;
  /** Most milliseconds from a request to the end of its answer. */
  readonly requestTimeoutMs: number;
  /** Most pending requests of one peer, in each direction. */
  readonly requestsPerPeerMax: number;
  /** Most bytes of a consensus message. */
  readonly messageBytesMax: number;
  /** Most bytes of an answer. Longer lists of blocks are shortened to fit. */
  readonly responseBytesMax: number;
  /** Most bytes of a gossiped message. It must be at least the size of the largest item. */
  readonly gossipBytesMax: number;
  /** Most bytes that a peer may send on one stream before this node has read them. */
  readonly streamWindowBytesMax: number;
  /** Most unsent bytes for one peer. Further messages to it are dropped. */
  readonly outboundBytesMax: number;
  /** Most consensus messages in a second from one peer. Further ones are dropped. */
  readonly messagesPerSecondMax: number;
  /**
   * Most bytes of consensus messages in a second from one peer. Further ones are dropped without
   * decoding.
   */
  readonly messageBytesPerSecondMax: number;
  /**
   * Most bytes of answers in a second to one peer, including the other cost of its requests
   * (`answerCost` of `@aethel/pbft`). Requests beyond that wait, and nothing is read for them
   * meanwhile.
   */
  readonly servedBytesPerSecondMax: number;
  /**
   * Most bytes of answers in a second to all peers together that are no validators, including the
   * other cost of their requests.
   */
  readonly observersServedBytesPerSecondMax: number;
  /**
   * Most bytes of gossip in a second that are read from one peer, for messages and for items each.
   * Every RPC and each of its entries counts as some bytes more, and so does what the peer makes
   * this node send. Reading waits when they are used up, so the sender's queue grows.
   */
  readonly gossipBytesPerSecondMax: number;
  /**
   * Most bytes of gossip in a second that are read from all peers together that are no validators,
   * for messages and for items each.
   */
  readonly observersGossipBytesPerSecondMax: number;
  /** Most signatures of items in a second that are checked for one peer. Further items wait. */
  readonly signaturesPerSecondMax: number;
  /**
   * Most signatures of items in a second that are checked for all peers together that are no
   * validators. Further items wait.
   */
  readonly observersSignaturesPerSecondMax: number;
  /**
   * Most signatures of items in a second that are checked for all peers together. Further items
   * wait, and peers take turns.
   */
  readonly allSignaturesPerSecondMax: number;
  /** Most items of one peer that are being checked or wait for that. Nothing more is read then. */
  readonly itemsCheckedMax: number;
  /** Most milliseconds for which an item waits to be checked. After that it is dropped. */
  readonly itemWaitMs: number;
  /**
   * Most unsent bytes of items for one peer. Further items are not sent to it, and a node whose
   * peers are full takes no items of its own clients.
   */
  readonly itemQueueBytesMax: number;
  /**
   * Most signatures of relayed consensus messages in a second that are checked for one peer. Each 4
   * KiB of a message count as one more.
   */
  readonly messageSignaturesPerSecondMax: number;
  /**
   * Most signatures of relayed consensus messages in a second that are checked for all peers
   * together that are no validators. Each 4 KiB of a message count as one more.
   */
  readonly observersMessageSignaturesPerSecondMax: number;
  /**
   * Most messages and items in a second that are dropped because their sender is over a budget, for
   * all peers together that are no validators. Each costs work before it is dropped, so a peer that
   * sends more is disconnected.
   */
  readonly observersExcessPerSecondMax: number;
  /** Most requests of one validator in a second that are passed on or answered over sentries. */
  readonly relayedPerSecondMax: number;
  /** Milliseconds between two rounds in which peers are asked for validators' records. */
  readonly recordsIntervalMs: number;
  /** Number of malformed or rejected messages after which a peer is disconnected. */
  readonly faultsMax: number;
  /** Milliseconds for which a refused peer is refused again without a handshake. */
  readonly refusalMs: number;
  /**
   * Most milliseconds of a ban that this node makes by itself. The first ban of a peer lasts
   * `refusalMs`, and each further one four times as long.
   */
  readonly banMsMax: number;
  /**
   * Most milliseconds of such a ban for a peer that has proven to be a validator of the set.
   */
  readonly validatorBanMsMax: number;
  /** Most bans that are kept, those of the operator included. */
  readonly bansMax: number;
  /**
   * Milliseconds before an address is dialed again after the first failure. They double with each
   * failure.
   */
  readonly dialBackoffMinMs: number;
  /** Most milliseconds between two dials of an address. */
  readonly dialBackoffMaxMs: number;
  /**
   * Most bytes for the topic subscriptions of one peer, as gossipsub counts them (1 KiB for a
   * topic).
   */
  readonly topicBytesPerPeerMax: number;
  /** Most milliseconds of a prune backoff that a peer can set at this node. */
  readonly pruneBackoffMaxMs: number;
}

/** Limits that fit a validator on a network of some tens of validators. */
export const DEFAULT_LIMITS: PeerLimits = {
  connectionsMax: 192,
  observersMax: 64,
  connectionsPerPeerMax: 4,
  inboundPerSecondMax: 64,
  pendingMax: 64,
  greetingMax: 64,
  streamsMax: 32,
  handshakeTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  requestsPerPeerMax: 8,
  messageBytesMax: BLOCK_BYTES_MAX + MIB,
  responseBytesMax: 16 * MIB,
  gossipBytesMax: 1.25 * MIB,
  streamWindowBytesMax: 2 * MIB,
  outboundBytesMax: 32 * MIB,
  messagesPerSecondMax: 2_000,
  messageBytesPerSecondMax: 32 * MIB,
  servedBytesPerSecondMax: 32 * MIB,
  observersServedBytesPerSecondMax: 32 * MIB,
  gossipBytesPerSecondMax: 8 * MIB,
  observersGossipBytesPerSecondMax: 16 * MIB,
  signaturesPerSecondMax: 4_096,
  observersSignaturesPerSecondMax: 2_048,
  allSignaturesPerSecondMax: 4_096,
  itemsCheckedMax: 64,
  itemWaitMs: 30_000,
  itemQueueBytesMax: MIB,
  messageSignaturesPerSecondMax: 1_024,
  observersMessageSignaturesPerSecondMax: 1_024,
  observersExcessPerSecondMax: 8_192,
  relayedPerSecondMax: 64,
  recordsIntervalMs: 30_000,
  faultsMax: 8,
  refusalMs: 5_000,
  banMsMax: 86_400_000,
  validatorBanMsMax: 20_000,
  bansMax: 1_024,
  dialBackoffMinMs: 250,
  dialBackoffMaxMs: 5_000,
  topicBytesPerPeerMax: 8_192,
  pruneBackoffMaxMs: 60_000,
};

/**
 * Completes limits with the defaults.
 * @throws P2pError `OPTION` for a limit that is not an integer from 1 to 2^31 - 1.
 */
export function resolveLimits(limits: Partial<PeerLimits> = {}): PeerLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) continue;
    const reason = `${value} is not in 1 .. 2^31-1`;
    throw new P2pError({ code: "OPTION", option: `limits.${name}`, reason });
  }
  return resolved;
}
