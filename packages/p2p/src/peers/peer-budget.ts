import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Budgets and counts of one peer, over all its connections. */
export interface PeerBudget {
  readonly messages: TokenBucket;
  readonly messageBytes: TokenBucket;
  /** Bytes of our answers. */
  readonly served: TokenBucket;
  readonly items: TokenBucket;
  readonly itemBytes: TokenBucket;
  /** Signatures of its items that are verified. */
  readonly signatures: TokenBucket;
  /** Requests that we are answering. */
  serving: number;
  /** Requests that it has not answered yet. */
  asking: number;
  /** Bytes received of its answers that are not complete yet. */
  incoming: number;
  /** Malformed or rejected messages so far. */
  faults: number;
  /** Highest sequence that it claimed; it can only rise (B14). */
  height: number;
  /** Reasons that were reported already: one event each. */
  readonly reported: Set<DropReason>;
}

/** Budgets shared by all peers that are not validators, since peer ids cost nothing. */
export type ObserversBudget = Pick<PeerBudget, "served" | "signatures">;

/** Creates budgets with all buckets full; bursts are two seconds' worth. */
export function createObserversBudget(limits: PeerLimits, now: () => number): ObserversBudget {
  const bucket = (ratePerSecond: number) =>
    createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
  return {
    served: bucket(limits.observersServedBytesPerSecondMax),
    signatures: bucket(limits.observersSignaturesPerSecondMax),
  };
}

/** Creates budgets with all buckets full; bursts are two seconds' worth. */
export function createPeerBudget(limits: PeerLimits, now: () => number): PeerBudget {
  const bucket = (ratePerSecond: number) =>
    createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
  return {
    messages: bucket(limits.messagesPerSecondMax),
    messageBytes: bucket(limits.messageBytesPerSecondMax),
    served: bucket(limits.servedBytesPerSecondMax),
    items: bucket(limits.itemsPerSecondMax),
    itemBytes: bucket(limits.itemBytesPerSecondMax),
    signatures: bucket(limits.signaturesPerSecondMax),
    serving: 0,
    asking: 0,
    incoming: 0,
    faults: 0,
    height: 0,
    reported: new Set(),
  };
}
