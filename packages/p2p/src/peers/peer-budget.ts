import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** What one peer may use of us, over all its connections. */
export interface PeerBudget {
  readonly messages: TokenBucket;
  readonly messageBytes: TokenBucket;
  /** Bytes of our answers. */
  readonly served: TokenBucket;
  readonly proofs: TokenBucket;
  readonly proofBytes: TokenBucket;
  /** Signatures of its proofs that are checked. */
  readonly signatures: TokenBucket;
  /** Requests that we answer, and that it is to answer, right now. */
  serving: number;
  asking: number;
  /** Bytes of its answers that are not whole yet. */
  incoming: number;
  /** Malformed or rejected things so far. */
  faults: number;
  /** The highest sequence that it said it has; it can only rise (B14). */
  height: number;
  /** What was reported already: one event each. */
  readonly reported: Set<DropReason>;
}

/** What all peers that are not validators may use together: names are free to make. */
export type ObserversBudget = Pick<PeerBudget, "served" | "signatures">;

/** A fresh one, all buckets full; bursts are two seconds' worth. */
export function createObserversBudget(limits: PeerLimits, now: () => number): ObserversBudget {
  const bucket = (ratePerSecond: number) =>
    createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
  return {
    served: bucket(limits.observersServedBytesPerSecondMax),
    signatures: bucket(limits.observersSignaturesPerSecondMax),
  };
}

/** A fresh one, all buckets full; bursts are two seconds' worth. */
export function createPeerBudget(limits: PeerLimits, now: () => number): PeerBudget {
  const bucket = (ratePerSecond: number) =>
    createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
  return {
    messages: bucket(limits.messagesPerSecondMax),
    messageBytes: bucket(limits.messageBytesPerSecondMax),
    served: bucket(limits.servedBytesPerSecondMax),
    proofs: bucket(limits.proofsPerSecondMax),
    proofBytes: bucket(limits.proofBytesPerSecondMax),
    signatures: bucket(limits.signaturesPerSecondMax),
    serving: 0,
    asking: 0,
    incoming: 0,
    faults: 0,
    height: 0,
    reported: new Set(),
  };
}
