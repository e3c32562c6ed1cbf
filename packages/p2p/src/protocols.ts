import { type Digest, toHex } from "@aethel/models";

/**
 * Name of the handshake protocol, the only name that does not depend on the chain. So peers of
 * different chains can exchange hellos, and the operator reads "another chain" instead of "no
 * protocol".
 */
export const HANDSHAKE_PROTOCOL = "/aethel/handshake/1";

/** Names of the protocols that only peers of the same chain have in common. */
export interface ChainProtocols {
  readonly message: string;
  readonly sync: string;
  /** Exchange of validators' signed records. */
  readonly records: string;
  /** Requests that sentries pass on. */
  readonly relay: string;
  /** Protocol of the gossip of items. It has streams of its own, which may be slowed down. */
  readonly itemGossip: string;
  readonly consensusTopic: string;
  readonly itemTopic: string;
  /** Peer exchange. */
  readonly peers: string;
  /** Domain of the signatures of peer records. */
  readonly record: string;
}

/**
 * Returns the protocol names for a chain. They contain the first 8 bytes of the genesis hash; the
 * handshake compares all 32.
 */
export function chainProtocols(genesis: Digest): ChainProtocols {
  const chain = `/aethel/${toHex(genesis.slice(0, 8))}`;
  return {
    message: `${chain}/message/1`,
    sync: `${chain}/sync/1`,
    records: `${chain}/records/1`,
    relay: `${chain}/relay/1`,
    itemGossip: `${chain}/item-gossip/1`,
    consensusTopic: `${chain}/consensus/1`,
    itemTopic: `${chain}/items/1`,
    peers: `${chain}/peers/1`,
    record: `${chain}/peer-record`,
  };
}
