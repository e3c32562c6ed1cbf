import type { DropReason } from "./events.ts";
import type { PeerLimits } from "./limits.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** What one peer may use of us, over all its connections. */
export interface PeerBudget {
  readonly messages: TokenBucket;
  readonly proofs: TokenBucket;
  readonly proofBytes: TokenBucket;
  /** Requests that we answer, and that it is to answer, right now. */
  serving: number;
  asking: number;
  /** Malformed or rejected things so far. */
  faults: number;
  /** The highest sequence that it said it has; it can only rise (B14). */
  height: number;
  /** What was reported already: one event each. */
  readonly reported: Set<DropReason>;
}

/** A fresh one, all buckets full; bursts are two seconds' worth. */
export function createPeerBudget(limits: PeerLimits, now: () => number): PeerBudget {
  const bucket = (ratePerSecond: number) =>
    createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
  return {
    messages: bucket(limits.messagesPerSecondMax),
    proofs: bucket(limits.proofsPerSecondMax),
    proofBytes: bucket(limits.proofBytesPerSecondMax),
    serving: 0,
    asking: 0,
    faults: 0,
    height: 0,
    reported: new Set(),
  };
}
