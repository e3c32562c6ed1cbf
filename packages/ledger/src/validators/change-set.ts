import {
  type AccountId,
  createValidatorSet,
  type Timestamp,
  toAmount,
  toHex,
  type Validator,
  type ValidatorSet,
} from "@aethel/models";
import { admitPowerChanges, powerChangeAllowed } from "@aethel/rewards";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Lane } from "../state/queue-records.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { laneOf } from "./power-lanes.ts";
import { countTurn, dequeue, enqueue, firstOf, lengthOf } from "./queue.ts";
import { powerIn, readValidator, wantedPower } from "./stake.ts";
import { dateUnbonding } from "./unbonding.ts";

// Every lane is served from its head, as long as less than a third of the power changes. Who meets
// the limit gets a part and goes to the end of its lane, so that no account, however large or
// restless, is in the way of those behind it: at an epoch boundary at which its lane comes first,
// the head of each lane gets something. An epoch boundary looks at so many accounts of a lane; the
// others wait.

/** Context in which an epoch boundary changes the set. */
export interface BoundaryPlace {
  readonly now: Timestamp;
  readonly overlay: StateOverlay;
  readonly state: LedgerState;
  readonly bounds: StateBounds;
  /** Replaces the consensus key of a validator by the key that it requested. */
  readonly rotateKey: (id: AccountId) => void;
}

/** Validator set that is being built at an epoch boundary. */
interface Boundary extends BoundaryPlace {
  readonly members: Map<string, Validator>;
  /**
   * Sum of all changes of power so far. A change of key counts as a change of the validator's whole
   * power.
   */
  changed: bigint;
  /** Power of all members so far. */
  total: bigint;
  /**
   * Whether a validator with too much power for any other change at the same time has changed its
   * key. If so, nothing else changes at this epoch boundary.
   */
  isAlone: boolean;
}

/**
 * Result of handling the first account of a queue. `done`: the account leaves the queue. `again`:
 * it got a part of its change and goes to the end of the queue. `stop`: neither this account nor
 * any behind it can be handled at this epoch boundary.
 */
type Served = "done" | "again" | "stop";

/**
 * Orders in which the queues are served. Each epoch boundary at which accounts wait takes the next
 * order.
 */
const PRECEDENCE: readonly (readonly Lane[])[] = [
  ["keys", "falling", "rising", "seats"],
  ["falling", "rising", "seats", "keys"],
  ["keys", "falling", "seats", "rising"],
  ["falling", "seats", "rising", "keys"],
];

/**
 * Returns the validator set after an epoch boundary. It is the same object if no power and no key
 * changes.
 */
export function changeSet(place: BoundaryPlace): ValidatorSet {
  const { overlay, state } = place;
  const { votingSet } = state;
  if (!hasWaiting(overlay)) return votingSet;
  const members = new Map(votingSet.validators.map((member) => [toHex(member.id), member]));
  const total = votingSet.totalPower;
  const boundary: Boundary = { ...place, members, changed: 0n, total, isAlone: false };
  const order = PRECEDENCE[countTurn(overlay) % PRECEDENCE.length] ?? [];
  for (const lane of order) serveLane(boundary, lane);
  if (boundary.changed === 0n) return votingSet;
  return createValidatorSet([...members.values()], sealedAs(votingSet));
}

/** Whether any account waits for an epoch boundary. */
function hasWaiting(overlay: StateOverlay): boolean {
  return POWER_LANES.some((lane) => lengthOf(overlay, lane) > 0);
}

const POWER_LANES = ["falling", "rising", "seats", "keys"] as const;

/**
 * Returns the least power of the whole set, below which members cannot leave. It is the minimum
 * stake. So if all members want to leave, the last ones stay until new members enter. Without this
 * bound, the part of the power that may change could round to 0, and nobody could enter any more.
 * If all seats are taken and accounts wait for one, the bound is lower, so that a member can leave
 * and free its seat.
 */
function leastPower(
  { parameters }: Pick<LedgerState, "parameters">,
  seats: { readonly taken: number; readonly max: number; readonly wanted: number },
): bigint {
  const { minimumStake } = parameters;
  const isFull = seats.wanted > 0 && seats.taken >= seats.max && seats.taken > 1;
  return isFull || minimumStake < UNITS_MIN ? UNITS_MIN : minimumStake;
}

/**
 * Least power of a set that can still change. Less than a third of the power may change, and that
 * must be at least 1.
 */
const UNITS_MIN = 4n;

/**
 * Whether the next epoch boundary can do something for a waiting account. It cannot in three cases:
 * all waiting accounts need a seat (a place in the set) and every seat is taken; all of them lose
 * power and the set has only its least power left; or the power of the set is too small for any
 * change.
 */
export function canMove(
  overlay: StateOverlay,
  state: Pick<LedgerState, "votingSet" | "parameters">,
  { membersMax }: StateBounds,
): boolean {
  const { votingSet } = state;
  // Waiting for what never comes would never end.
  if (votingSet.totalPower < UNITS_MIN) return false;
  if ((["rising", "keys"] as const).some((lane) => lengthOf(overlay, lane) > 0)) return true;
  const wanted = lengthOf(overlay, "seats");
  const taken = votingSet.validators.length;
  const least = leastPower(state, { taken, max: membersMax, wanted });
  if (lengthOf(overlay, "falling") > 0 && votingSet.totalPower > least) return true;
  return wanted > 0 && taken < membersMax;
}

/**
 * Returns the signature scheme of a set, for the next set. All sets of a chain have the same
 * scheme.
 */
function sealedAs({ scheme }: ValidatorSet): Pick<ValidatorSet, "scheme"> {
  return scheme === undefined ? {} : { scheme };
}

function serveLane(boundary: Boundary, lane: Lane): void {
  const { overlay, bounds } = boundary;
  for (let looked = 0; looked < bounds.movesMax && !boundary.isAlone; looked += 1) {
    const next = firstOf(overlay, lane);
    if (next === undefined) return;
    const { account } = next;
    const served =
      lane === "keys" ? serveKey(boundary, account) : servePower(boundary, lane, account);
    if (served === "stop") return;
    dequeue(overlay, lane);
    if (served === "again") enqueue(overlay, lane, account);
  }
}

function servePower(boundary: Boundary, lane: Lane, id: AccountId): Served {
  const { overlay, members, state, bounds } = boundary;
  const name = toHex(id);
  const from = members.get(name)?.power ?? 0n;
  const to = wantedPower(overlay, id, state);
  if (laneOf(from, to) !== lane) {
    leaveLane(boundary, id, laneOf(from, to));
    return "done";
  }
  if (from === 0n && members.size >= bounds.membersMax) return "stop";
  const seats = { taken: members.size, max: bounds.membersMax, wanted: lengthOf(overlay, "seats") };
  const spare = boundary.total - leastPower(state, seats);
  if (to < from && spare <= 0n) return "stop";
  const { totalPower } = state.votingSet;
  const changes = [{ validator: id, from, to: from - to > spare ? from - spare : to }];
  const [admitted] = admitPowerChanges({ totalPower, changes, spent: boundary.changed }).admitted;
  if (admitted === undefined) return "stop";
  const power = admitted.to;
  boundary.changed += power > from ? power - from : from - power;
  boundary.total += power - from;
  if (power === 0n) members.delete(name);
  else members.set(name, { id, key: readValidator(overlay, id).key, power: toAmount(power) });
  if (power === to) {
    leaveLane(boundary, id, undefined);
    return "done";
  }
  if (lane !== "seats") return "again";
  enqueue(overlay, "rising", id);
  return "done";
}

/**
 * Handles an account that leaves its queue. If its power must still change, it enters the queue
 * `lane`. If its power need not decrease any more, its unbonding stake gets a release date.
 */
function leaveLane({ overlay, now, state }: Boundary, id: AccountId, lane: Lane | undefined): void {
  if (lane !== undefined) enqueue(overlay, lane, id);
  if (lane !== "falling") dateUnbonding(overlay, id, { now, state });
}

/**
 * Changes the key of a validator. This counts as a change of its whole power. If that is more power
 * than may change at once, the validator's key changes at an epoch boundary at which nothing else
 * changes.
 */
function serveKey(boundary: Boundary, id: AccountId): Served {
  const { overlay, members, state, changed } = boundary;
  if (readValidator(overlay, id).nextKey === undefined) return "done";
  const { totalPower } = state.votingSet;
  const name = toHex(id);
  const power = powerIn(state.votingSet, id);
  const isAllowed = powerChangeAllowed({ changed: changed + power, totalPower });
  if (!isAllowed && changed > 0n) return "stop";
  boundary.isAlone = !isAllowed;
  boundary.changed += power;
  boundary.rotateKey(id);
  const member = members.get(name);
  if (member !== undefined) {
    members.set(name, { ...member, key: readValidator(overlay, id).key });
  }
  return "done";
}
