import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { GossipSub } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import type { ConnectionGater, Libp2p, Metrics, PrivateKey } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2pOptions } from "libp2p";
import { P2pError } from "../errors.ts";
import { gossipService } from "../gossip/gossip.ts";
import type { PeerLimits } from "../limits.ts";
import type { ChainProtocols } from "../protocols.ts";

/** Smallest window of a stream that Yamux allows, in bytes. */
const WINDOW_MIN = 262_144;

/** libp2p services of this node. */
export interface Services extends Record<string, unknown> {
  readonly identify: Identify;
  /** Gossip of consensus messages. */
  readonly pubsub: GossipSub;
  /** Gossip of items. */
  readonly items: GossipSub;
}

/** Parts of a libp2p node that discovery adds. */
export interface NodeExtras {
  /** Addresses that the node tells others in place of those on which it listens. */
  readonly announce: readonly string[];
  readonly datastore: Libp2pOptions["datastore"];
}

/**
 * Returns the libp2p key for an Ed25519 seed. @throws P2pError `OPTION` if the seed does not have
 * 32 bytes
 */
export async function networkKeyFrom(seed: Uint8Array): Promise<PrivateKey> {
  if (seed.length !== 32) {
    const reason = `expected 32 bytes, got ${seed.length}`;
    throw new P2pError({ code: "OPTION", option: "networkKey", reason });
  }
  return await generateKeyPairFromSeed("Ed25519", seed);
}

/**
 * Creates a libp2p node without starting it: TCP without Nagle's algorithm, Noise, Yamux, identify
 * and gossipsub, with every bound set.
 */
export async function createNode(options: {
  readonly privateKey: PrivateKey;
  readonly listen: readonly string[];
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly gater: ConnectionGater;
  readonly extras?: NodeExtras;
  /** Component that is shown every stream. Undefined: nothing is counted. */
  readonly metrics?: Metrics;
}): Promise<Libp2p<Services>> {
  const { privateKey, limits, protocols, gater, extras, metrics } = options;
  const listen = [...options.listen];
  const quic = listen.some(isQuic) ? await quicTransports() : [];
  return await createLibp2p<Services>({
    start: false,
    privateKey,
    ...(metrics === undefined ? {} : { metrics: () => metrics }),
    nodeInfo: { name: "aethel", version: "1", userAgent: "aethel" },
    addresses: { listen, announce: [...(extras?.announce ?? [])] },
    ...(extras?.datastore === undefined ? {} : { datastore: extras.datastore }),
    transports: [
      tcp({
        maxConnections: limits.connectionsMax + limits.pendingMax,
        backlog: 2 * limits.pendingMax,
        dialOpts: { noDelay: true },
        listenOpts: { noDelay: true },
      }),
      ...quic,
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: limits.streamsMax,
        maxOutboundStreams: 4 * limits.streamsMax,
        // A stream that nobody reads for a while holds at most its window.
        streamOptions: {
          maxStreamWindowSize: Math.max(WINDOW_MIN, limits.streamWindowBytesMax),
          maxReadBufferLength: 2 * Math.max(WINDOW_MIN, limits.streamWindowBytesMax),
        },
      }),
    ],
    connectionGater: gater,
    connectionManager: {
      maxConnections: limits.connectionsMax,
      maxIncomingPendingConnections: limits.pendingMax,
      inboundConnectionThreshold: limits.inboundPerSecondMax,
      inboundUpgradeTimeout: limits.handshakeTimeoutMs,
      inboundStreamProtocolNegotiationTimeout: limits.handshakeTimeoutMs,
      outboundStreamProtocolNegotiationTimeout: limits.handshakeTimeoutMs,
      dialTimeout: limits.handshakeTimeoutMs,
      addressDialTimeout: limits.handshakeTimeoutMs,
      // Our own dialer reconnects, to the configured addresses and no others.
      reconnectRetries: 0,
    },
    // A busy machine is not a dead peer: the least time for a pong is generous.
    connectionMonitor: { pingInterval: 10_000, pingTimeout: { minTimeout: 8_000 } },
    services: {
      identify: identify({ maxMessageSize: 8_192, timeout: limits.handshakeTimeoutMs }),
      pubsub: gossipService(limits, protocols, "messages"),
      items: gossipService(limits, protocols, "items"),
    },
  });
}

/** Whether an address is for QUIC. A node that listens on one dials peers by QUIC too. */
function isQuic(address: string): boolean {
  return address.includes("/quic-v1");
}

/** Returns the QUIC transport. None where its native package does not load: listening then fails. */
async function quicTransports(): Promise<NonNullable<Libp2pOptions["transports"]>> {
  const loaded = await import("@chainsafe/libp2p-quic").catch(() => undefined);
  return loaded === undefined ? [] : [loaded.quic()];
}
