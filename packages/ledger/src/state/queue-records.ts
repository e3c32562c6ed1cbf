import { concatBytes } from "@aethel/models";
import { accountId, type Infer, natural, struct, timestamp } from "@aethel/models/codec";

/**
 * Names of the queues of accounts. The index of a name here is a byte in state keys, so new names
 * may only be appended.
 */
const LANES = ["falling", "rising", "seats", "keys", "releases"] as const;

/** Name of a queue of accounts. */
export type Lane = (typeof LANES)[number];

/**
 * Position of the first entry of a queue (`head`), and position of the next entry that will be
 * appended (`tail`).
 */
const Ends = struct("Ends", { head: natural(8), tail: natural(8) });

export type Ends = Infer<typeof Ends>;

/** Counters of all queues, stored as one value of fixed size. */
export const Queues = struct("Queues", {
  /**
   * Number of epoch boundaries at which accounts were waiting, modulo the number of orders in which
   * queues are served.
   */
  turn: natural(1),
  /**
   * Queue of members whose power has to decrease. It is served first at every second epoch
   * boundary.
   */
  falling: Ends,
  /** Queue of members whose power has to increase. */
  rising: Ends,
  /** Queue of accounts that have enough stake for power and are not members yet. */
  seats: Ends,
  /** Queue of validators that requested another consensus key. */
  keys: Ends,
  /**
   * Queue of accounts with unbonding stake that has a release date, in the order of these dates.
   */
  releases: Ends,
});

export type Queues = Infer<typeof Queues>;

/** Entry of a queue. */
export const QueueEntry = struct("QueueEntry", {
  account: accountId,
  /**
   * Header time at which the stake is released. 0 in the queues that wait for an epoch boundary.
   */
  due: timestamp,
});

export type QueueEntry = Infer<typeof QueueEntry>;

/** Position of an account in a queue in which each account is at most once. */
export const QueuePlace = struct("QueuePlace", { position: natural(8) });

export type QueuePlace = Infer<typeof QueuePlace>;

/**
 * Returns the part of a state key that names an entry of a queue. Ascending positions give
 * ascending keys.
 */
export function entryName(lane: Lane, position: number): Uint8Array {
  const name = new Uint8Array(9);
  const view = new DataView(name.buffer);
  name[0] = LANES.indexOf(lane);
  view.setBigUint64(1, BigInt(position));
  return name;
}

/** Returns the part of a state key that names an account in a queue. */
export function placeName(lane: Lane, account: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(LANES.indexOf(lane)), account);
}
