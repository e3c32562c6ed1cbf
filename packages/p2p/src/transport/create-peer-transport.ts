import { type AccountId, ConsensusMessage, equalBytes, toHex } from "@aethel/models";
import type { Libp2p } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";
import { createGatekeeper } from "../admission/gatekeeper.ts";
import { P2pError } from "../errors.ts";
import type { PeerEvent } from "../events.ts";
import { encodeFrame } from "../framing/frames.ts";
import { type PeerLimits, resolveLimits } from "../limits.ts";
import type { PeerTransport, PeerTransportOptions } from "../peer-transport.ts";
import { type ChainProtocols, chainProtocols, HANDSHAKE_PROTOCOL } from "../protocols.ts";
import { createDialer, type Dialer, toMultiaddr } from "./dialer.ts";
import { createNode, networkKeyFrom, type Services } from "./node.ts";
import { type Wiring, wire } from "./wiring.ts";

/**
 * Starts a libp2p node and returns it as a replica's transport. It listens when this resolves, and
 * dials in the background.
 *
 * @throws P2pError `OPTION` for an option that cannot work, `LISTEN` when a port is taken
 */
export async function createPeerTransport(options: PeerTransportOptions): Promise<PeerTransport> {
  const limits = resolveLimits(options.limits);
  const bootstrap = options.bootstrap.map(toMultiaddr);
  const protocols = chainProtocols(options.genesis);
  const privateKey = await networkKeyFrom(options.networkKey);
  const consensusKey = options.validator?.signer.publicKey;
  if (consensusKey !== undefined && equalBytes(privateKey.publicKey.raw, consensusKey)) {
    const reason = "it is the consensus key; the network needs one of its own";
    throw new P2pError({ code: "OPTION", option: "networkKey", reason });
  }

  let live = true;
  const emit = (event: PeerEvent) => {
    if (live) options.onEvent?.(event);
  };
  const now = () => performance.now();
  const { gater, turnAway } = createGatekeeper({
    refusalMs: limits.refusalMs,
    now,
    onRefused: (refusal) => emit({ type: "refused", ...refusal }),
  });
  const { listen } = options;
  const libp2p = await createNode({ privateKey, listen, limits, protocols, gater });
  const wiring = wire({ options, limits, protocols, libp2p, emit, turnAway, now });
  await start({ libp2p, wiring, protocols, limits, listen });
  const addresses = () => libp2p.getMultiaddrs().map((address) => address.toString());
  emit({ type: "listening", addresses: addresses() });
  const dialer = dial({ libp2p, wiring, bootstrap, limits, emit });

  const stop = async (): Promise<void> => {
    if (!live) return;
    live = false;
    dialer.stop();
    wiring.admission.stop();
    await libp2p.stop();
  };
  return {
    peer: libp2p.peerId.toString(),
    addresses,
    ...messaging({ options, libp2p, wiring, protocols, limits, isLive: () => live }),
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
}

async function start({ libp2p, wiring, protocols, limits, listen }: StartOptions): Promise<void> {
  const { admission, channel, exchange } = wiring;
  libp2p.addEventListener("connection:open", ({ detail }) => admission.opened(detail));
  try {
    await libp2p.handle(HANDSHAKE_PROTOCOL, admission.greeted, { maxInboundStreams: 1 });
    await libp2p.handle(protocols.message, channel.accept, {
      // A broken stream may still be there when its successor opens.
      maxInboundStreams: 2,
      maxOutboundStreams: 2,
    });
    await libp2p.handle(protocols.sync, exchange.accept, {
      maxInboundStreams: limits.requestsPerPeerMax,
      maxOutboundStreams: 2 * limits.requestsPerPeerMax,
    });
    await libp2p.start();
  } catch (cause) {
    await libp2p.stop();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new P2pError({ code: "LISTEN", addresses: listen, reason }, { cause });
  }
  libp2p.services.pubsub.subscribe(protocols.consensusTopic);
  libp2p.services.pubsub.subscribe(protocols.itemTopic);
}

function dial(options: {
  readonly libp2p: Libp2p<Services>;
  readonly wiring: Wiring;
  readonly bootstrap: readonly Multiaddr[];
  readonly limits: PeerLimits;
  readonly emit: (event: PeerEvent) => void;
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
    dialer.closed(detail);
  });
  return dialer;
}

function withoutPeer(address: Multiaddr): string {
  return address.toString().replace(/\/p2p\/[^/]+$/, "");
}

interface MessagingOptions {
  readonly options: PeerTransportOptions;
  readonly libp2p: Libp2p<Services>;
  readonly wiring: Wiring;
  readonly protocols: ChainProtocols;
  readonly limits: PeerLimits;
  readonly isLive: () => boolean;
}

type Messaging = Omit<PeerTransport, "peer" | "addresses" | "stop" | typeof Symbol.asyncDispose>;

function messaging(parts: MessagingOptions): Messaging {
  const { options, libp2p, wiring, protocols, limits, isLive } = parts;
  const { sessions, channel, exchange, callees, directory } = wiring;
  const self = options.validator?.id;

  function gossip(topic: string, bytes: Uint8Array): void {
    // Gossip is best effort: a stream that just closed is no failure of the caller's.
    libp2p.services.pubsub.publish(topic, bytes).catch(() => undefined);
  }

  return {
    attach(handlers) {
      if (callees.handlers !== undefined) {
        throw new P2pError({ code: "STATE", reason: "handlers are attached already" });
      }
      callees.handlers = handlers;
      const reachable = sessions.validators();
      queueMicrotask(() => {
        for (const { name } of reachable) handlers.connected(name);
      });
    },
    broadcast(message) {
      if (!isLive()) return;
      const bytes = encode(message, limits.messageBytesMax);
      const reached = sessions.validators();
      const frame = encodeFrame(bytes);
      if (self !== undefined) for (const { session } of reached) channel.send(session, frame);
      const others = directory.members().filter(({ id }) => !isSame(self, id)).length;
      const isFollowed = sessions.all().some((one) => sessions.nameOf(one) === undefined);
      // Gossip serves observers and validators that we have no connection to; in a full mesh of
      // validators it would only repeat.
      if ((reached.length < others || isFollowed) && bytes.length <= limits.gossipBytesMax) {
        gossip(protocols.consensusTopic, bytes);
      }
    },
    send(to, message) {
      const session = isLive() ? sessions.ofValidator(to) : undefined;
      if (session === undefined) return;
      channel.send(session, encodeFrame(encode(message, limits.messageBytesMax)));
    },
    async request(to, request, signal) {
      const session = isLive() ? sessions.ofValidator(to) : undefined;
      if (session !== undefined) return await exchange.ask(session, request, signal);
      throw new P2pError({ code: "UNREACHABLE", peer: toHex(to) });
    },
    peers: () => (isLive() ? sessions.validators().map(({ name }) => name) : []),
    publishItem(bytes) {
      const bytesMax = limits.gossipBytesMax;
      if (bytes.length > bytesMax) {
        throw new P2pError({ code: "OVERSIZE", bytes: bytes.length, bytesMax });
      }
      // Without a peer to hear it, gossip would only remember the item, and ignore it for a while
      // after.
      const { itemTopic } = protocols;
      if (!isLive() || libp2p.services.pubsub.getSubscribers(itemTopic).length === 0) return false;
      gossip(itemTopic, bytes.slice());
      return true;
    },
    onItem(handler) {
      callees.onItem = handler;
    },
    connections: () =>
      sessions.all().map((session) => ({
        peer: session.peer,
        validator: sessions.nameOf(session),
        address: session.connection.remoteAddr.toString(),
        direction: session.connection.direction,
        openedAt: session.connection.timeline.open,
      })),
  };
}

function isSame(self: AccountId | undefined, id: AccountId): boolean {
  return self !== undefined && equalBytes(self, id);
}

/**
 * Encodes a message. @throws P2pError `OVERSIZE` when our own replica made it larger than peers
 * accept
 */
function encode(message: ConsensusMessage, bytesMax: number): Uint8Array {
  const bytes = ConsensusMessage.encode(message);
  if (bytes.length <= bytesMax) return bytes;
  throw new P2pError({ code: "OVERSIZE", bytes: bytes.length, bytesMax });
}
