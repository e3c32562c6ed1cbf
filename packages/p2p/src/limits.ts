import { BLOCK_BYTES_MAX } from "@aethel/models";
import { P2pError } from "./errors.ts";

const MIB = 1_048_576;

/** Every bound of the transport. All are positive integers; whatever a peer sends is held to them. */
export interface PeerLimits {
  /** Connections in all, inbound and outbound. */
  readonly connectionsMax: number;
  /** Connections of peers that are not validators: they cannot crowd out those that are. */
  readonly observersMax: number;
  /** Connections of one peer; two are normal when both sides dial at once. */
  readonly connectionsPerPeerMax: number;
  /** New inbound connections a second from one host. */
  readonly inboundPerSecondMax: number;
  /** Inbound connections that have not finished Noise and Yamux. */
  readonly pendingMax: number;
  /** Streams that one connection may have open towards us. */
  readonly streamsMax: number;
  /** From an open socket to an accepted handshake; then the connection is closed. */
  readonly handshakeTimeoutMs: number;
  /** From a question to its whole answer. */
  readonly requestTimeoutMs: number;
  /** Open requests per peer, counted for each direction. */
  readonly requestsPerPeerMax: number;
  /** One consensus message. */
  readonly messageBytesMax: number;
  /** One answer; longer lists of blocks are cut to fit. */
  readonly responseBytesMax: number;
  /** One gossiped message. Must hold the largest proof. */
  readonly gossipBytesMax: number;
  /** Unsent bytes per peer; beyond, messages to it are dropped. */
  readonly outboundBytesMax: number;
  /** Consensus messages a second from one peer; what is over is dropped. */
  readonly messagesPerSecondMax: number;
  /** Bytes of consensus messages a second from one peer; what is over is not decoded. */
  readonly messageBytesPerSecondMax: number;
  /** Bytes of answers a second to one peer; an answer that is over waits. */
  readonly servedBytesPerSecondMax: number;
  /** The same for all peers that are not validators together. */
  readonly observersServedBytesPerSecondMax: number;
  /** Proofs a second from one peer, relayed ones included. */
  readonly proofsPerSecondMax: number;
  /** Bytes of proofs a second from one peer. */
  readonly proofBytesPerSecondMax: number;
  /** Signatures of proofs that one peer can have checked a second. */
  readonly signaturesPerSecondMax: number;
  /** The same for all peers that are not validators together. */
  readonly observersSignaturesPerSecondMax: number;
  /** Malformed or rejected things from one peer before it is disconnected. */
  readonly faultsMax: number;
  /** How long a refused peer is turned away without a handshake. */
  readonly refusalMs: number;
  /** First pause before an address is dialed again; it doubles with each failure. */
  readonly dialBackoffMinMs: number;
  /** Longest pause between two dials of an address. */
  readonly dialBackoffMaxMs: number;
  /** Memory for the topic subscriptions of one peer, as gossipsub counts it (1 KiB a topic). */
  readonly topicBytesPerPeerMax: number;
  /** Longest prune backoff that a peer can impose on us. */
  readonly pruneBackoffMaxMs: number;
}

/** What a validator on a network of some tens of validators needs. */
export const DEFAULT_LIMITS: PeerLimits = {
  connectionsMax: 192,
  observersMax: 64,
  connectionsPerPeerMax: 4,
  inboundPerSecondMax: 64,
  pendingMax: 64,
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
  proofsPerSecondMax: 256,
  proofBytesPerSecondMax: 4 * MIB,
  signaturesPerSecondMax: 512,
  observersSignaturesPerSecondMax: 1_024,
  faultsMax: 8,
  refusalMs: 5_000,
  dialBackoffMinMs: 250,
  dialBackoffMaxMs: 5_000,
  topicBytesPerPeerMax: 8_192,
  pruneBackoffMaxMs: 60_000,
};

/** Fills in the defaults. @throws P2pError `OPTION` for a limit that is not a positive integer. */
export function resolveLimits(limits: Partial<PeerLimits> = {}): PeerLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (Number.isSafeInteger(value) && value > 0 && value < 2 ** 31) continue;
    const reason = `${value} is not in 1 .. 2^31-1`;
    throw new P2pError({ code: "OPTION", option: `limits.${name}`, reason });
  }
  return resolved;
}
