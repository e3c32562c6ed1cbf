import {
  isWeakQuorum,
  leaderOfSlot,
  type Sequence,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
} from "@aethel/models";
import type { Standing } from "./record.ts";

/** Standings of the members of a set, by index; undefined for one that was in no set before. */
export type Standings = readonly (Standing | undefined)[];

/** Slots of the schedule, for each validator, in which a stand-in is looked for. */
const SLOTS_FOR_EACH = 4;

/**
 * Returns the leaders passed over in view 0. Candidates are validators that are absent, and those
 * that lost a view and have turns left. The latter come first, then the newest loss, then the lower
 * index. In this order each one is passed over if it and those already passed over have at most
 * floor((P - 1) / 3) of the power P together. If not, it leads, and the next one is tried.
 *
 * A lost view is a fact, and absence is not: votes of honest validators that arrive after a
 * proposal are in no block. So absent validators must not take the room of a leader that loses each
 * of its turns.
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
 * Returns the validators whom no block has named as voters since proposers that together have more
 * than a third of the power built blocks. One of these proposers is honest, and had their votes if
 * they cast any.
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
 * Returns the leader of view 0: the first in the plain schedule, from its slot on, that is not
 * passed over.
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
 * Returns the leader of a view, given that of view 0. Later views follow the plain schedule. If
 * view 0 went to the leader that the schedule has for view 1, all later views are one slot further
 * on, so that view 1 has another leader. Nobody is passed over there, so that liveness rests on no
 * record.
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
 * Returns the validators of which one leads a view after view 0, whoever leads view 0: those of its
 * slot and of the next one.
 */
export function possibleLeaders(
  set: ValidatorSet,
  { sequence, view }: { readonly sequence: Sequence; readonly view: View | number },
): readonly [usual: ValidatorIndex, next: ValidatorIndex] {
  const slot = BigInt(sequence) + BigInt(view);
  return [leaderOfSlot(set, slot), leaderOfSlot(set, slot + 1n)];
}
