import type { ChainParameters } from "@aethel/models";

/** Equivocations of one validator during one membership, once they were punished. */
export interface Convict {
  readonly id: string;
  /** First sequence of that membership. */
  readonly since: number;
  /** All that it held, unbonding included. */
  readonly base: bigint;
  /** Sequence of the block that convicted it. */
  readonly sequence: number;
  /** Part of the power, in 2^-96: the largest that was shown. */
  part: bigint;
  /** Total cost so far. */
  total: bigint;
}

/** Amount to be taken from a convict. */
export interface Raise {
  readonly convict: Convict;
  readonly owed: bigint;
}

/** An epoch boundary, and the ones before it. */
export interface RaisingBoundary {
  readonly now: number;
  /** Boundaries so far, this one included. */
  readonly boundaries: readonly { readonly sequence: number; readonly timestamp: number }[];
  /** Last sequence of a membership; undefined while it lasts after this boundary. */
  readonly lastOf: (convict: Convict) => number | undefined;
}

/** Returns a part of the power, rounded down to 96 bits after the point. */
export function partOf(power: bigint, totalPower: bigint): bigint {
  return power >= totalPower ? 1n << 96n : (power << 96n) / totalPower;
}

/**
 * Computes the amount that an epoch boundary takes from each convict, in the order of their
 * convictions: three times the power of all of them, up to everything. Afterwards the convicts
 * whose membership no evidence can reach any more are taken out of the list, oldest first.
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
