import { P2pError } from "../errors.ts";

/** Bounds of discovery on what peers can tell, and on what this node does about it. */
export interface DiscoveryLimits {
  /**
   * Number of peers to which this node stays connected by dialing them itself. Strangers take at
   * most half of the places.
   */
  readonly outboundMax: number;
  /** Most dials of peers from the address book at once. */
  readonly dialsMax: number;
  /** Most peers in the address book. */
  readonly entriesMax: number;
  /** Most peers in the address book that have not been reached, from the same part of the network. */
  readonly entriesPerSourceMax: number;
  /** Most peers in the address book in the same address group. */
  readonly entriesPerGroupMax: number;
  /** Most addresses of a peer. */
  readonly addressesMax: number;
  /** Most protected peers in the address book. */
  readonly anchorsMax: number;
  /** Failed dials in a row after which a peer that was never reached is dropped. */
  readonly failuresMax: number;
  /** Milliseconds after which a peer that was not reached any more is dropped. */
  readonly entryAgeMaxMs: number;
  /** Milliseconds before a peer is dialed again after a failure. They double with each failure. */
  readonly retryMinMs: number;
  /** Most milliseconds before a peer is dialed again. */
  readonly retryMaxMs: number;
  /** Most records in an answer of peer exchange. */
  readonly recordsMax: number;
  /** Requests for peers in a minute that are answered to one peer. */
  readonly answersPerMinuteMax: number;
  /** Requests for peers in a minute that are answered to all peers together. */
  readonly totalAnswersPerMinuteMax: number;
  /** Milliseconds before a peer is asked for peers again, when there are not enough. */
  readonly askMinMs: number;
  /** Milliseconds before a peer is asked for peers again, when there are enough. */
  readonly askMaxMs: number;
  /** Milliseconds between two writes of the changed entries of the address book. */
  readonly saveMs: number;
  /** Most addresses that the names among the bootstrap addresses resolve to. */
  readonly resolvedMax: number;
  /** Most peers that libp2p remembers, connected or not. */
  readonly rememberedMax: number;
}

const MINUTE = 60_000;

/** Limits that fit a network of some thousand nodes. */
export const DEFAULT_DISCOVERY_LIMITS: DiscoveryLimits = {
  outboundMax: 12,
  dialsMax: 4,
  entriesMax: 2_048,
  entriesPerSourceMax: 256,
  entriesPerGroupMax: 64,
  addressesMax: 8,
  anchorsMax: 4,
  failuresMax: 4,
  entryAgeMaxMs: 30 * 24 * 60 * MINUTE,
  retryMinMs: 2_000,
  retryMaxMs: 30 * MINUTE,
  recordsMax: 32,
  answersPerMinuteMax: 30,
  totalAnswersPerMinuteMax: 3_000,
  askMinMs: 250,
  askMaxMs: 2 * MINUTE,
  saveMs: 10_000,
  resolvedMax: 32,
  rememberedMax: 4_096,
};

/**
 * Completes limits with the defaults. @throws P2pError `OPTION` for a limit that is not an integer
 * from 1 to 2^32 - 1. `outboundMax` may be 0.
 */
export function resolveDiscoveryLimits(limits: Partial<DiscoveryLimits> = {}): DiscoveryLimits {
  const resolved = { ...DEFAULT_DISCOVERY_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    const least = name === "outboundMax" ? 0 : 1;
    if (Number.isSafeInteger(value) && value >= least && value < 2 ** 32) continue;
    const reason = `${value} is not in ${least} .. 2^32-1`;
    throw new P2pError({ code: "OPTION", option: `discovery.limits.${name}`, reason });
  }
  return resolved;
}
