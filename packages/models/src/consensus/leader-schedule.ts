import { type Sequence, toValidatorIndex, type ValidatorIndex, type View } from "../ids.ts";
import type { ValidatorSet } from "./validator-set.ts";

// 2^64 divided by the golden ratio, odd. Multiples of it mod 2^64 are spread as evenly as can be,
// and two in a row are always at least 0.38 of the circle apart.
const GOLDEN = 0x9e37_79b9_7f4a_7c15n;
const CIRCLE = 1n << 64n;

/**
 * The leader of (sequence, view) by the plain schedule: that of slot `sequence + view`. Consensus may
 * pass a leader over; whoever stands in for it leads, but is not scheduled.
 */
export function leaderOf(set: ValidatorSet, sequence: Sequence, view: View): ValidatorIndex {
  return leaderOfSlot(set, BigInt(sequence) + BigInt(view));
}

/**
 * The leader of a slot, by a schedule that the set's hash fixes.
 *
 * - Equal powers: plain rotation, so any n slots in a row have n leaders.
 * - Else a walk around the circle of cumulative power in golden-ratio steps: over time everyone
 *   leads in proportion to power, and splitting a stake changes nothing.
 * - Nobody leads two slots in a row unless alone. The walk gives that to all whose power is below
 *   3/8 of the whole; someone with more leads every other slot, and the rest share the others.
 */
export function leaderOfSlot(set: ValidatorSet, slot: bigint): ValidatorIndex {
  const { validators, totalPower } = set;
  const seed = new DataView(set.hash.buffer, set.hash.byteOffset).getBigUint64(0);
  const first = validators[0]?.power;
  if (validators.every((validator) => validator.power === first)) {
    return toValidatorIndex(Number((seed + slot) % BigInt(validators.length)));
  }
  const dominant = dominantOf(set);
  if (dominant === undefined) return pointAt(set, walk(seed, slot, totalPower), undefined);
  if ((seed + slot) % 2n === 0n) return dominant;
  const rest = totalPower - (validators[dominant]?.power ?? 0n);
  return pointAt(set, walk(seed, slot / 2n, rest), dominant);
}

/** The most powerful validator if it has 3/8 of all power or more; of equals the first. */
function dominantOf(set: ValidatorSet): ValidatorIndex | undefined {
  let best = 0;
  set.validators.forEach(({ power }, index) => {
    if (power > (set.validators[best]?.power ?? 0n)) best = index;
  });
  const power = set.validators[best]?.power ?? 0n;
  return power * 8n >= set.totalPower * 3n ? toValidatorIndex(best) : undefined;
}

function walk(seed: bigint, slot: bigint, total: bigint): bigint {
  return (((seed + slot * GOLDEN) % CIRCLE) * total) >> 64n;
}

function pointAt(
  set: ValidatorSet,
  point: bigint,
  without: ValidatorIndex | undefined,
): ValidatorIndex {
  let below = 0n;
  let last = 0;
  for (const [index, { power }] of set.validators.entries()) {
    if (index === without) continue;
    last = index;
    below += power;
    if (point < below) break;
  }
  return toValidatorIndex(last);
}
