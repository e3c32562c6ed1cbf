import { type GossipSub, gossipsub, StrictNoSign } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { type BenchNode, type BenchNodeOptions, decodeNote, encodeNote } from "./bench-node.ts";

const TOPIC = "bench";
/** Behind kind and id. */
const SENDER_AT = 5;

/** libp2p and gossipsub as one would take them: nothing is checked, nothing bounded, all is gossip. */
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
      // As ours: what is gossiped carries its own signature.
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
    // What two nodes say in the same bytes is one message to gossipsub.
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
