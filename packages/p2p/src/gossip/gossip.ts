import { type ConsensusMessage, sha256 } from "@aethel/models";
import {
  type GossipSub,
  type GossipSubComponents,
  gossipsub,
  StrictNoSign,
  TopicValidatorResult,
} from "@libp2p/gossipsub";
import { createTopicScoreParams } from "@libp2p/gossipsub/score";
import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { ItemVerdict } from "../peer-transport.ts";
import type { ObserversBudget } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import type { ChainProtocols } from "../protocols.ts";
import { decodeMessage } from "./message-channel.ts";
import { clampPruneBackoff } from "./prune-backoff.ts";

/**
 * Milliseconds for which a message counts as seen: shorter than a replica's resend timer, so that
 * resent messages are relayed again.
 */
const SEEN_MS = 8_000;

/** Parts of the transport that gossip uses. */
export interface GossipOptions {
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly sessions: Sessions;
  readonly observers: ObserversBudget;
  /** Returns how many signature checks an item costs. Undefined if the item is malformed. */
  itemCost(bytes: Uint8Array): number | undefined;
  item(bytes: Uint8Array, session: Session): ItemVerdict | Promise<ItemVerdict>;
  /**
   * Returns whether a relayed message has a signature that makes it worth delivering and relaying.
   */
  authenticate(message: ConsensusMessage, session: Session): boolean;
  receive(message: ConsensusMessage, bytes: Uint8Array): void;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
}

/** Creates the gossipsub service with every bound that it offers set. */
export function gossipService(
  limits: PeerLimits,
  protocols: ChainProtocols,
): (components: GossipSubComponents) => GossipSub {
  const topics = [protocols.consensusTopic, protocols.itemTopic];
  const service = gossipsub({
    globalSignaturePolicy: StrictNoSign,
    // The id covers the topic: otherwise a message sent early on one topic would suppress it on the
    // other.
    msgIdFn: ({ topic, data }) => messageId(topic, data),
    allowedTopics: topics,
    maxTopicBytesPerPeer: limits.topicBytesPerPeerMax,
    maxInboundDataLength: 2 * limits.gossipBytesMax + 65_536,
    maxOutboundBufferSize: limits.outboundBytesMax,
    maxInboundStreams: 1,
    maxOutboundStreams: 2,
    decodeRpcLimits: {
      maxSubscriptions: 16,
      maxMessages: 1_024,
      maxIhaveMessageIDs: 5_000,
      maxIwantMessageIDs: 5_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 64,
      maxPeerInfos: 0,
    },
    seenTTL: SEEN_MS,
    mcacheLength: 3,
    mcacheGossip: 2,
    fallbackToFloodsub: false,
    floodPublish: true,
    doPX: false,
    emitSelf: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    scoreParams: {
      // All processes of a localnet share one address.
      IPColocationFactorWhitelist: new Set(["127.0.0.1", "::1"]),
      retainScore: 60_000,
      topics: Object.fromEntries(topics.map((topic) => [topic, topicScore()])),
    },
  });
  return (components) => {
    const gossip = service(components);
    clampPruneBackoff(gossip, limits.pruneBackoffMaxMs);
    return gossip;
  };
}

/**
 * Returns the score of a topic: only invalid messages count, since the number of a validator's
 * messages depends on whether it leads.
 */
function topicScore(): ReturnType<typeof createTopicScoreParams> {
  return createTopicScoreParams({
    topicWeight: 1,
    timeInMeshWeight: 0,
    firstMessageDeliveriesWeight: 0,
    meshMessageDeliveriesWeight: 0,
    meshFailurePenaltyWeight: 0,
    invalidMessageDeliveriesWeight: -4,
    invalidMessageDeliveriesDecay: 0.9,
  });
}

/** Sets the functions that check the messages on both topics, and that deliver them. */
export function guardTopics(gossip: GossipSub, options: GossipOptions): void {
  const { protocols, sessions } = options;
  const { Accept, Ignore, Reject } = TopicValidatorResult;
  const verdicts = { accept: Accept, ignore: Ignore, reject: Reject };

  gossip.topicValidators.set(protocols.itemTopic, async (peer, { data }) => {
    const session = sessions.ofPeer(peer.toString());
    if (session === undefined) return Ignore;
    const { items, itemBytes } = session.budget;
    if (!items.take(1) || !itemBytes.take(data.length)) {
      options.drop(session, "too-fast");
      return Ignore;
    }
    const known = options.itemCost(data);
    // Paid before the check: each signature is verified before anything else is known of an item.
    const cost = known ?? 0;
    const isObserver = sessions.nameOf(session) === undefined;
    const { signatures } = session.budget;
    if (!signatures.take(cost) || (isObserver && !options.observers.signatures.take(cost))) {
      options.drop(session, "too-fast");
      return Ignore;
    }
    const verdict = known === undefined ? "reject" : await options.item(data, session);
    if (verdict === "reject") options.fault(session, "malformed");
    return verdicts[verdict];
  });

  gossip.topicValidators.set(protocols.consensusTopic, (peer, { data }) => {
    const session = sessions.ofPeer(peer.toString());
    if (session === undefined) return Ignore;
    const { messages, messageBytes } = session.budget;
    if (!messages.take(1) || !messageBytes.take(data.length)) {
      options.drop(session, "too-fast");
      return Ignore;
    }
    const message = decodeMessage(data);
    if (message === undefined) {
      options.fault(session, "malformed");
      return Reject;
    }
    // No penalty: a peer that is ahead of us may relay what we cannot check yet.
    if (!options.authenticate(message, session)) return Ignore;
    options.receive(message, data);
    return Accept;
  });
}

function messageId(topic: string, data: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([Buffer.from(topic), Uint8Array.of(0), data]));
}
