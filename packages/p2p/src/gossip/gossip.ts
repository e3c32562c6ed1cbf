import { sha256 } from "@aethel/models";
import {
  type GossipSub,
  type GossipSubComponents,
  gossipsub,
  StrictNoSign,
} from "@libp2p/gossipsub";
import { createTopicScoreParams } from "@libp2p/gossipsub/score";
import type { PeerLimits } from "../limits.ts";
import type { GossipKind } from "../peers/peer-budget.ts";
import type { ChainProtocols } from "../protocols.ts";
import { clampPruneBackoff } from "./prune-backoff.ts";

/**
 * Milliseconds for which gossipsub ignores repetitions of a message. It is shorter than a replica's
 * resend timer, so that resent messages are relayed again.
 */
const SEEN_MS = 8_000;

/**
 * Creates the gossipsub service of one kind of gossip. Every bound that gossipsub offers is set.
 * Items have a service of their own: reading them may be slowed down, and messages must not wait
 * behind them in one stream. Its protocol has another name, so gossipsub sends no IDONTWANT there.
 */
export function gossipService(
  limits: PeerLimits,
  protocols: ChainProtocols,
  kind: GossipKind,
): (components: GossipSubComponents) => GossipSub {
  const topics = [kind === "items" ? protocols.itemTopic : protocols.consensusTopic];
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
    if (kind === "items") gossip.protocols = [protocols.itemGossip];
    clampPruneBackoff(gossip, limits.pruneBackoffMaxMs);
    return gossip;
  };
}

/**
 * Returns the parameters for scoring peers on a topic. Only invalid messages count, because the
 * number of a validator's messages depends on whether it leads.
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

/** Returns the id by which gossipsub recognizes a repeated message. */
export function messageId(topic: string, data: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([Buffer.from(topic), Uint8Array.of(0), data]));
}
