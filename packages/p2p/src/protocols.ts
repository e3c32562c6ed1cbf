import { type Digest, toHex } from "@aethel/models";

/**
 * The handshake is the one protocol whose name does not depend on the chain: so a peer of another
 * chain gets as far as saying so, and the operator reads "another chain" rather than "no protocol".
 */
export const HANDSHAKE_PROTOCOL = "/aethel/handshake/1";

/** Names that only peers of one chain share. */
export interface ChainProtocols {
  readonly message: string;
  readonly sync: string;
  readonly consensusTopic: string;
  readonly proofTopic: string;
}

/** Named by the first 8 bytes of the genesis hash; the handshake compares all 32. */
export function chainProtocols(genesis: Digest): ChainProtocols {
  const chain = `/aethel/${toHex(genesis.slice(0, 8))}`;
  return {
    message: `${chain}/message/1`,
    sync: `${chain}/sync/1`,
    consensusTopic: `${chain}/consensus/1`,
    proofTopic: `${chain}/proofs/1`,
  };
}
