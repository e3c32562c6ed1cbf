import type { ChainParameters } from "@aethel/models";

/** The equivocations of one validator in one time in the set, once they were punished. */
export interface Convict {
  readonly id: string;
  /** First sequence of that time. */
  readonly since: number;
  /** All that it held, unbonding included. */
  readonly base: bigint;
  /** Sequence of the block that convicted. */
  readonly sequence: number;
  /** Part of the power, in 2^-96: the largest that was shown. */
  part: bigint;
  /** What it is to cost by now. */
  total: bigint;
}

/** Something to be taken from a convict. */
export interface Raise {
  readonly convict: Convict;
  readonly owed: bigint;
}

/** A border, and what there was before it. */
export interface RaisingBorder {
  readonly now: number;
  /** Borders so far, this one included. */
  readonly borders: readonly { readonly sequence: number; readonly timestamp: number }[];
  /** Last sequence of a time in the set; undefined while it lasts after this border. */
  readonly lastOf: (convict: Convict) => number | undefined;
}

/** Part of the power, rounded down to 96 bits after the point. */
export function partOf(power: bigint, totalPower: bigint): bigint {
  return power >= totalPower ? 1n << 96n : (power << 96n) / totalPower;
}

/**
 * Computes what a border takes more from each convict, in the order of their convictions: three times the power
 * of all of them, up to everything. Those of whose time no evidence can come any more are taken out of
 * the list afterwards, oldest first.
 */
export function raisesAt(
  convicts: Convict[],
  border: RaisingBorder,
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
  while (convicts[0] !== undefined && isOver(convicts[0], border, parameters)) convicts.shift();
  return raises;
}

function isOver(
  convict: Convict,
  { now, borders, lastOf }: RaisingBorder,
  { unbondingMs, maxDriftMs }: Pick<ChainParameters, "unbondingMs" | "maxDriftMs">,
): boolean {
  const last = lastOf(convict);
  if (last === undefined) return false;
  const until = Math.max(last, convict.sequence);
  const ended = borders.find(({ sequence }) => sequence >= until);
  return ended !== undefined && ended.timestamp + unbondingMs + maxDriftMs <= now;
}
