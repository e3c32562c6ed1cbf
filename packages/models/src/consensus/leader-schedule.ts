import { type Sequence, toValidatorIndex, type ValidatorIndex, type View } from "../ids.ts";
import type { ValidatorSet } from "./validator-set.ts";

// 2^64 divided by the golden ratio, odd. Its multiples mod 2^64 are evenly distributed, and two in
// a row are at least 0.38 of the circle apart.
const GOLDEN = 0x9e37_79b9_7f4a_7c15n;
const CIRCLE = 1n << 64n;

/**
 * Returns the leader at (sequence, view) by the plain schedule: the leader of slot `sequence +
 * view`. Consensus may pass over a leader; the one that takes its turn does not follow from this
 * schedule.
 */
export function leaderOf(set: ValidatorSet, sequence: Sequence, view: View): ValidatorIndex {
  return leaderOfSlot(set, BigInt(sequence) + BigInt(view));
}

/**
 * Returns the leader of a slot. The schedule depends only on the validator set, by its hash.
 *
 * - Equal powers: rotation, so any n slots in a row have n leaders.
 * - Other powers: steps of the golden ratio around the circle of cumulative power. In the long run
 *   each validator leads in proportion to its power, and splitting a stake changes nothing.
 * - No validator leads two slots in a row, unless it is the only one. The steps ensure this for
 *   powers below 3/8 of the total. A validator with more power leads every second slot, and the
 *   others share the rest.
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

/**
 * Returns the validator with the most power (the first if there are several), if it has at least
 * 3/8 of all power. Undefined if no validator has that much.
 */
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
