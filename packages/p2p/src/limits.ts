import { BLOCK_BYTES_MAX } from "@aethel/models";
import { P2pError } from "./errors.ts";

const MIB = 1_048_576;

/** Bounds of the transport, all positive integers, on everything that a peer can send. */
export interface PeerLimits {
  /** Most connections in all, inbound and outbound. */
  readonly connectionsMax: number;
  /**
   * Most connections of peers that dialed us and are not validators: they cannot crowd out
   * validators, nor what we dial ourselves.
   */
  readonly observersMax: number;
  /** Most connections of one peer; two are normal when both sides dial at once. */
  readonly connectionsPerPeerMax: number;
  /** Most new inbound connections a second from one host. */
  readonly inboundPerSecondMax: number;
  /** Most inbound connections that have not finished Noise and Yamux. */
  readonly pendingMax: number;
  /** Most inbound connections that have not greeted; the oldest gives way to a new one. */
  readonly greetingMax: number;
  /** Most streams that one connection may have open towards us. */
  readonly streamsMax: number;
  /** Milliseconds from an open socket to an accepted handshake; then the connection is closed. */
  readonly handshakeTimeoutMs: number;
  /** Most milliseconds from a request to its whole answer. */
  readonly requestTimeoutMs: number;
  /** Most open requests per peer, in each direction. */
  readonly requestsPerPeerMax: number;
  /** Most bytes of a consensus message. */
  readonly messageBytesMax: number;
  /** Most bytes of an answer; longer lists of blocks are cut to fit. */
  readonly responseBytesMax: number;
  /** Most bytes of a gossiped message. Must hold the largest item. */
  readonly gossipBytesMax: number;
  /** Most unsent bytes per peer; further messages to it are dropped. */
  readonly outboundBytesMax: number;
  /** Consensus messages a second from one peer; more are dropped. */
  readonly messagesPerSecondMax: number;
  /** Bytes of consensus messages a second from one peer; more are not decoded. */
  readonly messageBytesPerSecondMax: number;
  /**
   * Bytes of answers a second to one peer, with what else its requests cost (`answerCost` of
   * `@aethel/pbft`). Requests beyond that wait before anything is read for them.
   */
  readonly servedBytesPerSecondMax: number;
  /** The same for all peers together that are not validators. */
  readonly observersServedBytesPerSecondMax: number;
  /** Items a second from one peer, relayed ones included. */
  readonly itemsPerSecondMax: number;
  /** Bytes of items a second from one peer. */
  readonly itemBytesPerSecondMax: number;
  /** Signatures of items that one peer can have checked a second. */
  readonly signaturesPerSecondMax: number;
  /** Signatures of items a second for all peers together that are not validators. */
  readonly observersSignaturesPerSecondMax: number;
  /**
   * Signatures of relayed consensus messages that one peer can have checked a second. 4 KiB of a
   * message cost one more.
   */
  readonly messageSignaturesPerSecondMax: number;
  /** Signatures of relayed messages, counted alike, for all other peers than validators together. */
  readonly observersMessageSignaturesPerSecondMax: number;
  /** Malformed or rejected messages from one peer before it is disconnected. */
  readonly faultsMax: number;
  /** Milliseconds for which a refused peer is refused without a handshake. */
  readonly refusalMs: number;
  /** Milliseconds before an address is dialed again; doubled with each failure. */
  readonly dialBackoffMinMs: number;
  /** Most milliseconds between two dials of an address. */
  readonly dialBackoffMaxMs: number;
  /** Memory for the topic subscriptions of one peer, as gossipsub counts it (1 KiB a topic). */
  readonly topicBytesPerPeerMax: number;
  /** Most milliseconds of a prune backoff that a peer can impose on us. */
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
  outboundBytesMax: 32 * MIB,
  messagesPerSecondMax: 2_000,
  messageBytesPerSecondMax: 32 * MIB,
  servedBytesPerSecondMax: 32 * MIB,
  observersServedBytesPerSecondMax: 32 * MIB,
  itemsPerSecondMax: 256,
  itemBytesPerSecondMax: 4 * MIB,
  signaturesPerSecondMax: 512,
  observersSignaturesPerSecondMax: 1_024,
  messageSignaturesPerSecondMax: 1_024,
  observersMessageSignaturesPerSecondMax: 1_024,
  faultsMax: 8,
  refusalMs: 5_000,
  dialBackoffMinMs: 250,
  dialBackoffMaxMs: 5_000,
  topicBytesPerPeerMax: 8_192,
  pruneBackoffMaxMs: 60_000,
};

/**
 * Fills in the defaults.
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
