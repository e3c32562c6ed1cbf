import { type GossipSub, gossipsub, StrictNoSign } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { type BenchNode, type BenchNodeOptions, decodeNote, encodeNote } from "./bench-node.ts";

const TOPIC = "bench";
/** Offset of the sender, behind kind and id. */
const SENDER_AT = 5;

/**
 * Creates a plain libp2p node with gossipsub: nothing is checked or bounded, everything is gossip.
 */
export async function createGossipsubNode(options: BenchNodeOptions): Promise<BenchNode> {
  const { index, dial, onNote } = options;
  const libp2p = await createLibp2p<{ identify: Identify; pubsub: GossipSub }>({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } })],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 1_000 },
    services: {
      identify: identify(),
      // As in our transport, gossiped messages carry their own signature.
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        emitSelf: false,
      }),
    },
  });
  const { pubsub } = libp2p.services;
  const broadcast: BenchNode["broadcast"] = (note) => {
    const bytes = encodeNote(note);
    // Two nodes' messages of the same bytes are one message to gossipsub.
    bytes[SENDER_AT] = index;
    void pubsub.publish(TOPIC, bytes);
  };
  pubsub.addEventListener("message", ({ detail }) => onNote(decodeNote(detail.data), broadcast));
  pubsub.subscribe(TOPIC);
  for (const address of dial) await libp2p.dial(multiaddr(address));
  return {
    addresses: () => libp2p.getMultiaddrs().map((address) => address.toString()),
    reached: () => pubsub.getSubscribers(TOPIC).length,
    broadcast,
    stop: async () => await libp2p.stop(),
  };
}
