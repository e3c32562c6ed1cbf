import { type Digest, toHex } from "@aethel/models";

/**
 * Name of the handshake protocol, the only one that does not depend on the chain. A peer of another
 * chain can say so, and the operator reads "another chain" rather than "no protocol".
 */
export const HANDSHAKE_PROTOCOL = "/aethel/handshake/1";

/** Protocol names that only peers of one chain share. */
export interface ChainProtocols {
  readonly message: string;
  readonly sync: string;
  readonly consensusTopic: string;
  readonly itemTopic: string;
}

/**
 * Returns the names for a chain, from the first 8 bytes of the genesis hash; the handshake compares
 * all 32.
 */
export function chainProtocols(genesis: Digest): ChainProtocols {
  const chain = `/aethel/${toHex(genesis.slice(0, 8))}`;
  return {
    message: `${chain}/message/1`,
    sync: `${chain}/sync/1`,
    consensusTopic: `${chain}/consensus/1`,
    itemTopic: `${chain}/items/1`,
  };
}
