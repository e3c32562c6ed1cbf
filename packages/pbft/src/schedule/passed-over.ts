import {
  isWeakQuorum,
  leaderOfSlot,
  type Sequence,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
} from "@aethel/models";
import type { Standing } from "./record.ts";

/** Record of a member of the set; undefined: it was in no set before this one. */
export type Standings = readonly (Standing | undefined)[];

/** Slots of the schedule that are looked at for a stand-in, for each validator. */
const SLOTS_FOR_EACH = 4;

/**
 * Returns the leaders passed over in view 0: of those who are absent or have lost, as many as have
 * at most floor((P - 1) / 3) of the power P; those with turns left first, then the newest loss,
 * then the lower index. Who does not fit under that bound leads, and the next in this order is
 * tried.
 *
 * A lost view is a fact, and absence is not: votes of honest validators that arrive after a
 * proposal are in no block. They must not take the room of a leader that loses each of its turns.
 */
export function passedOver(set: ValidatorSet, standings: Standings): ReadonlySet<number> {
  const absent = absentees(set, standings);
  const candidates = standings.flatMap((standing, index) => {
    const hasLost = standing !== undefined && standing.turns > 0;
    if (standing === undefined || !(hasLost || absent.has(index))) return [];
    return [{ index, hasLost, lost: standing.lost }];
  });
  candidates.sort(
    (left, right) =>
      Number(right.hasLost) - Number(left.hasLost) ||
      right.lost - left.lost ||
      left.index - right.index,
  );
  let left = (set.totalPower - 1n) / 3n;
  const passed = new Set<number>();
  for (const { index } of candidates) {
    const power = set.validators[index]?.power ?? 0n;
    if (power > left) continue;
    left -= power;
    passed.add(index);
  }
  return passed;
}

/**
 * Those whom no block has named since blocks of different proposers with more than a third of the
 * power together: one of these is honest, and had their votes if they cast any.
 */
function absentees(set: ValidatorSet, standings: Standings): ReadonlySet<number> {
  const absent = new Set<number>();
  const newest = standings.reduce((max, standing) => Math.max(max, standing?.proposed ?? 0), 0);
  if (standings.every((standing) => (standing?.named ?? newest) >= newest)) return absent;
  const proposers = standings
    .map((standing, index) => ({
      proposed: standing?.proposed ?? 0,
      power: set.validators[index]?.power ?? 0n,
    }))
    .toSorted((left, right) => right.proposed - left.proposed);
  // The block of the sequence up to which more than a third of the power has proposed since.
  let power = 0n;
  let since = 0;
  for (const { proposed, power: own } of proposers) {
    power += own;
    since = proposed;
    if (isWeakQuorum(power, set)) break;
  }
  standings.forEach((standing, index) => {
    if (standing !== undefined && standing.named < since) absent.add(index);
  });
  return absent;
}

/**
 * The leader of view 0: the first in the plain schedule, from its slot on, who is not passed over.
 */
export function firstLeader(
  set: ValidatorSet,
  sequence: Sequence,
  passed: ReadonlySet<number>,
): ValidatorIndex {
  const slot = BigInt(sequence);
  const scheduled = leaderOfSlot(set, slot);
  if (passed.size === 0) return scheduled;
  const slots = SLOTS_FOR_EACH * set.validators.length;
  for (let at = 0; at < slots; at++) {
    const leader = leaderOfSlot(set, slot + BigInt(at));
    if (!passed.has(leader)) return leader;
  }
  return scheduled;
}

/**
 * The leader of a view, given that of view 0. Later views follow the plain schedule, only never the
 * leader of the view before: where view 0 went to the one that view 1 has in the schedule, all of
 * them are one slot further on. Nobody is passed over there, so that liveness rests on no record.
 */
export function leaderOfView(
  set: ValidatorSet,
  { sequence, view }: { readonly sequence: Sequence; readonly view: View | number },
  first: ValidatorIndex,
): ValidatorIndex {
  if (view === 0) return first;
  const slot = BigInt(sequence);
  const isTaken = leaderOfSlot(set, slot + 1n) === first;
  return leaderOfSlot(set, slot + BigInt(view) + (isTaken ? 1n : 0n));
}
