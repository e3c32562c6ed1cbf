import {
  isWeakQuorum,
  leaderOfSlot,
  type Sequence,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
} from "@aethel/models";
import type { Standing } from "./record.ts";

/**
 * Records of how the members of a set led and voted, by index. Undefined for a member that was in
 * no set before.
 */
export type Standings = readonly (Standing | undefined)[];

/**
 * Number of slots of the schedule (sequence plus view), for each validator, that are searched for a
 * substitute leader.
 */
const SLOTS_FOR_EACH = 4;

/**
 * Returns the leaders that are passed over in view 0, so that another leads it. There are two kinds
 * of candidates: validators that lost a view and are still to be passed over for some turns, and
 * absent validators. Those that lost a view come first, beginning with the newest loss. Equal ones
 * come in the order of their indices. In this order, each is passed over if its power and that of
 * those already passed over is together at most floor((P - 1) / 3) of the power P. If it is more,
 * that candidate leads, and the next one is tried.
 *
 * A lost view is a fact, and absence is not: honest votes that arrive after the next proposal are
 * in no block. So absent validators must not use up the bound before a leader that loses each of
 * its turns.
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
 * Returns the absent validators. A validator is absent if no block has named it as a voter for some
 * time: since the last block that did, proposers with more than a third of the power together have
 * built blocks. One of these proposers is honest, and would have included its votes if there were
 * any.
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
 * Returns the leader of view 0: the first leader of the plain schedule, from this sequence's slot
 * on, that is not passed over.
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
 * Returns the leader of a view, given the leader of view 0. Later views follow the plain schedule.
 * If view 0 went to the scheduled leader of view 1, all later views take the leader of the next
 * slot, so that view 1 has another leader than view 0. No leader is passed over in later views, so
 * that liveness does not depend on a record.
 */
export function leaderOfView(
  set: ValidatorSet,
  { sequence, view }: { readonly sequence: Sequence; readonly view: View | number },
  first: ValidatorIndex,
): ValidatorIndex {
  if (view === 0) return first;
  const isTaken = leaderOfSlot(set, BigInt(sequence) + 1n) === first;
  const [usual, next] = possibleLeaders(set, { sequence, view });
  return isTaken ? next : usual;
}

/**
 * Returns the two validators of which one leads a view after view 0, whoever leads view 0: those of
 * the view's slot and of the next slot.
 */
export function possibleLeaders(
  set: ValidatorSet,
  { sequence, view }: { readonly sequence: Sequence; readonly view: View | number },
): readonly [usual: ValidatorIndex, next: ValidatorIndex] {
  const slot = BigInt(sequence) + BigInt(view);
  return [leaderOfSlot(set, slot), leaderOfSlot(set, slot + 1n)];
}
