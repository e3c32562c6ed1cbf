import { equalBytes } from "@aethel/models";
import type { Libp2p } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";
import { createGatekeeper } from "../admission/gatekeeper.ts";
import { isName } from "../discovery/dns-names.ts";
import { P2pError } from "../errors.ts";
import type { PeerEvent } from "../events.ts";
import { sendAlways } from "../gossip/send-always.ts";
import { type PeerLimits, resolveLimits } from "../limits.ts";
import { countingMetrics } from "../metrics/count-streams.ts";
import { createTraffic, type Traffic } from "../metrics/traffic.ts";
import type { PeerTransport, PeerTransportOptions } from "../peer-transport.ts";
import { type ChainProtocols, chainProtocols, HANDSHAKE_PROTOCOL } from "../protocols.ts";
import { createDialer, type Dialer, toMultiaddr } from "./dialer.ts";
import { createFinding, type Finding } from "./finding.ts";
import { messaging } from "./messaging.ts";
import { createNode, networkKeyFrom, type Services } from "./node.ts";
import { createPenalty, loadBans, oversight, peerOfStream } from "./oversight.ts";
import { peerOf } from "./sentry-wiring.ts";
import { type Wiring, wire } from "./wiring.ts";

/**
 * Starts a libp2p node and returns it as a replica's transport. When this resolves, the node
 * listens, and it dials in the background.
 * @throws P2pError `OPTION` for an option that cannot work, `LISTEN` if a port is taken
 */
export async function createPeerTransport(options: PeerTransportOptions): Promise<PeerTransport> {
  const limits = resolveLimits(options.limits);
  const sentries = sentriesOf(options);
  const bootstrap = (sentries ?? options.bootstrap).map(toMultiaddr);
  const protocols = chainProtocols(options.genesis);
  const privateKey = await networkKeyFrom(options.networkKey);
  const consensusKey = options.validator?.signer.publicKey;
  if (consensusKey !== undefined && equalBytes(privateKey.publicKey.raw, consensusKey)) {
    const reason = "it is the consensus key; the network needs one of its own";
    throw new P2pError({ code: "OPTION", option: "networkKey", reason });
  }

  let live = true;
  const traffic = createTraffic();
  const emit = (event: PeerEvent) => {
    if (event.type === "refused") traffic.refused(event.reason);
    if (!live) return;
    finding?.onEvent(event);
    options.onEvent?.(event);
  };
  const now = () => performance.now();
  const bans = await loadBans(options, limits);
  const { gater, turnAway } = createGatekeeper({
    refusalMs: limits.refusalMs,
    now,
    isBanned: bans.isBanned,
    ...(sentries === undefined
      ? {}
      : { mayConnect: (peer) => sentries.map(peerOf).includes(peer) }),
    onRefused: (refusal) => emit({ type: "refused", ...refusal }),
  });
  const { listen, discovery } = options;
  const secret = options.privatePeers ?? [];
  const metrics = countingMetrics({ traffic, peerOf: (stream) => peerOfStream(libp2p, stream) });
  const common = { limits, protocols, privateKey };
  const finding =
    discovery === undefined || sentries !== undefined
      ? undefined
      : createFinding({ ...common, options: discovery, gater, bootstrap, secret, now });
  const parts = { ...common, listen, gater, metrics, ...nodePartsOf(finding) };
  const libp2p: Libp2p<Services> = await createNode(parts);
  const penalize = createPenalty({ bans, turnAway, emit, sessions: () => wiring.sessions });
  const base = { options, limits, protocols, libp2p, emit, traffic, now };
  const wiring = wire({ ...base, turnAway: penalize });
  const trusted = [...(sentries ?? []).map(peerOf), ...(options.privatePeers ?? [])];
  await start({ libp2p, wiring, protocols, limits, listen, trusted, finding });
  const addresses = () => libp2p.getMultiaddrs().map((address) => address.toString());
  emit({ type: "listening", addresses: addresses() });
  // Names are resolved by discovery, which can then dial all peers behind them.
  const named = finding === undefined ? bootstrap : bootstrap.filter((each) => !isName(each));
  const dialer = dial({ libp2p, wiring, bootstrap: named, limits, emit, traffic });
  finding?.start(bootstrap);

  const self = options.validator?.id;
  const stop = async (): Promise<void> => {
    if (!live) return;
    live = false;
    finding?.stop();
    dialer.stop();
    wiring.records.exchange.stop();
    wiring.admission.stop();
    await libp2p.stop();
    await bans.saved();
  };
  return {
    peer: libp2p.peerId.toString(),
    addresses,
    ...messaging({ self, libp2p, wiring, protocols, limits, isLive: () => live }),
    ...oversight({ libp2p, wiring, traffic, bans }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface StartOptions {
  readonly libp2p: Libp2p<Services>;
  readonly wiring: Wiring;
  readonly protocols: ChainProtocols;
  readonly limits: PeerLimits;
  readonly listen: readonly string[];
  /** Peer ids of own sentries and private validators. */
  readonly trusted: readonly string[];
  readonly finding: Finding | undefined;
}

/** Returns what discovery changes at the libp2p node. */
function nodePartsOf(finding: Finding | undefined): Partial<Pick<Finding, "gater" | "extras">> {
  return finding === undefined ? {} : { gater: finding.gater, extras: finding.extras };
}

async function start(options: StartOptions): Promise<void> {
  const { libp2p, wiring, protocols, limits, listen, trusted, finding } = options;
  const { admission, channel, exchange, records, relay } = wiring;
  libp2p.addEventListener("connection:open", ({ detail }) => admission.opened(detail));
  try {
    await libp2p.handle(HANDSHAKE_PROTOCOL, admission.greeted, {
      maxInboundStreams: 1,
      runOnLimitedConnection: true,
    });
    await libp2p.handle(protocols.message, channel.accept, {
      // A broken stream may still be there when its successor opens.
      maxInboundStreams: 2,
      maxOutboundStreams: 2,
      runOnLimitedConnection: true,
    });
    await libp2p.handle(protocols.sync, exchange.accept, {
      maxInboundStreams: limits.requestsPerPeerMax,
      maxOutboundStreams: 2 * limits.requestsPerPeerMax,
      runOnLimitedConnection: true,
    });
    await libp2p.handle(protocols.records, records.exchange.accept, { maxInboundStreams: 4 });
    await libp2p.handle(protocols.relay, relay.accept, {
      maxInboundStreams: limits.streamsMax,
      maxOutboundStreams: 2 * limits.streamsMax,
    });
    await finding?.attach({ libp2p, wiring });
    await libp2p.start();
    records.exchange.start();
  } catch (cause) {
    await libp2p.stop();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new P2pError({ code: "LISTEN", addresses: listen, reason }, { cause });
  }
  // Between a private validator and its sentries nothing depends on the mesh.
  sendAlways(libp2p.services.pubsub, trusted);
  libp2p.services.pubsub.subscribe(protocols.consensusTopic);
  libp2p.services.items.subscribe(protocols.itemTopic);
}

function dial(options: {
  readonly libp2p: Libp2p<Services>;
  readonly wiring: Wiring;
  readonly bootstrap: readonly Multiaddr[];
  readonly limits: PeerLimits;
  readonly emit: (event: PeerEvent) => void;
  readonly traffic: Traffic;
}): Dialer {
  const { libp2p, wiring, limits, emit } = options;
  const own = new Set(libp2p.getMultiaddrs().map(withoutPeer));
  const dialer = createDialer({
    libp2p,
    limits,
    addresses: options.bootstrap.filter((address) => !own.has(withoutPeer(address))),
    onUnreachable: (address, reason) => emit({ type: "unreachable", address, reason }),
  });
  libp2p.addEventListener("connection:close", ({ detail }) => {
    wiring.channel.forget(detail);
    wiring.admission.closed(detail);
    const peer = detail.remotePeer;
    if (libp2p.getConnections(peer).length === 0) options.traffic.forget(peer.toString());
    dialer.closed(detail);
  });
  return dialer;
}

/**
 * Returns the sentries of a private validator. Undefined on other nodes. @throws P2pError `OPTION`
 * if one has no peer id, or if the node is no validator
 */
function sentriesOf({ sentries = [], validator }: PeerTransportOptions) {
  const [first] = sentries;
  if (first === undefined) return undefined;
  const option = "sentries";
  if (validator === undefined) {
    throw new P2pError({ code: "OPTION", option, reason: "only a validator has sentries" });
  }
  const bare = sentries.find((address) => peerOf(address) === "");
  if (bare === undefined) return sentries;
  throw new P2pError({ code: "OPTION", option, reason: `${bare} does not end in /p2p/PEER-ID` });
}

function withoutPeer(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, "");
}
