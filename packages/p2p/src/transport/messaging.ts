import { type AccountId, ConsensusMessage, equalBytes, toHex } from "@aethel/models";
import type { Libp2p } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { encodeFrame } from "../framing/frames.ts";
import type { PeerLimits } from "../limits.ts";
import type { PeerTransport } from "../peer-transport.ts";
import type { Session } from "../peers/sessions.ts";
import type { ChainProtocols } from "../protocols.ts";
import type { Services } from "./node.ts";
import type { Wiring } from "./wiring.ts";

/** Parts of the transport that messages, requests and items use. */
export interface MessagingOptions {
  /** Validator of this node. Undefined on a node that only follows. */
  readonly self: AccountId | undefined;
  readonly libp2p: Libp2p<Services>;
  readonly wiring: Wiring;
  readonly protocols: ChainProtocols;
  readonly limits: PeerLimits;
  readonly isLive: () => boolean;
}

/** Returns the methods of a transport that send something or take a handler. */
export function messaging(
  parts: MessagingOptions,
): Omit<
  PeerTransport,
  "peer" | "addresses" | "metrics" | "bans" | "stop" | typeof Symbol.asyncDispose
> {
  const { wiring, limits, isLive } = parts;
  const { sessions, channel, exchange, callees, relay, directory } = wiring;
  const askableAs = (name: AccountId): Session | undefined =>
    isLive() ? sessions.askable().find((each) => equalBytes(each.name, name))?.session : undefined;
  return {
    attach(handlers) {
      if (callees.handlers !== undefined) {
        throw new P2pError({ code: "STATE", reason: "handlers are attached already" });
      }
      callees.handlers = handlers;
      const reachable = sessions.names();
      queueMicrotask(() => {
        for (const name of reachable) handlers.connected(name);
      });
    },
    broadcast: (message) => broadcast(message, parts),
    send(to, message) {
      const session = isLive() ? sessions.ofValidator(to) : undefined;
      const bytes = encode(message, limits.messageBytesMax);
      if (session !== undefined) return channel.send(session, encodeFrame(bytes));
      // It may be behind sentries. They relay what is signed, to whomever it concerns.
      const isMember = isLive() && directory.keyOf(to) !== undefined;
      if (isMember && bytes.length <= limits.gossipBytesMax) {
        gossip(bytes, parts);
      }
    },
    async request(to, request, signal) {
      const session = askableAs(to);
      if (session !== undefined) return await exchange.ask(session, request, signal);
      if (isLive()) return await relay.ask(to, request, signal);
      throw new P2pError({ code: "UNREACHABLE", peer: toHex(to) });
    },
    peers: () => (isLive() ? sessions.names() : []),
    blame(peer) {
      const session = askableAs(peer);
      if (session !== undefined) wiring.admission.fault(session, "wrong-answer");
    },
    publishItem: (bytes) => publishItem(bytes, parts),
    takesItems: () => takesItems(parts),
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
        role: session.role,
        head: session.head,
      })),
  };
}

/**
 * Sends a message directly to every connected validator. Also gossips it if a validator is not
 * connected, or if an observer is. Otherwise gossip would only repeat it.
 */
function broadcast(message: ConsensusMessage, parts: MessagingOptions): void {
  const { self, wiring, limits, isLive } = parts;
  const { sessions, channel, directory } = wiring;
  if (!isLive()) return;
  const bytes = encode(message, limits.messageBytesMax);
  const reached = sessions.validators();
  const frame = encodeFrame(bytes);
  if (self !== undefined) for (const { session } of reached) channel.send(session, frame);
  const others = directory.members().filter(({ id }) => !isSame(self, id)).length;
  const isFollowed = sessions.all().some((one) => sessions.nameOf(one) === undefined);
  if ((reached.length < others || isFollowed) && bytes.length <= limits.gossipBytesMax) {
    gossip(bytes, parts);
  }
}

/** Gossips a message. Gossip is best effort: a stream that just closed is no failure of the caller's. */
function gossip(bytes: Uint8Array, { libp2p, protocols }: MessagingOptions): void {
  libp2p.services.pubsub.publish(protocols.consensusTopic, bytes).catch(() => undefined);
}

function publishItem(bytes: Uint8Array, parts: MessagingOptions): boolean {
  const { libp2p, protocols, limits, isLive } = parts;
  const bytesMax = limits.gossipBytesMax;
  if (bytes.length > bytesMax) {
    throw new P2pError({ code: "OVERSIZE", bytes: bytes.length, bytesMax });
  }
  // Without a peer to hear it, gossip would only remember the item, and ignore it for a while.
  if (!isLive() || hearersOf(parts).length === 0) return false;
  libp2p.services.items.publish(protocols.itemTopic, bytes.slice()).catch(() => undefined);
  return true;
}

/**
 * Whether more than half of the peers that items go to have room in their queues: of the
 * validators if one is connected, otherwise of all. So one peer that reads slowly stops nobody.
 */
function takesItems(parts: MessagingOptions): boolean {
  const { wiring, limits } = parts;
  const hearers = hearersOf(parts);
  const validators = new Set(wiring.sessions.validators().map(({ session }) => session.peer));
  const chosen = hearers.filter((peer) => validators.has(peer));
  const asked = chosen.length > 0 ? chosen : hearers;
  const free = asked.filter(
    (peer) => 2 * wiring.gossip.items.unsentBytes(peer) <= limits.itemQueueBytesMax,
  );
  return asked.length === 0 || 2 * free.length > asked.length;
}

/** Returns the peers that items are sent to. */
function hearersOf({ libp2p, protocols }: MessagingOptions): readonly string[] {
  return libp2p.services.items.getSubscribers(protocols.itemTopic).map((peer) => peer.toString());
}

function isSame(self: AccountId | undefined, id: AccountId): boolean {
  return self !== undefined && equalBytes(self, id);
}

/**
 * Encodes a message. @throws P2pError `OVERSIZE` if this node's replica made it larger than peers
 * accept
 */
function encode(message: ConsensusMessage, bytesMax: number): Uint8Array {
  const bytes = ConsensusMessage.encode(message);
  if (bytes.length <= bytesMax) return bytes;
  throw new P2pError({ code: "OVERSIZE", bytes: bytes.length, bytesMax });
}
