import type { ChainParameters } from "@aethel/models";

/**
 * Punished equivocations of one validator during one membership: an unbroken time in the validator
 * sets.
 */
export interface Convict {
  readonly id: string;
  /** First sequence of the validator's membership: an unbroken time in the validator sets. */
  readonly since: number;
  /** Stake that the validator held when it was convicted, unbonding stake included. */
  readonly base: bigint;
  /** Sequence of the block that convicted the validator. */
  readonly sequence: number;
  /**
   * Largest fraction of the total power that the validator had according to the evidence, in units
   * of 2^-96.
   */
  part: bigint;
  /** Micro-tokens that the validator had to pay so far. */
  total: bigint;
}

/**
 * Micro-tokens that an epoch boundary takes from a convict, in addition to what the convict has
 * paid.
 */
export interface Raise {
  readonly convict: Convict;
  readonly owed: bigint;
}

/** An epoch boundary, and all boundaries so far. */
export interface RaisingBoundary {
  readonly now: number;
  /** Boundaries so far, oldest first, this one included. */
  readonly boundaries: readonly { readonly sequence: number; readonly timestamp: number }[];
  /**
   * Returns the last sequence of the convict's membership. Undefined if it has not ended at this
   * boundary.
   */
  readonly lastOf: (convict: Convict) => number | undefined;
}

/** Returns the fraction of the power in units of 2^-96, rounded down. */
export function partOf(power: bigint, totalPower: bigint): bigint {
  return power >= totalPower ? 1n << 96n : (power << 96n) / totalPower;
}

/**
 * Computes what an epoch boundary takes from each convict, oldest first. In all, a convict pays
 * this part of its stake: three times the fraction of the power that all convicts have together, at
 * most everything. Afterwards convicts whose membership no evidence can reach any more are removed
 * from the list, oldest first.
 */
export function raisesAt(
  convicts: Convict[],
  boundary: RaisingBoundary,
  parameters: Pick<ChainParameters, "unbondingMs" | "maxDriftMs">,
): readonly Raise[] {
  let parts = 0n;
  for (const { part } of convicts) parts += part;
  const raises = convicts.flatMap((convict) => {
    const wanted = (3n * convict.base * parts) >> 96n;
    const target = wanted > convict.base ? convict.base : wanted;
    if (target <= convict.total) return [];
    const owed = target - convict.total;
    convict.total = target;
    return [{ convict, owed }];
  });
  while (convicts[0] !== undefined && isOver(convicts[0], boundary, parameters)) convicts.shift();
  return raises;
}

function isOver(
  convict: Convict,
  { now, boundaries, lastOf }: RaisingBoundary,
  { unbondingMs, maxDriftMs }: Pick<ChainParameters, "unbondingMs" | "maxDriftMs">,
): boolean {
  const last = lastOf(convict);
  if (last === undefined) return false;
  const until = Math.max(last, convict.sequence);
  const ended = boundaries.find(({ sequence }) => sequence >= until);
  return ended !== undefined && ended.timestamp + unbondingMs + maxDriftMs <= now;
}
