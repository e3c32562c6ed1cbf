import {
  type BlockHeader,
  type ChainParameters,
  type Timestamp,
  toTimestamp,
} from "@aethel/models";
import type { TrustedHead } from "./trusted-head.ts";

/**
 * Bounds in time and sequence on the headers that a follower accepts. They are mandatory;
 * `followBounds` gives safe ones.
 */
export interface FollowBounds {
  /** Time of the follower's clock. */
  readonly now: Timestamp;
  /** Most milliseconds since the statement that the trusted head is final. */
  readonly trustedForMs: number;
  /** Most milliseconds by which a header may be ahead of `now`. */
  readonly aheadMs: number;
  /** Least milliseconds between two blocks, a parameter of the chain; at least 1. */
  readonly minBlockIntervalMs: number;
}

/** Default of `aheadMs`. Synchronized clocks differ by less. */
const AHEAD_MS = 10_000;

/**
 * Returns the bounds for a chain with these parameters at the time `now`.
 *
 * A validator that leaves can be punished for `unbondingMs` of header time. A head is trusted for
 * two thirds of that time, so that evidence has time to become final (as in Tendermint's trusting
 * period).
 */
export function followBounds(options: {
  readonly now: number;
  readonly parameters: Pick<ChainParameters, "minBlockIntervalMs" | "unbondingMs">;
  readonly aheadMs?: number;
}): FollowBounds {
  const { now, parameters, aheadMs = AHEAD_MS } = options;
  const minBlockIntervalMs = Math.max(1, parameters.minBlockIntervalMs);
  return {
    now: toTimestamp(Math.floor(now)),
    trustedForMs: trustedForMs(parameters),
    aheadMs,
    minBlockIntervalMs,
  };
}

/** Returns two thirds of the unbonding period, in milliseconds. */
export function trustedForMs({ unbondingMs }: Pick<ChainParameters, "unbondingMs">): number {
  return Math.floor(unbondingMs / 3) * 2;
}

/**
 * Returns the reason for which following cannot begin at a trusted head at this time. Undefined if
 * it can.
 */
export function findHeadDefect(
  head: TrustedHead,
  { now, trustedForMs: longest, aheadMs }: FollowBounds,
): "head-too-old" | "head-in-future" | undefined {
  if (head.statedAt > now + aheadMs || head.header.timestamp > now + aheadMs) {
    return "head-in-future";
  }
  return now - head.statedAt > longest ? "head-too-old" : undefined;
}

/**
 * Returns the reason for which a header is impossible: it is dated in the future, or its sequence
 * is higher than the chain's minimum block interval allows. Undefined if it is possible.
 */
export function findBoundsDefect(
  head: TrustedHead,
  header: BlockHeader,
  bounds: FollowBounds,
): "header-in-future" | "sequence-too-high" | undefined {
  if (header.timestamp > bounds.now + bounds.aheadMs) return "header-in-future";
  const blocks = header.sequence - head.header.sequence;
  const elapsedMs = header.timestamp - head.header.timestamp;
  return blocks * bounds.minBlockIntervalMs > elapsedMs ? "sequence-too-high" : undefined;
}
