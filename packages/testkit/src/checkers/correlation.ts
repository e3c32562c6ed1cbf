import type { ChainParameters } from "@aethel/models";

/** An equivocation that was punished. */
export interface Convict {
  readonly id: string;
  /** All that it held, unbonding included. */
  readonly base: bigint;
  readonly power: bigint;
  readonly totalPower: bigint;
  /** Timestamp of the block. */
  readonly at: number;
  /** What it is to cost by now. */
  total: bigint;
}

/** Something to be taken from a convict. */
export interface Raise {
  readonly convict: Convict;
  readonly owed: bigint;
}

/**
 * What a border takes more from each of the convicts of the last unbonding time, in the order of their
 * convictions: three times the power of all of them, up to everything. Those whose time is over are
 * taken out of the list afterwards.
 */
export function raisesAt(
  convicts: Convict[],
  now: number,
  { unbondingMs }: Pick<ChainParameters, "unbondingMs">,
): readonly Raise[] {
  // Parts of the power are rounded down to 96 bits after the point.
  let parts = 0n;
  for (const { power, totalPower } of convicts) {
    parts += power >= totalPower ? 1n << 96n : (power << 96n) / totalPower;
  }
  const raises = convicts.flatMap((convict) => {
    const wanted = (3n * convict.base * parts) >> 96n;
    const target = wanted > convict.base ? convict.base : wanted;
    if (target <= convict.total) return [];
    const owed = target - convict.total;
    convict.total = target;
    return [{ convict, owed }];
  });
  while (convicts[0] !== undefined && convicts[0].at + unbondingMs <= now) convicts.shift();
  return raises;
}
